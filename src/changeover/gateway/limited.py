"""What a client hears of a limit: 429, with what is allowed and when to come again.

OpenAI and Anthropic name the limits of a minute in headers of their own, which their SDKs
read (`wire/limits.py`); Google names when to come again in the error's body. SDKs try a 429
again by themselves; `x-should-retry: false` keeps those of OpenAI and Anthropic from it where
waiting a minute is of no use.
"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from changeover.directory.model import Directory
from changeover.gateway.refusal import Refusal
from changeover.metering.limits import Account, Limit, Subject
from changeover.metering.money import in_cents
from changeover.metering.taking import Asking
from changeover.orders.explain import in_words
from changeover.wire.limits import Allowance, Limits, Of

NO_PRICE = "no_price"


class Limited(Refusal):
    """A limit does not cover the call; `limits` are as its client's protocol tells them."""

    def __init__(self, account: Account, message: str, asking: Asking) -> None:
        limit = account.limit
        by = asking.now if limit.period == "minute" else asking.at
        wait = max((account.span.until - by).total_seconds(), 1.0)
        kind = "budget_spent" if limit.measure == "money" else f"{limit.measure}_limit"
        headers = {} if limit.period == "minute" else {"x-should-retry": "false"}
        super().__init__(429, kind, message, headers)
        self.account = account
        self.now = asking.now
        self.limits = Limits(allowances=_told(limit, wait), retry_after=wait)


def over_limit(directory: Directory, account: Account, asking: Asking) -> Limited:
    """The refusal of a call that a limit does not cover."""
    limit = account.limit
    whose = _whose(directory, limit.subject, limit.named)
    if limit.measure == "money":
        until = in_words(account.span.until, ZoneInfo(directory.zone), "en")
        message = (
            f"The budget of {whose} for this {limit.period}, US$ {in_cents(limit.amount)}, does "
            f"not cover this call. Nothing was sent. It begins anew on {until}; an officer or an "
            "administrator can raise it before."
        )
    else:
        what = limit.measure[:-1] if limit.amount == 1 else limit.measure
        message = (
            f"{whose[:1].upper()}{whose[1:]} may take {limit.amount:,} {what} a minute, "
            "and what is left of this one does not cover this call. Nothing was sent. Try again "
            "in the next minute."
        )
    return Limited(account, message, asking)


def unpriced(directory: Directory, route: str, limit: Limit) -> Refusal:
    """The refusal of a route without a known price, where a limit counts money."""
    return Refusal(
        403,
        NO_PRICE,
        f"{route} has no known price, and {_whose(directory, limit.subject, limit.named)} has a "
        "budget in money. Nothing was sent. Name another model, or have the operator state the "
        "route's price.",
    )


def _told(limit: Limit, wait: float) -> Mapping[Of, Allowance]:
    match limit.measure:
        case "requests" | "tokens":
            allowance = Allowance(limit=limit.amount, remaining=0, resets_in=wait)
            return {limit.measure: allowance}
        case "money":
            return {}


def _whose(directory: Directory, subject: Subject, named: str) -> str:
    match subject:
        case "key":
            return f"the key co_{named}_…"
        case "service":
            service = directory.services.get(named)
            return named if service is None else service.name.en
        case "party":
            party = directory.parties.get(named)
            return named if party is None else party.name.en
