"""Leases and confirmations on a real PostgreSQL server."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest

from changeover.basics.clock import SystemClock
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.orders.enforcement import Renewal, State
from changeover.orders.enforcing import Enforcer
from changeover.storage.database import Database
from changeover.storage.errors import DatabaseAwayError
from changeover.storage.insertion import insert_rows
from changeover.storage.schema import ledger_queue
from changeover.storage.works import LedgerWorks

AT = datetime(2026, 2, 26, 14, tzinfo=UTC)


@pytest.fixture
def database(postgres_url):
    with Database(postgres_url) as opened:
        yield opened


def renewal(
    start: str = "start_1", *, revision: int = 0, seconds: float = 10, state: State = "serving"
) -> Renewal:
    return Renewal(
        start=start,
        host="here",
        pid=1,
        address="",
        version="1",
        lease=int(seconds * 1e6),
        revision=revision,
        skew=0,
        state=state,
    )


def test_a_renewal_writes_the_lease_and_returns_the_revision(database):
    replicas = database.replicas()
    first = replicas.renew(renewal())
    with database.begin() as work:
        assert work.revisions.touch() == 1
    second = replicas.renew(renewal(revision=1, state="leaving"))
    assert (first.revision, second.revision) == (0, 1)
    now, (found,) = replicas.all()
    assert (found.revision, found.state, found.renewed) == (1, "leaving", second.now)
    assert found.began <= first.now < second.now
    assert found.lease_until == second.now + 10_000_000
    assert second.now <= now


def test_who_left_has_no_lease(database):
    replicas = database.replicas()
    replicas.renew(renewal())
    replicas.leave("start_1")
    now, (found,) = replicas.all()
    assert (found.state, found.lease_until <= now) == ("gone", True)


def test_a_renewal_waits_for_a_change_that_is_being_committed_and_returns_it(database):
    replicas = database.replicas()
    found: list[int] = []
    asking = threading.Thread(target=lambda: found.append(replicas.renew(renewal()).revision))
    with database.begin() as work:
        work.revisions.touch()
        asking.start()
        time.sleep(0.2)
        assert found == []
    asking.join(10)
    assert found == [1]


def test_a_change_waits_for_a_renewal_so_that_whoever_makes_it_sees_the_lease(
    database, postgres_url
):
    replicas = database.replicas()
    # A renewal as it stands between its statement and its commit, were they apart.
    with closing(psycopg.connect(postgres_url)) as slow:
        slow.execute("SELECT number FROM revision FOR SHARE")
        slow.execute(
            "INSERT INTO replica VALUES ('start_1','h',1,'','1',0,0,9223372036854775807,0,0,'serving')"
        )
        seen: list[int] = []

        def change() -> None:
            with database.begin() as work:
                work.revisions.touch()
            seen.append(len(replicas.all()[1]))

        changing = threading.Thread(target=change)
        changing.start()
        time.sleep(0.2)
        assert seen == []
        slow.commit()
        changing.join(10)
    assert seen == [1]


def test_a_process_that_sleeps_in_mid_transaction_is_cut_off(database, postgres_url):
    replicas = database.replicas()
    asleep = database.begin()
    work = asleep.__enter__()
    work.revisions.touch()
    began = time.monotonic()
    # Nothing goes on in this transaction; the server ends it, and the renewal goes through.
    assert replicas.renew(renewal()).revision == 0
    assert time.monotonic() - began < 8
    with pytest.raises(Exception, match="cannot be reached"):
        asleep.__exit__(None, None, None)


def test_one_that_sleeps_amid_the_rows_that_it_writes_is_cut_off_too(database):
    asleep, wake = threading.Event(), threading.Event()
    failed: list[str] = []

    class Rows(list[tuple[str, bytes]]):
        def __iter__(self) -> Iterator[tuple[str, bytes]]:
            yield self[0]
            asleep.set()
            assert wake.wait(30)
            yield self[1]

    def act() -> None:
        rows = Rows([("fact", b"{}"), ("fact", b"{}")])
        try:
            with database.begin() as work:
                insert_rows(work._connection, ledger_queue, ("kind", "body"), rows)
        except DatabaseAwayError as error:
            failed.append(error.code)

    acting = threading.Thread(target=act)
    acting.start()
    assert asleep.wait(10)
    began = time.monotonic()
    try:
        with database.begin() as work:
            assert time.monotonic() - began < 8
            assert work.queue.empty()
    finally:
        wake.set()
        acting.join(10)
    assert failed == ["database_away"]


def test_an_act_is_settled_when_the_last_replica_has_confirmed_it(database):
    sequencer = Sequencer(database, Ledger(SigningKey("l.example", bytes(32))))
    works = LedgerWorks(database, sequencer, demonstration=False)
    replicas = database.replicas()
    enforcer = Enforcer(works, replicas, SystemClock(), longest=10)
    replicas.renew(renewal("start_1"))
    replicas.renew(renewal("start_2"))
    replicas.renew(renewal("start_3", seconds=0.3))
    with works.begin() as work:
        (enacted,) = work.enact("instrument", ("order-1",), AT)
    replicas.renew(renewal("start_1", revision=enacted.revision))
    late = threading.Timer(0.5, replicas.renew, [renewal("start_2", revision=enacted.revision)])
    late.start()
    (found,) = enforcer.settle((enacted,))
    late.join()
    assert found.settled is not None
    assert found.settled - found.committed >= 500_000
    assert {(r.start, r.how) for r in found.replicas} == {
        ("start_1", "confirmed"),
        ("start_2", "confirmed"),
        ("start_3", "lease-ran-out"),
    }
    assert enforcer.of("order-1") == found
    assert enforcer.of("another") is None


def test_one_that_was_not_seen_in_force_is_settled_when_somebody_asks(database):
    sequencer = Sequencer(database, Ledger(SigningKey("l.example", bytes(32))))
    works = LedgerWorks(database, sequencer, demonstration=False)
    replicas = database.replicas()
    replicas.renew(renewal("start_1"))
    with works.begin() as work:
        (enacted,) = work.enact("instrument", ("order-1",), AT)
    (unseen,) = Enforcer(works, replicas, SystemClock(), longest=0.1).settle((enacted,))
    assert unseen.settled is None
    replicas.renew(renewal("start_1", revision=enacted.revision))
    found = Enforcer(works, replicas, SystemClock(), longest=1).of("order-1")
    assert found is not None
    assert found.settled is not None
