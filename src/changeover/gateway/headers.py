"""What a reply says about itself beside its body: who answered, under which notice.

Header values are ASCII (RFC 9110 §5.5); texts in headers are English. `Sunset`
(RFC 8594) carries a deadline as an HTTP date for tools that know it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from changeover.directory.model import Protocol
from changeover.gateway.exchange import ServedBy
from changeover.gateway.header_values import ascii_value
from changeover.orders.decision import Decision
from changeover.orders.explain import in_words
from changeover.orders.ruleset import Ruleset
from changeover.orders.vendor_terms import vendor_names
from changeover.orders.wording import together
from changeover.wire.limits import Limits, limit_headers, vendor_request


def reply_headers(
    ruleset: Ruleset, served: ServedBy, losses: Sequence[str], model: str | None = None
) -> dict[str, str]:
    """The headers of a reply; `losses` are the fields that were not carried.

    `model` is what the vendor calls the model that answered, mostly a pinned version.
    """
    decision = served.decision
    headers = {
        "changeover-call": served.call_id,
        "changeover-decision": decision.outcome,
        "changeover-route": decision.route,
        "changeover-requested-model": served.asked,
        "changeover-served-model": model or served.route.upstream_model,
        "changeover-ruleset": decision.ruleset,
        "changeover-stand-in": "true" if served.stand_in else "false",
    }
    if losses:
        headers["changeover-losses"] = ", ".join(losses)
    if served.instead_of is not None:
        headers["changeover-replaced"] = served.instead_of
    if decision.outcome == "notice":
        headers |= _notice(ruleset, decision)
    headers["changeover-instruments"] = ", ".join(_instruments(served))
    return {name: ascii_value(value) for name, value in headers.items() if value}


def vendor_headers(
    said: Mapping[str, str], limits: Limits, client: Protocol, now: datetime
) -> dict[str, str]:
    """What is told of a vendor's response: how much more it takes, and its name of the call."""
    named = vendor_request(said)
    told = limit_headers(limits, client, now)
    return told if named is None else {**told, "changeover-vendor-request": ascii_value(named)}


def _instruments(served: ServedBy) -> list[str]:
    """What refused the route asked for, and what the notice is of."""
    found = [c.instrument for c in served.decision.citations if c.effect == "notice"]
    if served.replaced is not None:
        refusing = [c.instrument for c in served.replaced.citations if c.effect == "refuses"]
        found = [*refusing, *served.replaced.held_by, *found]
    return list(dict.fromkeys(found))


def _notice(ruleset: Ruleset, decision: Decision) -> dict[str, str]:
    silent = _silent(ruleset, decision)
    deadline = decision.deadline
    if deadline is None:
        return {"changeover-notice": silent}
    day = in_words(deadline, ZoneInfo(ruleset.directory.zone), "en")
    winding = f"winding down: {decision.route} may be used until {day}"
    return {
        "changeover-notice": f"{winding}; {silent}" if silent else winding,
        "changeover-deadline": deadline.isoformat().replace("+00:00", "Z"),
        "sunset": format_datetime(deadline, usegmt=True),
    }


def _silent(ruleset: Ruleset, decision: Decision) -> str:
    """Which vendors' terms say nothing of the purpose; nothing where all say something."""
    vendors = together((v.en for v in vendor_names(ruleset.directory, decision.silent)), "en")
    return f"terms silent: the terms of {vendors} say nothing of this use" if vendors else ""
