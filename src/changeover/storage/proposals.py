"""Proposals in the database. Their instruments are kept as the record keeps them."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from changeover.basics.canonical import canonical
from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders.model import Instrument
from changeover.orders.ports import Proposal, ProposalState
from changeover.storage.insertion import insert_new
from changeover.storage.schema import proposal as table


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    """What has no column of its own."""

    instruments: tuple[Instrument, ...]
    at_once: bool
    account: str


class SqlProposals:
    """Implements `orders.ports.Proposals`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, proposal: Proposal) -> None:
        body = _Body(
            instruments=proposal.instruments, at_once=proposal.at_once, account=proposal.account
        )
        settled = proposal.settled
        row = {
            "id": proposal.id,
            "body": canonical(body),
            "entered_by": proposal.entered_by,
            "entered": microseconds(proposal.entered),
            "state": proposal.state,
            "settled_by": proposal.settled_by,
            "settled": None if settled is None else microseconds(settled),
        }
        if insert_new(self._connection, table, row) is None:
            raise ConflictError(f"There is a proposal {proposal.id} already.")

    def get(self, proposal: str) -> Proposal:
        row = self._connection.execute(select(table).where(table.c.id == proposal)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no proposal {proposal}.")
        return _proposal(row)

    def waiting(self) -> list[Proposal]:
        entered = select(table).where(table.c.state == "entered")
        rows = self._connection.execute(entered.order_by(table.c.entered, table.c.id))
        return [_proposal(row) for row in rows]

    def settle(self, proposal: str, state: ProposalState, *, by: str, at: datetime) -> Proposal:
        settled = self._connection.execute(
            update(table)
            .where(table.c.id == proposal, table.c.state == "entered")
            .values(state=state, settled_by=by, settled=microseconds(at))
        )
        found = self.get(proposal)
        if not settled.rowcount:
            raise ConflictError(
                f"{found.instrument.id} was {found.state} meanwhile, by {found.settled_by}.",
                means="It waits no longer, so nothing was done.",
                do="Load the list of prepared orders again.",
            )
        return found


def _proposal(row: Row[Any]) -> Proposal:
    body = msgspec.json.decode(row.body, type=_Body)
    return Proposal(
        id=row.id,
        instruments=body.instruments,
        at_once=body.at_once,
        account=body.account,
        entered_by=row.entered_by,
        entered=from_microseconds(row.entered),
        state=row.state,
        settled_by=row.settled_by,
        settled=None if row.settled is None else from_microseconds(row.settled),
    )
