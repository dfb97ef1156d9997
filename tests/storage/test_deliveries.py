"""Deliveries on both databases: each is claimed by one, also where many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from changeover.messages.model import Answered, Delivery
from changeover.storage.database import Database

NOW = datetime(2026, 4, 10, 16, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)


def queued(number: int) -> Delivery:
    return Delivery(
        id=f"delivery-{number}",
        message="message-1",
        place=number,
        channel="mail",
        to="a@b.example",
        state="queued",
        attempts=0,
        due=NOW,
        said="",
        changed=NOW,
    )


def claim(database: Database) -> Delivery | None:
    with database.begin() as work:
        return work.deliveries.claim(NOW, LATER)


def test_each_is_claimed_once_by_whoever_asks(database_url: str) -> None:
    with Database(database_url) as database:
        with database.begin() as work:
            work.deliveries.add(map(queued, range(12)))
        with ThreadPoolExecutor(4) as pool:
            claimed = list(pool.map(lambda _: claim(database), range(16)))
        ids = [one.id for one in claimed if one is not None]
        assert sorted(ids) == sorted(f"delivery-{n}" for n in range(12))
        with database.reading() as work:
            assert not work.deliveries.waiting(NOW)
            assert work.deliveries.waiting(LATER)
            assert {one.state for one in work.deliveries.of("message-1")} == {"sending"}


def test_who_comes_late_settles_nothing(database_url: str) -> None:
    with Database(database_url) as database:
        with database.begin() as work:
            work.deliveries.add([queued(1)])
            first = work.deliveries.claim(NOW, LATER)
        with database.begin() as work:
            second = work.deliveries.claim(LATER, LATER + timedelta(minutes=3))
        assert first is not None
        assert second is not None
        with database.begin() as work:
            assert not work.deliveries.settle(first, Answered("sent", "250"), LATER, None)
            assert work.deliveries.settle(second, Answered("failed", "550"), LATER, None)
            assert not work.deliveries.settle(second, Answered("sent", "250"), LATER, None)
            assert work.deliveries.queue_again("message-1", LATER) == 1
            assert work.deliveries.queue_again("message-1", LATER) == 0
