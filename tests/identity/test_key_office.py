"""Keys as officers handle them, over a database."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from changeover.identity.keys import KeyRing, RevokedKeyError, UnknownKeyError
from changeover.identity.model import KeyRequest
from changeover.identity.office import KeyOffice
from changeover.identity.usecases import Rotation
from changeover.storage.database import Database
from tests.orders.conftest import Desk
from tests.orders.worlds import directory

REQUEST = KeyRequest(service="desk", slot="chat")


class SlowRing(KeyRing):
    """A ring that one thread is slow to fill."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()

    def replace(self, keys) -> None:
        found = list(keys)
        if threading.current_thread().name == "slow":
            self.reached.set()
            self.go_on.wait(5)
        super().replace(found)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        yield Desk(database)


def test_a_revoked_key_never_works_again_however_slow_another_act_is(desk: Desk):
    ring = SlowRing()
    office = KeyOffice(desk.works, ring, desk.clock)
    made = office.create(directory(), REQUEST, by="a")
    slow = threading.Thread(name="slow", target=lambda: office.create(directory(), REQUEST, by="a"))
    slow.start()
    ring.reached.wait(5)
    revoking = threading.Thread(target=lambda: office.revoke(made.key.prefix, by="a"))
    revoking.start()
    revoking.join(0.2)
    ring.go_on.set()
    slow.join(5)
    revoking.join(5)
    with pytest.raises(RevokedKeyError):
        ring.authenticate(made.secret.reveal(), desk.clock.now())
    assert len(office.all()) == 2


def test_every_act_on_keys_is_counted_for_the_replicas_and_told_to_the_ledger(desk: Desk):
    office = KeyOffice(desk.works, KeyRing(), desk.clock)
    numbers = [_revision(desk)]
    made = office.create(directory(), REQUEST, by="a").key
    numbers.append(_revision(desk))
    rotated = office.rotate(Rotation(named=made.prefix, overlap=timedelta(days=7)), by="b")
    numbers.append(_revision(desk))
    office.revoke(made.prefix, by="c")
    numbers.append(_revision(desk))
    assert numbers == [numbers[0] + n for n in range(4)]
    with desk.database.reading() as work:
        told = [msgspec.json.decode(entry.body) for entry in work.ledger.entries()]
    assert [entry["kind"] for entry in told] == ["key-created", "key-rotated", "key-revoked"]
    new = rotated.issued
    assert (told[1]["prefix"], told[1]["replaces"]) == (new.key.prefix, made.prefix)
    assert new.secret.reveal().encode() not in msgspec.json.encode(told)


def test_what_another_process_did_is_in_force_once_the_keys_are_loaded(desk: Desk):
    here, there = KeyRing(), KeyRing()
    acting = KeyOffice(desk.works, here, desk.clock)
    replica = KeyOffice(desk.works, there, desk.clock)
    made = acting.create(directory(), REQUEST, by="a")
    with pytest.raises(UnknownKeyError):
        there.authenticate(made.secret.reveal(), desk.clock.now())
    replica.load()
    assert there.authenticate(made.secret.reveal(), desk.clock.now()) == made.key
    acting.revoke(made.key.prefix, by="a")
    replica.load()
    with pytest.raises(RevokedKeyError):
        there.authenticate(made.secret.reveal(), desk.clock.now())


def _revision(desk: Desk) -> int:
    with desk.database.reading() as work:
        return work.revisions.number()
