"""What is kept, at the desk: retention, legal holds, and what people say of answers."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.chat.feedback import ModelFeedback, SaidOfAnswer
from changeover.evidence.spreadsheet import write_csv
from changeover.orders.names import NamedOrder, named_order
from changeover.orders.papers import Kept
from changeover.orders.usecases import Office
from changeover.records.model import LegalHold, RetentionRule
from changeover.records.office import RecordsOffice
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.compliance_exports import Exported
from changeover.web.drafts import writer_of
from changeover.web.prepared import OFFICERS

FEEDBACK_DAYS = 90
_MOST_WORDS = 200
_MOST_EXPORTED = 100_000


class RecordsParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with; `by_model` and `words` tell what was said of answers."""

    records: RecordsOffice
    office: Office
    clock: Clock
    by_model: Callable[[datetime], Sequence[ModelFeedback]]
    words: Callable[[datetime, int], Sequence[SaidOfAnswer]]
    demonstration: bool


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """A party's rule; `seen` is its version, to be named when it is changed."""

    rule: RetentionRule
    set_by: str
    set_at: datetime
    seen: int


class HoldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A hold that stands or ended; `order` is what it was begun for."""

    id: str
    hold: LegalHold
    order: NamedOrder | None
    changed_by: str
    changed: datetime
    seen: int


class ProposedLine(msgspec.Struct, frozen=True, kw_only=True):
    """An order that proposes a hold on these parties."""

    order: NamedOrder
    recorded: datetime
    parties: tuple[str, ...]


class RecordsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Rules, holds that stand or ended, and what orders propose. `parties` names all parties."""

    demonstration: bool
    now: datetime
    zone: str
    rules: tuple[RuleLine, ...]
    holds: tuple[HoldLine, ...]
    proposed: tuple[ProposedLine, ...]
    parties: dict[str, Bilingual]


class NewRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a party's conversations; `seen` is what it replaces, 0 where nothing was."""

    days: int | None
    staff_may_remove: bool
    seen: int


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version that was seen."""

    seen: int


class NewHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hold to begin."""

    name: str
    why: str
    parties: tuple[str, ...]
    order: str | None = None


class DeclinedHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an order needs no hold."""

    order: str
    why: str


class EndedHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a hold ends, and the version that was seen."""

    why: str
    seen: int


class FeedbackPage(msgspec.Struct, frozen=True, kw_only=True):
    """What people said of answers since an instant, by model, and the newest of it in words."""

    demonstration: bool
    now: datetime
    zone: str
    since: datetime
    models: tuple[ModelFeedback, ...]
    words: tuple[SaidOfAnswer, ...]
    makers: dict[str, Bilingual]
    parties: dict[str, Bilingual]


def operations(parts: RecordsParts) -> list[Operation | Stream]:
    """`/desk/records` and `/desk/feedback`."""
    desk, said = _RecordsDesk(parts), _FeedbackDesk(parts)
    rule, holds = "/desk/records/rules/{party}", "/desk/records/holds"
    one = holds + "/{id}"
    return [
        Operation(
            "GET",
            "/desk/records",
            None,
            RecordsPage,
            OFFICERS,
            desk.page,
            "How long conversations are kept, and legal holds.",
        ),
        Operation("PUT", rule, NewRule, RuleLine, OFFICERS, desk.set_rule, "Set a party's rule."),
        Operation("DELETE", rule, Seen, Done, OFFICERS, desk.remove_rule, "Take a rule away."),
        Operation("POST", holds, NewHold, HoldLine, OFFICERS, desk.hold, "Begin a legal hold."),
        Operation(
            "POST",
            holds + "/declined",
            DeclinedHold,
            HoldLine,
            OFFICERS,
            desk.decline,
            "Say that an order needs no hold.",
        ),
        Operation("POST", one + "/end", EndedHold, HoldLine, OFFICERS, desk.end, "End a hold."),
        Operation("POST", one + "/return", Seen, HoldLine, OFFICERS, desk.resume, "Resume it."),
        Operation(
            "GET",
            "/desk/feedback",
            None,
            FeedbackPage,
            OFFICERS,
            said.page,
            "What people said of answers.",
            {"days": int},
        ),
        Operation(
            "GET",
            "/desk/feedback/export",
            None,
            Exported,
            OFFICERS,
            said.export,
            "What they said in words, as CSV.",
            {"days": int},
        ),
    ]


class _RecordsDesk:
    def __init__(self, parts: RecordsParts) -> None:
        self._parts = parts

    def page(self, _: Caller, __: None, ___: Params) -> RecordsPage:
        parts, directory = self._parts, self._parts.office.rules.current.directory
        return RecordsPage(
            demonstration=parts.demonstration,
            now=parts.clock.now(),
            zone=directory.zone,
            rules=tuple(map(_rule_line, parts.records.rules())),
            holds=tuple(
                self._hold_line(kept)
                for kept in reversed(parts.records.holds())
                if kept.value is not None and kept.value.state != "declined"
            ),
            proposed=tuple(
                ProposedLine(
                    order=named_order(directory, one.issued.instrument),
                    recorded=one.issued.recorded,
                    parties=one.parties,
                )
                for one in parts.records.proposed()
            ),
            parties={party.id: party.name for party in directory.parties.values()},
        )

    def set_rule(self, caller: Caller, body: NewRule, params: Params) -> RuleLine:
        rule = RetentionRule(
            party=params["party"], days=body.days, staff_may_remove=body.staff_may_remove
        )
        return _rule_line(self._parts.records.set_rule(rule, writer_of(caller), seen=body.seen))

    def remove_rule(self, caller: Caller, body: Seen, params: Params) -> Done:
        self._parts.records.remove_rule(params["party"], writer_of(caller), seen=body.seen)
        return Done()

    def hold(self, caller: Caller, body: NewHold, _: Params) -> HoldLine:
        wanted = LegalHold(name=body.name, why=body.why, parties=body.parties, order=body.order)
        return self._hold_line(self._parts.records.hold(wanted, writer_of(caller)))

    def decline(self, caller: Caller, body: DeclinedHold, _: Params) -> HoldLine:
        declined = LegalHold(
            name=body.order, why=body.why, parties=(), order=body.order, state="declined"
        )
        return self._hold_line(self._parts.records.hold(declined, writer_of(caller)))

    def end(self, caller: Caller, body: EndedHold, params: Params) -> HoldLine:
        records = self._parts.records
        return self._hold_line(
            records.end(params["id"], body.why, writer_of(caller), seen=body.seen)
        )

    def resume(self, caller: Caller, body: Seen, params: Params) -> HoldLine:
        records = self._parts.records
        return self._hold_line(records.resume(params["id"], writer_of(caller), seen=body.seen))

    def _hold_line(self, kept: Kept[LegalHold]) -> HoldLine:
        if kept.value is None:
            raise NotFoundError(f"There is no hold {kept.id}.")
        ruleset = self._parts.office.rules.current
        issued = None if kept.value.order is None else ruleset.issued.get(kept.value.order)
        return HoldLine(
            id=kept.id,
            hold=kept.value,
            order=None if issued is None else named_order(ruleset.directory, issued.instrument),
            changed_by=kept.by,
            changed=kept.at,
            seen=kept.version,
        )


class _FeedbackDesk:
    def __init__(self, parts: RecordsParts) -> None:
        self._parts = parts

    def page(self, _: Caller, __: None, params: Params) -> FeedbackPage:
        parts, directory = self._parts, self._parts.office.rules.current.directory
        since = self._since(params)
        models = parts.by_model(since)
        makers = {one.maker for one in models} & directory.vendors.keys()
        return FeedbackPage(
            demonstration=parts.demonstration,
            now=parts.clock.now(),
            zone=directory.zone,
            since=since,
            models=tuple(models),
            words=tuple(parts.words(since, _MOST_WORDS)),
            makers={maker: directory.vendors[maker].name for maker in sorted(makers)},
            parties={party.id: party.name for party in directory.parties.values()},
        )

    def export(self, _: Caller, __: None, params: Params) -> Exported:
        said = self._parts.words(self._since(params), _MOST_EXPORTED)
        rows = ((one.at, one.party, one.model, one.rating, one.words) for one in said)
        content = write_csv(("at", "party", "model", "rating", "words"), rows)
        return Exported(name="feedback.csv", type="text/csv", content=content)

    def _since(self, params: Params) -> datetime:
        days = int(params.get("days") or FEEDBACK_DAYS)
        if not 1 <= days <= 3660:
            raise InvalidInputError("Feedback is read for 1 to 3660 days.")
        return self._parts.clock.now() - timedelta(days=days)


def _rule_line(kept: Kept[RetentionRule]) -> RuleLine:
    if kept.value is None:
        raise NotFoundError(f"There is no rule for {kept.id}.")
    return RuleLine(rule=kept.value, set_by=kept.by, set_at=kept.at, seen=kept.version)
