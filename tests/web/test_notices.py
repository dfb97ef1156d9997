"""Notices over the API: read, acknowledged, and told at once to who listens."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from changeover.identity.people import Account, Session
from changeover.identity.sessions import SignedIn
from changeover.web.announcing import Announcer
from changeover.web.api import Caller, Stream
from changeover.web.events import ServerEvent
from changeover.web.notices import operations
from tests.orders.demonstrations import ADA, BO, Demonstration, at, demonstration
from tests.web.serving import Site

JOINED = at("2026-02-01")


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


class Listening:
    """A person with the stream of notices open."""

    def __init__(self, demo: Demonstration, announcer: Announcer | None = None) -> None:
        self.announcer = announcer or Announcer(demo.office.rules)
        table = operations(demo.notices, self.announcer)
        (self.stream,) = [each for each in table if isinstance(each, Stream)]

    async def open(self, *, party: str = "state", after: str | None = None) -> Any:
        params = {} if after is None else {"after": after}
        return await self.stream.handler(_caller(party), None, params)


def _caller(party: str, created: datetime = JOINED) -> Caller:
    account = Account(
        id=f"person_of_{party}",
        login=party,
        name=party,
        party=party,
        roles=("staff",),
        language="en",
        created=created,
    )
    session = Session(
        digest=b"",
        account=account.id,
        csrf="",
        created=JOINED,
        seen=JOINED,
        expires=JOINED,
    )
    return Caller(signed_in=SignedIn(account, session), token=None, address="")


async def next_of(events: AsyncIterator[ServerEvent], within: float = 1.0) -> ServerEvent:
    return await asyncio.wait_for(anext(events), within)


async def test_an_order_issued_in_another_thread_reaches_an_open_stream_within_a_second(demo):
    events = await Listening(demo).open()
    waiting = asyncio.create_task(next_of(events, within=5))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    demo.proposals.enter("state-memo", ADA, at_once=True)
    issued_at: list[float] = []

    def confirm() -> None:
        demo.proposals.confirm("state-memo", BO)
        issued_at.append(time.monotonic())

    confirming = threading.Thread(target=confirm)
    confirming.start()
    event = await waiting
    told_at = time.monotonic()
    confirming.join()
    assert told_at - issued_at[0] < 1.0
    assert (event.kind, event.data.notice.id) == ("notice", "state-memo")
    assert event.id == demo.office.rules.current.version
    await events.aclose()


async def test_whom_it_does_not_concern_hears_nothing(demo):
    events = await Listening(demo).open(party="treasury")
    waiting = asyncio.create_task(next_of(events, within=5))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(demo.issue, "state-memo")
    await asyncio.sleep(0.2)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_who_comes_late_is_told_first_what_was_not_acknowledged(demo):
    demo.issue("state-memo")
    listening = Listening(demo)
    events = await listening.open()
    assert (await next_of(events)).data.notice.id == "state-memo"
    await events.aclose()

    version = demo.office.rules.current.version
    seen = await listening.open(after=version)
    with pytest.raises(TimeoutError):
        await next_of(seen, within=0.2)

    demo.notices.acknowledge(demo.reader(), "state-memo")
    acknowledged = await listening.open()
    with pytest.raises(TimeoutError):
        await next_of(acknowledged, within=0.2)


async def test_a_notice_is_told_again_when_the_clock_brings_it_into_force(demo):
    demo.issue("state-memo", at_once=False)
    events = await Listening(demo).open()
    first = await next_of(events)
    assert not first.data.notice.in_force
    waiting = asyncio.create_task(next_of(events, within=5))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(demo.player.play, at("2026-03-03"))
    second = await waiting
    assert (second.data.notice.id, second.data.notice.in_force) == ("state-memo", True)
    await events.aclose()


async def test_the_passing_of_time_alone_brings_a_notice_into_force(demo):
    demo.issue("state-memo", at_once=False)
    noon = at("2026-03-02T12:00")
    demo.clock.move_to(noon - timedelta(seconds=0.2))
    events = await Listening(demo).open()
    assert not (await next_of(events)).data.notice.in_force
    demo.clock.move_to(noon)
    assert (await next_of(events)).data.notice.in_force
    await events.aclose()


async def test_an_announcer_forgets_who_left_and_survives_a_loop_that_ended(demo):
    announcer = Announcer(demo.office.rules)
    with announcer.listening() as changed:
        await asyncio.to_thread(demo.office.load)
        await asyncio.wait_for(changed.wait(), 1)
        changed.clear()
    await asyncio.to_thread(demo.office.load)
    await asyncio.sleep(0.05)
    assert not changed.is_set()

    async def listen() -> None:
        with announcer.listening():
            await asyncio.sleep(0)

    thread = threading.Thread(target=asyncio.run, args=(listen(),))
    thread.start()
    thread.join()
    demo.office.load()


async def test_notices_are_read_and_acknowledged_by_the_person_alone(demo):
    announcer = Announcer(demo.office.rules)
    site = Site(*operations(demo.notices, announcer))
    site.people.clock.move_to(JOINED)
    ana, bo = await site.signed_in("ana"), await site.signed_in("bo")
    async with ana, bo:
        assert (await ana.get("/api/notices")).json() == []
        demo.issue("state-memo")
        (notice,) = (await ana.get("/api/notices")).json()
        assert (notice["id"], notice["acknowledged"]) == ("state-memo", False)
        assert notice["order"]["issuer_name"]["en"] == "Secretary of State"
        answered = await ana.post("/api/notices/state-memo/acknowledgement", json={})
        assert (answered.status_code, answered.json()) == (200, {})
        assert [n["acknowledged"] for n in (await ana.get("/api/notices")).json()] == [True]
        assert [n["acknowledged"] for n in (await bo.get("/api/notices")).json()] == [False]
        missing = await ana.post("/api/notices/nothing/acknowledgement", json={})
        assert missing.status_code == 404
    async with site.browser() as stranger:
        assert (await stranger.get("/api/notices")).status_code == 401
