"""Listening on a real PostgreSQL server."""

import time

from changeover.storage.database import Database

WITHIN = 10.0


def test_a_taker_that_fails_does_not_end_the_listening(postgres_url: str):
    heard: list[str] = []

    def take(payload: str) -> None:
        heard.append(payload)
        if payload == "bad":
            raise ZeroDivisionError

    def until_heard(payload: str, times: int = 1) -> None:
        deadline = time.monotonic() + WITHIN
        while heard.count(payload) < times:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    with Database(postgres_url) as database:
        signals = database.signals()
        assert signals is not None
        signals.subscribe("use", take)
        signals.start()
        try:
            until_heard("")
            for payload in ("bad", "good"):
                with database.begin() as work:
                    work.notify("use", payload)
                until_heard(payload)
                # What came between is not heard, and whoever listens is told so.
                until_heard("", 2)
        finally:
            signals.close()
