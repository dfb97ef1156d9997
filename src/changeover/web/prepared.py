"""Officers enter prepared orders, see what they would do, and confirm each other's.

The officers of the desk on the local socket name themselves; here the session
says who acts, so that an entry and its confirmation come from two accounts.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

import msgspec

from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.directory.rules import descendants
from changeover.identity.people import Role
from changeover.orders.model import Instrument
from changeover.orders.preview import PreviewChange
from changeover.orders.proposals import Officer, Prepared, Previewed, ProposalOffice
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.enforced import Enforced, EnforcementTold, tell_enforcement
from changeover.web.orders import Names, names_of

OFFICERS: tuple[Role, ...] = ("officer",)

Count = Callable[[Iterable[str]], int]


class Counts(Protocol):
    """`people` counts the accounts in parties, `conversations` those with services."""

    @property
    def people(self) -> Count: ...

    @property
    def conversations(self) -> Count: ...


class PreparedParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with; `people` and `conversations` are `Counts`.

    `enforced` tells how an instrument came into force.
    """

    proposals: ProposalOffice
    office: Office
    enforced: Enforced
    people: Count
    conversations: Count


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What issuing an order would do.

    `effective` is the instant that the changes are told of; `later` are those at
    which more follow. `staff` counts the people, and `conversations` the
    conversations, of the services for which something changes. `needs_second`
    says that another officer must confirm.
    """

    instrument: Instrument
    effective: datetime | None
    changes: tuple[PreviewChange, ...]
    unaffected: int
    later: tuple[datetime, ...]
    warnings: tuple[Bilingual, ...]
    staff: int
    conversations: int
    needs_second: bool


class PreparedOrder(Prepared, frozen=True, kw_only=True):
    """A prepared order with the names of what it mentions."""

    names: Names


class OrderEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to enter an order: as it is dated, or to take effect as soon as it is confirmed."""

    at_once: bool


class OrderIssued(msgspec.Struct, frozen=True, kw_only=True):
    """The id of the instrument that was issued, and how it came into force."""

    issued: str
    enforcement: EnforcementTold | None


def operations(parts: PreparedParts) -> list[Operation | Stream]:
    """`/desk/prepared`."""
    desk = _PreparedDesk(parts)
    one = "/desk/prepared/{id}"
    return [
        Operation(
            "GET",
            "/desk/prepared",
            None,
            list[PreparedOrder],
            OFFICERS,
            desk.all,
            "Orders that can be entered or wait for confirmation.",
        ),
        Operation(
            "GET",
            one + "/preview",
            None,
            Preview,
            OFFICERS,
            desk.preview,
            "What issuing an order would do.",
            {"at_once": bool},
        ),
        Operation(
            "POST", one + "/entry", OrderEntry, PreparedOrder, OFFICERS, desk.enter, "Enter it."
        ),
        Operation(
            "POST",
            one + "/confirmation",
            Done,
            OrderIssued,
            OFFICERS,
            desk.confirm,
            "Confirm what another officer entered, which issues it.",
        ),
        Operation(
            "POST",
            one + "/withdrawal",
            Done,
            PreparedOrder,
            OFFICERS,
            desk.withdraw,
            "Withdraw what was entered.",
        ),
    ]


class _PreparedDesk:
    def __init__(self, parts: PreparedParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> list[PreparedOrder]:
        if not self._parts.office.rules.ready:
            return []
        return [self._named(prepared) for prepared in self._parts.proposals.all()]

    def preview(self, _: Caller, __: None, params: Params) -> Preview:
        found = self._parts.proposals.preview(params["id"], at_once=params.get("at_once", False))
        return self._counted(found)

    def enter(self, caller: Caller, body: OrderEntry, params: Params) -> PreparedOrder:
        officer = officer_of(caller)
        entered = self._parts.proposals.enter(params["id"], officer, at_once=body.at_once)
        return self._named(entered)

    def confirm(self, caller: Caller, _: Done, params: Params) -> OrderIssued:
        issued = self._parts.proposals.confirm(params["id"], officer_of(caller))
        told = tell_enforcement(self._parts.enforced(issued.id))
        return OrderIssued(issued=issued.id, enforcement=told)

    def withdraw(self, caller: Caller, _: Done, params: Params) -> PreparedOrder:
        return self._named(self._parts.proposals.withdraw(params["id"], officer_of(caller)))

    def _named(self, prepared: Prepared) -> PreparedOrder:
        directory = self._parts.office.rules.current.directory
        names = names_of(directory, prepared.instrument)
        return PreparedOrder(**msgspec.structs.asdict(prepared), names=names)

    def _counted(self, found: Previewed) -> Preview:
        directory = self._parts.office.rules.current.directory
        # What is entered here is never issued by one officer alone.
        return told_preview(found, directory, self._parts)


def told_preview(
    found: Previewed, directory: Directory, counts: Counts, *, needs_second: bool = True
) -> Preview:
    """A preview with how many people and conversations it concerns."""
    effects = found.effects
    owners = {change.party for change in effects.changes}
    parties = frozenset().union(*(descendants(directory, owner) for owner in owners))
    return Preview(
        instrument=found.instrument,
        effective=effects.at,
        changes=effects.changes,
        unaffected=effects.unaffected,
        later=effects.later,
        warnings=found.warnings,
        staff=counts.people(parties),
        conversations=counts.conversations({c.service for c in effects.changes}),
        needs_second=needs_second,
    )


def officer_of(caller: Caller) -> Officer:
    """Whoever's session the request comes from."""
    return Officer(account=caller.account.id, name=caller.account.name)
