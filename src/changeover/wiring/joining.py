"""Making a serving process one of the replicas on its database, and a lone one when it is."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from changeover import __version__
from changeover.basics.errors import ChangeoverError
from changeover.orders.enforcement import Renewal
from changeover.orders.lease import EndlessLease, Lease, RenewedLease, Terms
from changeover.orders.membership import Membership
from changeover.storage.signals import Channel, Taker
from changeover.wiring.installation import Installation

_log = structlog.stdlib.get_logger()


class Joined:
    """A process that serves: its lease, and what it tells the others. Alone, it tells nobody."""

    def __init__(self, lease: Lease, membership: Membership | None) -> None:
        self.lease = lease
        self._membership = membership

    @property
    def apart(self) -> bool:
        """Whether the database was not to be reached when it was last asked for the lease."""
        return self._membership is not None and not self._membership.heard

    def serve(self, address: str) -> None:
        """Tells where it takes calls."""
        if self._membership is not None:
            self._membership.present("serving", address)

    def withdraw(self) -> None:
        """Tells that it takes no new calls; it needs its lease for those it has."""
        if self._membership is not None:
            self._membership.present("leaving")


@contextmanager
def joined(
    installation: Installation, start: str, terms: Terms, reload: Callable[[], None]
) -> Iterator[Joined]:
    """A replica from here to the end of the block; `reload` brings its memory up to date."""
    replicas = installation.replicas
    if replicas is None:
        yield Joined(EndlessLease(), None)
        return
    who = Renewal(
        start=start,
        host=socket.gethostname(),
        pid=os.getpid(),
        address="",
        version=__version__,
        lease=0,
        revision=0,
        skew=0,
        state="starting",
    )
    membership = Membership(replicas, RenewedLease(terms), who, reload)
    membership.join()
    try:
        with (
            _hearing(installation, "revision", membership.tell),
            _hearing(installation, "use", installation.note_uses),
        ):
            yield Joined(membership.lease, membership)
    finally:
        try:
            membership.leave()
        except ChangeoverError as error:
            # The others wait until its lease has run out, as for one that was killed.
            _log.warning("leaving_not_told", why=error.code)


@contextmanager
def _hearing(installation: Installation, channel: Channel, taker: Taker) -> Iterator[None]:
    """Has `taker` told what comes, in a thread of its own: what one does delays no other."""
    signals = installation.database.signals()
    if signals is None:
        yield
        return
    signals.subscribe(channel, taker)
    signals.start()
    try:
        yield
    finally:
        signals.close()
