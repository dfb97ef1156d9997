"""Answers under idempotency keys, in the database that all processes share."""

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from changeover.gateway.once import Claim, Claimed
from changeover.storage.insertion import insert_new
from changeover.storage.living_starts import living_starts
from changeover.storage.schema import kept_answer


class SqlKeptAnswers:
    """Implements `gateway.once.KeptAnswers` in one unit of work.

    A claim is one row. Of two that come at once, the second waits until the first is
    committed, and finds it then.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, claim: Claim) -> Claimed:
        mine = _of(claim)
        self._connection.execute(delete(kept_answer).where(mine, kept_answer.c.until <= claim.now))
        row = {
            "caller": claim.caller,
            "name": claim.name,
            "asked": claim.asked,
            "start": claim.start,
            "began": claim.now,
            "until": claim.until,
        }
        if insert_new(self._connection, kept_answer, row) is not None:
            return Claimed("yours")
        found = self._connection.execute(
            select(kept_answer).where(mine).with_for_update()
        ).one_or_none()
        if found is None:
            # It was freed in between; whoever comes next takes it.
            return Claimed("under-way")
        if bytes(found.asked) != claim.asked:
            return Claimed("another-request")
        if found.sealed is not None:
            return Claimed("kept", bytes(found.sealed))
        if found.start in self._living(claim.start):
            return Claimed("under-way")
        self._connection.execute(
            update(kept_answer)
            .where(mine)
            .values(start=claim.start, began=claim.now, until=claim.until)
        )
        return Claimed("yours")

    def keep(self, claim: Claim, sealed: bytes, until: int) -> None:
        held = and_(_held(claim), kept_answer.c.sealed.is_(None))
        values = {"sealed": sealed, "until": until}
        self._connection.execute(update(kept_answer).where(held).values(**values))

    def release(self, claim: Claim) -> None:
        held = and_(_held(claim), kept_answer.c.sealed.is_(None))
        self._connection.execute(delete(kept_answer).where(held))

    def forget(self, now: int) -> None:
        self._connection.execute(delete(kept_answer).where(kept_answer.c.until <= now))

    def _living(self, start: str) -> frozenset[str]:
        """The processes that may be at work; on a file there is this one alone."""
        return (living_starts(self._connection) or frozenset()) | {start}


def _of(claim: Claim) -> ColumnElement[bool]:
    return and_(kept_answer.c.caller == claim.caller, kept_answer.c.name == claim.name)


def _held(claim: Claim) -> ColumnElement[bool]:
    mine = and_(kept_answer.c.start == claim.start, kept_answer.c.began == claim.now)
    return and_(_of(claim), mine)
