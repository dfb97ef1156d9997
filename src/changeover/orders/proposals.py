"""Entering is not issuing: what an officer enters takes effect when another confirms it.

What is *prepared* (in a demonstration, the scenario's events that are not on
record) can be previewed and entered. What is entered waits as a proposal until
it is confirmed, which issues it, or withdrawn.

* The officer who confirms has another account than the one who entered. Who
  entered may withdraw; so may any other officer.
* An instrument that acts on others can be issued only when they are on record.
  Those of them that are prepared too are entered and issued with it, before it,
  as one: there is no ruleset with some and not the others, so that no call falls
  between an order and the memo that carries it out. The preview says so.
* "At once" counts from the confirmation, not from the entry: nothing takes effect
  before it was issued. Whatever is issued together is brought forward together,
  because an act cannot carry out an order that is not in force.
* If what was entered has come on record meanwhile in another way, the proposal is
  overtaken: it is settled as that, and whoever confirms it is told. Companions
  that came on record meanwhile are passed over.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, NotAuthorisedError, NotFoundError
from changeover.basics.ids import new_id
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.orders.bringing_forward import bring_forward
from changeover.orders.cautions import cautions
from changeover.orders.model import Instrument, Kind
from changeover.orders.names import NamedOrder, issuer_name, named_order
from changeover.orders.ports import Proposal, ProposalState, Work, Works
from changeover.orders.preview import Comparison, Effects, preview
from changeover.orders.usecases import Office


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts: an account's id, and the person's name as it is recorded."""

    account: str
    name: str


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument that can be entered, or was entered and waits for confirmation.

    `takes_effect` is None for a mere announcement. `at_once` is None until it was
    entered. `together` are the orders that are issued with it, before it.
    """

    id: str
    title: Bilingual
    kind: Kind
    issuer: str
    issuer_name: Bilingual
    state: Literal["prepared", "entered"]
    entered_by: str | None
    entered: datetime | None
    at_once: bool | None
    takes_effect: datetime | None
    together: tuple[NamedOrder, ...]
    instrument: Instrument


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument as it would be issued now, what that would do, and what to know before."""

    instrument: Instrument
    effects: Effects
    warnings: tuple[Bilingual, ...]

    @property
    def needs_second(self) -> bool:
        """Whether another officer must confirm: whatever is entered as a proposal needs one."""
        return True


class ProposalOffice:
    """Entering, confirming and withdrawing. `prepared` gives what can be entered now."""

    def __init__(
        self,
        works: Works,
        office: Office,
        clock: Clock,
        prepared: Callable[[], Iterable[Instrument]],
    ) -> None:
        self._works = works
        self._office = office
        self._clock = clock
        self._prepared = prepared

    def all(self) -> list[Prepared]:
        """What can be entered and what waits, in the order of what is prepared."""
        prepared = self._by_id()
        waiting = self._waiting()
        directory = self._office.rules.current.directory
        others = [proposal.instrument for proposal in waiting.values()]
        every = {i.id: i for i in (*prepared.values(), *others)}
        return [self._line(directory, i, waiting.get(i.id)) for i in every.values()]

    def entered_by(self) -> dict[str, str]:
        """The account that entered each instrument that waits, by its id."""
        return {name: proposal.account for name, proposal in self._waiting().items()}

    def preview(self, name: str, *, at_once: bool) -> Previewed:
        """What issuing it now would do. Of what was entered, as it was entered.

        `NotFoundError`, `ConflictError` when it is on record.
        """
        waiting = self._waiting().get(name)
        instrument = self._find(name, waiting)
        if waiting is not None:
            return self.preview_all(self._left(waiting.instruments), at_once=waiting.at_once)
        return self.preview_all(self._together(instrument), at_once=at_once)

    def preview_all(self, instruments: tuple[Instrument, ...], *, at_once: bool) -> Previewed:
        """What issuing instruments together would do; the last is the one that is asked about."""
        return _previewed(self._comparison(instruments, at_once=at_once))

    def compare(self, instrument: Instrument, *, at_once: bool) -> tuple[Previewed, Comparison]:
        """As `preview_other`, with the comparison that it rests on."""
        comparison = self._comparison(self._together(instrument), at_once=at_once)
        return _previewed(comparison), comparison

    def _comparison(self, instruments: tuple[Instrument, ...], *, at_once: bool) -> Comparison:
        now, ruleset = self._clock.now(), self._office.rules.current
        dated = _dated(instruments, now, ruleset.directory, at_once=at_once)
        return Comparison(ruleset, dated, now)

    def preview_other(self, instrument: Instrument, *, at_once: bool) -> Previewed:
        """As `preview`, of an instrument that is not prepared; `ConflictError` if on record."""
        self._check_not_on_record(instrument.id)
        return self.preview_all(self._together(instrument), at_once=at_once)

    def enter(self, name: str, officer: Officer, *, at_once: bool) -> Prepared:
        """Enters what is prepared. `NotFoundError`, `ConflictError` if entered or on record."""
        instrument = self._find(name, None)
        proposal = self._enter(instrument, officer, at_once=at_once, beside=None)
        return self._line(self._office.rules.current.directory, instrument, proposal)

    def enter_written(
        self,
        instrument: Instrument,
        officer: Officer,
        *,
        at_once: bool,
        beside: Callable[[Work, str], None],
    ) -> str:
        """Enters an instrument that an officer wrote; gives its id.

        `beside` is done in the same unit of work and gets the proposal's id. Raises
        `ConflictError` when one of that id was entered or is on record.
        """
        self._check_not_on_record(instrument.id)
        self._enter(instrument, officer, at_once=at_once, beside=beside)
        return instrument.id

    def _enter(
        self,
        instrument: Instrument,
        officer: Officer,
        *,
        at_once: bool,
        beside: Callable[[Work, str], None] | None,
    ) -> Proposal:
        proposal = Proposal(
            id=new_id("proposal"),
            instruments=self._together(instrument),
            at_once=at_once,
            account=officer.account,
            entered_by=officer.name,
            entered=self._clock.now(),
        )
        with self._works.begin() as work:
            standing = _of(work.proposals.waiting(), instrument.id)
            if standing is not None:
                raise ConflictError(
                    f"{instrument.id} was entered already, by {standing.entered_by}.",
                    means="It waits for another officer.",
                    do="Confirm it, or withdraw it and enter it again.",
                )
            work.proposals.add(proposal)
            work.tell("entry", proposal.entered, _told(proposal, at_once=at_once, by=officer.name))
            if beside is not None:
                beside(work, proposal.id)
        return proposal

    def confirm(self, name: str, officer: Officer) -> Instrument:
        """Issues what was entered and gives it as issued.

        `NotFoundError` when nothing waits, `NotAuthorisedError` for the officer who
        entered it, `ConflictError` when it is on record or was settled meanwhile, and
        whatever `Office.issue_together` raises. Nothing is issued then.
        """
        proposal = self._entered(name)
        if proposal.account == officer.account:
            raise NotAuthorisedError(
                f"You entered {name} yourself.",
                means="Nothing was issued. It takes two officers: one enters, another confirms.",
                do="Ask another officer to confirm it.",
            )
        now = self._clock.now()
        if name in self._office.instruments():
            raise self._overtaken(proposal, officer, now)
        directory = self._office.rules.current.directory
        instruments = _dated(
            self._left(proposal.instruments), now, directory, at_once=proposal.at_once
        )

        def settle(work: Work) -> None:
            _settle(work, proposal, "issued", officer, now)

        issued = self._office.issue_together(
            instruments,
            by=proposal.entered_by,
            confirmed_by=officer.name,
            recorded=now,
            beside=settle,
        )
        return issued[-1].instrument

    def withdraw(self, name: str, officer: Officer) -> Prepared:
        """Takes back what was entered; it is prepared again.

        `NotFoundError` when nothing waits, `ConflictError` when it is on record.
        """
        proposal = self._entered(name)
        now = self._clock.now()
        if name in self._office.instruments():
            raise self._overtaken(proposal, officer, now)
        with self._works.begin() as work:
            _settle(work, proposal, "withdrawn", officer, now)
        return self._line(self._office.rules.current.directory, proposal.instrument, None)

    def _overtaken(self, proposal: Proposal, officer: Officer, now: datetime) -> ConflictError:
        """Settles a proposal whose instrument came on record another way; says so."""
        with self._works.begin() as work:
            _settle(work, proposal, "overtaken", officer, now)
        return ConflictError(
            f"{proposal.instrument.id} has come on record meanwhile.",
            means="It was issued without this entry, which is closed. Nothing was issued twice.",
            do="Look at the order's page for when and by whom it was issued.",
        )

    def _by_id(self) -> dict[str, Instrument]:
        return {instrument.id: instrument for instrument in self._prepared()}

    def _waiting(self) -> dict[str, Proposal]:
        """The proposals that wait, by instrument, without those that were overtaken."""
        on_record = self._office.instruments()
        with self._works.reading() as work:
            waiting = work.proposals.waiting()
        return {p.instrument.id: p for p in waiting if p.instrument.id not in on_record}

    def _entered(self, name: str) -> Proposal:
        with self._works.reading() as work:
            proposal = _of(work.proposals.waiting(), name)
        if proposal is None:
            raise NotFoundError(
                f"{name} does not wait for confirmation.",
                means="It was not entered, or it was confirmed or withdrawn meanwhile.",
                do="Load the list of prepared orders again.",
            )
        return proposal

    def _find(self, name: str, waiting: Proposal | None) -> Instrument:
        self._check_not_on_record(name)
        found = waiting.instrument if waiting is not None else self._by_id().get(name)
        if found is None:
            raise NotFoundError(
                f"There is no prepared order {name!r}.",
                do="Load the list of prepared orders again.",
            )
        return found

    def _check_not_on_record(self, name: str) -> None:
        if name in self._office.instruments():
            raise ConflictError(
                f"{name} is on record already.",
                means="It has been issued; there is nothing left to enter.",
                do="See its page.",
            )

    def _together(self, instrument: Instrument) -> tuple[Instrument, ...]:
        return together(instrument, self._office.instruments(), self._by_id())

    def _left(self, instruments: tuple[Instrument, ...]) -> tuple[Instrument, ...]:
        """Those that are not on record yet."""
        on_record = self._office.instruments()
        return tuple(i for i in instruments if i.id not in on_record)

    def _line(
        self, directory: Directory, instrument: Instrument, proposal: Proposal | None
    ) -> Prepared:
        instruments = self._together(instrument)
        if proposal is not None:
            now = self._clock.now()
            left = self._left(proposal.instruments)
            instruments = _dated(left, now, directory, at_once=proposal.at_once)
        shown = instruments[-1]
        return Prepared(
            id=shown.id,
            title=shown.title,
            kind=shown.kind,
            issuer=shown.issuer,
            issuer_name=issuer_name(directory, shown.issuer),
            state="prepared" if proposal is None else "entered",
            entered_by=None if proposal is None else proposal.entered_by,
            entered=None if proposal is None else proposal.entered,
            at_once=None if proposal is None else proposal.at_once,
            takes_effect=shown.takes_effect(),
            together=tuple(named_order(directory, i) for i in instruments[:-1]),
            instrument=shown,
        )


def together(
    instrument: Instrument, on_record: Container[str], prepared: Mapping[str, Instrument]
) -> tuple[Instrument, ...]:
    """The instrument behind all that it acts on and that is prepared, not on record.

    What is acted on stands before what acts on it. What is neither prepared nor on
    record is left out; issuing is refused then.
    """
    ordered: dict[str, Instrument] = {}
    open_: set[str] = set()

    def add(each: Instrument) -> None:
        open_.add(each.id)
        for name in (i for act in each.acts for i in act.instruments):
            other = prepared.get(name)
            if other is not None and name not in on_record and name not in open_:
                add(other)
        ordered[each.id] = each

    add(instrument)
    return tuple(ordered.values())


def _settle(
    work: Work, proposal: Proposal, state: ProposalState, officer: Officer, at: datetime
) -> None:
    work.proposals.settle(proposal.id, state, by=officer.name, at=at)
    work.tell("entry-settled", at, _told(proposal, state=state, by=officer.name))


def _told(proposal: Proposal, **more: Any) -> dict[str, Any]:
    """What the ledger is told of an entry."""
    names = tuple(instrument.id for instrument in proposal.instruments)
    return {"id": proposal.id, "instruments": names, **more}


def _previewed(comparison: Comparison) -> Previewed:
    effects = preview(comparison)
    return Previewed(
        instrument=comparison.added[-1],
        effects=effects,
        warnings=cautions(comparison, effects),
    )


def _dated(
    instruments: tuple[Instrument, ...], now: datetime, directory: Directory, *, at_once: bool
) -> tuple[Instrument, ...]:
    if not at_once:
        return instruments
    return tuple(bring_forward(instrument, now, directory) for instrument in instruments)


def _of(waiting: Iterable[Proposal], name: str) -> Proposal | None:
    return next((p for p in waiting if p.instrument.id == name), None)
