"""Telling people what an order changes for them: `/notices` and their events.

The events begin with every notice that the person has not acknowledged, unless
the reader says (by `Last-Event-ID` or `?after=`) that it has seen all up to the
ruleset that stands. After that each notice comes as soon as the order is issued,
and again when it comes into force or changes otherwise. An event's id is the
version of the ruleset that it follows from.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec
from starlette.concurrency import run_in_threadpool

from changeover.identity.people import Account
from changeover.orders.notice import Notice, Reader
from changeover.orders.noticing import NoticeOffice, Told
from changeover.web.announcing import Announcer
from changeover.web.api import EVERYONE, Caller, Done, Operation, Params, Stream
from changeover.web.events import ServerEvent

_LOOK_AGAIN_SECONDS = 15.0
_SHORTEST_WAIT_SECONDS = 0.05


class NoticeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that is new, or that changed."""

    notice: Notice


def operations(office: NoticeOffice, announcer: Announcer) -> list[Operation | Stream]:
    """`/notices`."""
    desk = _NoticeDesk(office, announcer)
    return [
        Operation(
            "GET",
            "/notices",
            None,
            list[Notice],
            EVERYONE,
            desk.read,
            "What orders change for you.",
        ),
        Operation(
            "POST",
            "/notices/{id}/acknowledgement",
            Done,
            Done,
            EVERYONE,
            desk.acknowledge,
            "Note that you read a notice.",
        ),
        Stream(
            "/notices/events",
            {"notice": NoticeTold},
            EVERYONE,
            desk.follow,
            "Notices, as orders are issued.",
        ),
    ]


class _NoticeDesk:
    def __init__(self, office: NoticeOffice, announcer: Announcer) -> None:
        self._office = office
        self._announcer = announcer

    def read(self, caller: Caller, _: None, __: Params) -> list[Notice]:
        return list(self._office.of(_reader(caller.account)).notices)

    def acknowledge(self, caller: Caller, _: Done, params: Params) -> Done:
        self._office.acknowledge(_reader(caller.account), params["id"])
        return Done()

    async def follow(self, caller: Caller, _: None, params: Params) -> AsyncIterator[ServerEvent]:
        return self._events(_reader(caller.account), params.get("after"))

    async def _events(self, reader: Reader, after: str | None) -> AsyncIterator[ServerEvent]:
        # Listening comes before looking, so that nothing falls between the two.
        with self._announcer.listening() as changed:
            told = await run_in_threadpool(self._office.of, reader)
            seen = _by_id(told) if told.ruleset == after else {}
            while True:
                # The list is newest first; a page that shows one above the other wants it last.
                for notice in reversed(told.notices):
                    if not notice.acknowledged and seen.get(notice.id) != notice:
                        yield ServerEvent("notice", NoticeTold(notice=notice), told.ruleset)
                seen = _by_id(told)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), _wait(told))
                changed.clear()
                told = await run_in_threadpool(self._office.of, reader)


def _by_id(told: Told) -> dict[str, Notice]:
    return {notice.id: notice for notice in told.notices}


def _wait(told: Told) -> float:
    """Until the clock itself may change what is told: an order comes into force, or ages."""
    if told.next_in is None:
        return _LOOK_AGAIN_SECONDS
    return min(_LOOK_AGAIN_SECONDS, max(told.next_in, _SHORTEST_WAIT_SECONDS))


def _reader(account: Account) -> Reader:
    return Reader(account=account.id, party=account.party, created=account.created)
