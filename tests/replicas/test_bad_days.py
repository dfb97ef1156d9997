"""Databases that die, disks that fill up or are slow, and two releases beside each other.

Whatever happens, no valid call is refused without need, and what reached the vendor is in
the ledger when all is well again.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from changeover.storage.upgrade import HEAD, MIGRATIONS
from tests.end_to_end.running import changeover
from tests.postgres import PostgresServer
from tests.replicas import directory
from tests.replicas.agreement import check_agreement, check_heard
from tests.replicas.cluster import SECOND, Cluster, now, ready, sleep_until, until
from tests.replicas.disk import SmallDisk
from tests.replicas.load import Caller, Load, Outcome

LEASE = 10.0
NEXT = "9999"


class Suffering(Cluster):
    """Two replicas whose journal has a small disk, and whose database has another."""

    def __init__(self, folder: Path, postgres: PostgresServer, disks: Sequence[SmallDisk]) -> None:
        super().__init__(folder, postgres.empty(), CHANGEOVER_LEASE=str(LEASE))
        self.postgres = postgres
        self.journal, self.disk = disks


@pytest.fixture(scope="module")
def suffering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suffering]:
    folder = tmp_path_factory.mktemp("suffering")
    # Not below the tests' folder: the server runs as an account of its own where it would be
    # root's, and pytest lets no other account in there.
    home = Path(tempfile.mkdtemp(prefix="changeover-disk-")) / "disk" / "postgres"
    with SmallDisk(folder / "data" / "journal", 1) as journal, SmallDisk(home.parent, 200) as disk:
        home.mkdir()
        for above in (home, home.parent, home.parent.parent):
            above.chmod(0o777)
        postgres = PostgresServer(home)
        postgres.begin()
        try:
            with Suffering(folder, postgres, (journal, disk)) as cluster:
                cluster.begin_all(["a", "b"])
                yield cluster
        finally:
            postgres.end()
    shutil.rmtree(home.parent.parent)


def callers(cluster: Cluster) -> list[Caller]:
    return [
        Caller(
            urls=(replica.url,),
            key=cluster.keys[service],
            marks=tuple(range(100 * i + 20 * j, 100 * i + 20 * j + 20)),
            seconds=seconds,
            pause=0.02,
        )
        for i, replica in enumerate(cluster.replicas)
        for j, (service, seconds) in enumerate([("strict", 0), ("strict", 0), ("patient", 0.3)])
    ]


def answers(
    outcomes: list[Outcome], since: int = 0, to: int = 2**63
) -> set[tuple[int | None, str]]:
    """The answers to calls that began and ended between two instants."""
    return {(o.status, o.said) for o in outcomes if o.began > since and o.ended < to}


def check_all(cluster: Cluster, load: Load) -> None:
    calls = cluster.settled_calls()
    check_agreement(cluster.vendor.calls, calls)
    assert check_heard(load.outcomes, calls)


def test_a_database_that_is_killed_and_comes_back_costs_no_call(suffering: Suffering):
    first = suffering.replicas[0]
    with Load(suffering.folder / "killed", callers(suffering)) as load:
        suffering.postgres.kill()
        killed = now()
        assert until(lambda: "out of reach" in first.get("/readyz").text)
        assert first.get("/readyz").status_code == 200
        suffering.postgres.begin()
        assert now() - killed < (LEASE / 4 * 3) * SECOND, "the machine was too slow for this test"
        time.sleep(1)
    assert answers(load.outcomes) == {(200, "")}
    check_all(suffering, load)
    assert "out of reach" not in first.get("/readyz").text


def test_a_full_disk_under_the_journal_stops_calls_and_leaves_none_unrecorded(
    suffering: Suffering,
):
    with Load(suffering.folder / "journal-full", callers(suffering)) as load:
        suffering.journal.fill(replica.process.pid for replica in suffering.replicas)
        full = now() + SECOND // 2
        sleep_until(full + SECOND)
        room_again = now()
        suffering.journal.free()
        assert until(lambda: load.outcomes[-1].status == 200)
    refused = answers(load.outcomes, full, room_again)
    assert {status for status, _ in refused} == {503}
    assert all("journal" in said for _, said in refused)
    # What the full disk could not take did not leave either.
    assert [c for c in suffering.vendor.calls if full < c.at < room_again] == []
    check_all(suffering, load)


def test_a_full_disk_under_postgresql_costs_neither_call_nor_record(suffering: Suffering):
    with Load(suffering.folder / "database-full", callers(suffering)) as load:
        suffering.disk.fill([suffering.postgres.pid])
        full = now()
        sleep_until(full + 2 * SECOND)
        room_again = now()
        suffering.disk.free()
        if not suffering.postgres.running:
            suffering.postgres.begin()
        assert until(lambda: all(ready(replica) is None for replica in suffering.replicas))
    assert answers(load.outcomes, full, room_again) == {(200, "")}
    check_all(suffering, load)


def test_a_full_disk_under_sqlite_costs_neither_call_nor_record(tmp_path: Path):
    with (
        SmallDisk(tmp_path / "disk", 20) as disk,
        Cluster(tmp_path, f"sqlite:///{disk.folder}/changeover.db") as cluster,
    ):
        replica = cluster.begin("a")
        with Load(tmp_path / "load", callers(cluster)) as load:
            disk.fill([replica.process.pid])
            time.sleep(2)
            disk.free()
        assert answers(load.outcomes) == {(200, "")}
        assert "drain_failed" in replica.log
        check_all(cluster, load)


def test_on_a_slow_disk_calls_wait_together_and_none_is_lost(
    tmp_path: Path, postgres: PostgresServer
):
    slow = tmp_path / "slow"
    slow.mkdir()
    (slow / "sitecustomize.py").write_text(
        "import os, time\n"
        "at_once = os.fsync\n"
        "def fsync(file):\n    time.sleep(0.2)\n    at_once(file)\n"
        "os.fsync = fsync\n"
    )
    with Cluster(tmp_path, postgres.empty()) as cluster:
        replica = cluster.begin("a", options=("--fsync",), PYTHONPATH=str(slow))
        many = [
            Caller(urls=(replica.url,), key=cluster.keys["strict"], marks=(n,), ways=("openai",))
            for n in range(12)
        ]
        with Load(tmp_path / "load", many) as load:
            began = now()
            sleep_until(began + 3 * SECOND)
        waits = [outcome.ended - outcome.began for outcome in load.outcomes]
        assert min(waits) > 0.2 * SECOND
        assert answers(load.outcomes) == {(200, "")}
        # One after the other, they would be 8 in that time.
        assert len(waits) > 24
        check_all(cluster, load)


def test_a_replica_of_the_previous_release_serves_beside_new_ones(
    tmp_path: Path, postgres: PostgresServer
):
    following = _next_release(tmp_path)
    with Cluster(tmp_path, postgres.empty()) as cluster:
        old = cluster.begin("old")
        with Load(tmp_path / "load", callers(cluster)) as load:
            new = cluster.begin("new", PYTHONPATH=str(following))
            assert _schema(cluster) == NEXT
            order = tmp_path / "ends.yaml"
            order.write_text(directory.order("ends", "many-00"))
            changeover(
                cluster.data,
                "orders",
                "issue",
                str(order),
                CHANGEOVER_DATABASE_URL=cluster.database,
                PYTHONPATH=str(following),
            )
            time.sleep(0.5)
        how = {r["pid"]: r["how"] for r in cluster.enforcement("ends")["replicas"]}
        assert how == {old.process.pid: "confirmed", new.process.pid: "confirmed"}
        assert [cluster.call(r, "many-000")[0] for r in (old, new)] == [451, 451]
        assert answers(load.outcomes) == {(200, "")}
        check_all(cluster, load)
        with pytest.raises(AssertionError, match="this program does not know"):
            cluster.begin("older")


def _next_release(folder: Path) -> Path:
    """A release with one migration more, which adds a column that must be there."""
    release = folder / "next"
    shutil.copytree(MIGRATIONS, release / "migrations")
    (release / "migrations" / "versions" / f"v{NEXT}.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision = {NEXT!r}\n"
        f"down_revision = {HEAD!r}\n"
        "def upgrade():\n"
        "    more = sa.Column('more', sa.Text, nullable=False, server_default='')\n"
        "    op.add_column('call', more)\n"
        "    op.add_column('replica', more.copy())\n"
    )
    (release / "sitecustomize.py").write_text(
        "from pathlib import Path\n"
        "from changeover.storage import upgrade\n"
        f"upgrade.REVISIONS = (*upgrade.REVISIONS, {NEXT!r})\n"
        f"upgrade.HEAD = {NEXT!r}\n"
        "upgrade.MIGRATIONS = Path(__file__).with_name('migrations')\n"
    )
    return release


def _schema(cluster: Cluster) -> str:
    with psycopg.connect(cluster.database) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row is not None
    return str(row[0])
