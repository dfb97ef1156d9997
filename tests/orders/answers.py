"""Decisions and acts written by hand over the small world, for what is told of them.

What is told of a decision follows from its values alone, whoever decided.
"""

from typing import Any

import msgspec

from changeover.directory.model import Issuer
from changeover.orders.decision import Citation, Decision
from changeover.orders.model import Act, Instrument
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset
from tests.orders.worlds import day, directory, issued, name, order

ONE = "alpha/one@alpha"


def world(*instruments: Instrument) -> Ruleset:
    """The small world with a court above the head's acts and an office of the vendor alpha."""
    base = directory()
    more = (
        Issuer(id="court", name=name("The Court"), may_act_on=("head", "chief")),
        Issuer(id="alpha-office", name=name("Alpha's Office"), vendor="alpha"),
    )
    issuers = base.issuers | {issuer.id: issuer for issuer in more}
    known = Known(
        directory=msgspec.structs.replace(base, issuers=issuers),
        issued=tuple(map(issued, instruments)),
    )
    return compile_ruleset(known, version="written")


def act(id_: str, *acts: Act, at: int = 0, **other) -> Instrument:
    """An instrument that only acts on others, effective on that day."""
    return msgspec.structs.replace(order(id_, at=day(at), acts=acts, **other), clauses=())


def citation(instrument: str, effect: Any = "refuses", **other) -> Citation:
    fields: dict[str, Any] = {
        "clause": "one",
        "reading": "plain",
        "modality": "prohibit",
        "status": "operative",
        "because": "prohibited" if effect == "refuses" else "operative",
    }
    return Citation(instrument=instrument, effect=effect, **(fields | other))


def decision(because: str, *citations: Citation, outcome: Any = "refuse", **other) -> Decision:
    return Decision(
        outcome=outcome, because=because, route=ONE, at=day(5), citations=citations, **other
    )
