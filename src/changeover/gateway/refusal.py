"""Why a call gets no answer, as its client hears it.

A refusal that an instrument demands, by a prohibition or a requirement, is HTTP
451 (RFC 7725) and names the instrument, its issuer, since when, and what to use
instead; `Link` carries who implements the block as `rel="blocked-by"` and the
instrument's page as `rel="describedby"`. A vendor's terms demand nothing in that
sense: alone they refuse with 403, and so does a network's default or a held
route, which an officer can change here.
"""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from changeover.gateway.header_values import ascii_value
from changeover.identity.model import Key, KeyScope
from changeover.orders.decision import Citation, Decision
from changeover.orders.explain import in_words
from changeover.orders.names import issuer_name
from changeover.orders.ruleset import Ruleset
from changeover.orders.vendor_terms import vendor_of
from changeover.wire.errors import ProtocolError


class Refusal(Exception):  # noqa: N818 (an answer, not a fault)
    """The call ends here: an HTTP status, the kind of refusal, words, and headers.

    `field` is the field of the request that it is about, where it is about one. `down` are
    the routes whose vendors failed this call.
    """

    down: tuple[str, ...] = ()

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.field = field
        self.headers = {name: ascii_value(value) for name, value in (headers or {}).items()}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor's response: its status, headers with lower-case names, the body of an error.

    `retry_after` is in how many seconds it says to come again.
    """

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""
    retry_after: float | None = None


_CONFLICT = 409


class VendorRefusal(Refusal):
    """The vendor said no, with its own status; `said` is its response.

    `may_give_way` says whether another candidate may be tried.
    """

    def __init__(
        self, status: int, kind: str, message: str, *, may_give_way: bool, said: Said
    ) -> None:
        super().__init__(status, kind, message)
        self.may_give_way = may_give_way
        self.said = said

    @property
    def sound(self) -> bool:
        """Whether the vendor works, and the request alone is at fault."""
        return not self.may_give_way or self.said.status == _CONFLICT


def no_route(asked: str) -> Refusal:
    """The refusal for a model that nothing serves."""
    return Refusal(503, "no_route", f"The model {asked!r} has no route here. Name another model.")


def no_endpoint(route: str, host: str) -> Refusal:
    """The refusal for a route whose host this installation has no endpoint of."""
    return Refusal(
        503,
        "no_endpoint",
        f"No endpoint is set for {host}, so {route} cannot be called. "
        "The operator sets one with the vendor's key.",
    )


def would_lose(route: str, fields: Sequence[str]) -> Refusal:
    """The refusal for a request that cannot be made whole, of a service that wants no losses."""
    return Refusal(
        400,
        "would_lose",
        f"{route} cannot be asked all of this request, and your service wants nothing lost: "
        f"{', '.join(fields)}. Nothing was sent. Leave that out, name a model that takes it, or "
        "have the service's `losses` set to `report`.",
        {"changeover-losses": ", ".join(fields)},
    )


def cannot_be_asked(route: str, error: ProtocolError) -> Refusal:
    """The refusal for a request that the route's server takes in no form."""
    return Refusal(
        400,
        "cannot_be_asked",
        f"{route} cannot be asked this. {error} Nothing was sent; another model may take it.",
        field=error.field,
    )


UNSENT = frozenset({"would_lose", "cannot_be_asked"})
"""Refusals of what one route cannot be asked, and another may."""


def no_usable_answer(host: str, error: Exception) -> Refusal:
    """The refusal for a call that its vendor did not answer, or not as its protocol has it."""
    return Refusal(
        502,
        "upstream_failure",
        f"{host} gave no usable answer: {error} Nothing was answered; try again.",
    )


def rests(route: str, seconds: float) -> Refusal:
    """The refusal for a call that only a route serves whose vendor fails, and is spared."""
    wait = max(1, round(seconds))
    return Refusal(
        503,
        "vendor_fails",
        f"The vendor of {route} fails call after call, and is asked again in {wait} seconds. "
        "Nothing was sent. Try again then, or name another model.",
        {"retry-after": str(wait)},
    )


def out_of_scope(key: Key, scope: KeyScope) -> Refusal:
    """The refusal for a key that may do other things than the one it was sent for."""
    what = {"chat": "call models", "models": "list models"}
    may = " and ".join(what[each] for each in key.scopes)
    return Refusal(
        403,
        "key_scope",
        f"The key co_{key.prefix}_… may {may}, and not {what[scope]}. "
        f"Ask the owner of {key.service} for a key with the scope {scope}.",
    )


def barred(
    ruleset: Ruleset,
    decisions: Sequence[Decision],
    *,
    instead: Sequence[str],
    operator: str,
) -> Refusal:
    """The refusal for a call none of whose routes may be used; `operator` is our own address."""
    decision = next((d for d in decisions if _demanding(ruleset, d)), decisions[0])
    demanding = _demanding(ruleset, decision)
    words = [_sentence(ruleset, decision, demanding)]
    if instead:
        words.append(f"Use {', '.join(instead)} instead.")
    headers = {"changeover-decision": "refuse", "changeover-ruleset": ruleset.version}
    cited = demanding or _by_terms_or_held(decision)
    if cited:
        headers["changeover-instruments"] = ", ".join(c.instrument for c in cited)
    if not demanding:
        return Refusal(403, decision.because, " ".join(words), headers)
    links = [f'<{operator}>; rel="blocked-by"']
    links += [f'<{operator}orders/{c.instrument}>; rel="describedby"' for c in demanding]
    headers["link"] = ", ".join(links)
    return Refusal(451, "barred_by_order", " ".join(words), headers)


_WHY = {
    "new-use": " (a new use; existing uses wind down)",
    "requirement": " (it cannot be shown to meet what is required)",
}


def _demanding(ruleset: Ruleset, decision: Decision) -> list[Citation]:
    """What refuses and is no vendor's terms."""
    return [c for c in decision.citations if c.effect == "refuses" and not _is_terms(ruleset, c)]


def _is_terms(ruleset: Ruleset, citation: Citation) -> bool:
    instrument = ruleset.issued[citation.instrument].instrument
    return vendor_of(ruleset.directory, instrument) is not None


def _by_terms_or_held(decision: Decision) -> list[Citation]:
    if decision.because == "terms":
        return [c for c in decision.citations if c.effect == "refuses"]
    return [c for c in decision.citations if c.instrument in decision.held_by]


def _sentence(ruleset: Ruleset, decision: Decision, demanding: Sequence[Citation]) -> str:
    zone = ZoneInfo(ruleset.directory.zone)
    if demanding:
        named = "; ".join(_named(ruleset, citation, zone) for citation in demanding)
        return f"{decision.route} may not be used{_WHY.get(decision.because, '')}: {named}."
    if decision.because == "terms":
        named = "; ".join(_named(ruleset, c, zone) for c in _by_terms_or_held(decision))
        return f"{decision.route} may not be used so under its vendor's terms: {named}."
    if decision.because == "held":
        return (
            f"{decision.route} may be used again, but is held for this service until an officer "
            f"releases it: {', '.join(decision.held_by)} had refused it."
        )
    return (
        f"{decision.route} is not admitted to the network {decision.network}, "
        "which denies models by default."
    )


def _named(ruleset: Ruleset, citation: Citation, zone: ZoneInfo) -> str:
    instrument = ruleset.issued[citation.instrument].instrument
    issuer = issuer_name(ruleset.directory, instrument.issuer).en
    since = ruleset.begins(citation.instrument, citation.clause)
    when = "" if since is None else f", since {in_words(since, zone, 'en')}"
    return f"{instrument.title.en} ({instrument.id}), issued by {issuer}{when}"
