"""The calls between an act's legal instant and the instant at which it was in force.

In that time a replica could still let out what the act bars: it had not heard of it,
or nobody had entered it yet. Such calls broke no promise of the system and may all
the same matter to whoever must answer for them, so they are listed, never hidden.

A call is listed when the rules as they stand now refuse it at its own instant, by a
clause of the act or by what the act brings to bear. Acts other than instruments
bar nothing by themselves.
"""

from collections.abc import Iterable

from changeover.orders.decide import decide
from changeover.orders.ports import CallMade
from changeover.orders.ruleset import Ruleset, call_of


def barred_between(
    ruleset: Ruleset, instrument: str, made: Iterable[CallMade]
) -> tuple[CallMade, ...]:
    """Those of the calls that the instrument refuses at their own instants."""
    return tuple(call for call in made if _refused(ruleset, instrument, call))


def _refused(ruleset: Ruleset, instrument: str, made: CallMade) -> bool:
    service = ruleset.directory.services.get(made.service)
    if service is None or made.route not in ruleset.directory.routes:
        return False
    decision = decide(ruleset, call_of(service, made.slot), made.route, made.at)
    return decision.outcome == "refuse" and any(
        citation.effect == "refuses"
        and instrument in {citation.instrument, citation.amended_by, *citation.declined_by}
        for citation in decision.citations
    )
