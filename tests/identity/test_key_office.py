"""Keys as officers handle them, over a database."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from changeover.identity.keys import KeyRing, RevokedKeyError
from changeover.identity.office import KeyOffice
from changeover.identity.usecases import KeyRequest
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
