"""A replica among others: it keeps up with what was committed, and its lease renewed.

One thread does both, so that a lease is never renewed for rules that were not
loaded. It wakes when another process tells of a change, and four times a lease
otherwise:

1. The revision is read, and what is behind it loaded. At least that much is in
   memory afterwards.
2. The renewal says what is loaded, which confirms it, and returns what must be
   loaded. If that is more, it is loaded before the lease begins, which is counted from
   before it was asked for all the same: whoever commits a change after the renewal
   sees the lease in the database. So changes that come faster than they are loaded
   delay what is confirmed, and take nobody's lease away.

A database that is away leaves the lease as it is; it runs out by itself. So does
anything else that fails here: it is tried again, for a thread that ended would never
renew again and say nothing.

A database that was turned back, to a backup or a standby that lacked the last
changes, will count anew the numbers of changes that are in memory here. Nothing can
be confirmed by them any more, so this process calls nobody until it is started anew.
"""

import threading
from collections.abc import Callable

import msgspec
import structlog

from changeover.basics.clock import this_moment
from changeover.basics.errors import ChangeoverError
from changeover.orders.enforcement import Renewal, State
from changeover.orders.lease import Comparison, RenewedLease
from changeover.orders.ports import Replicas

_RENEWALS = 4
_AGAIN_SECONDS = 0.2
_log = structlog.stdlib.get_logger()


class TurnedBackError(ChangeoverError):
    """The database holds less than was loaded from it."""

    code = "database_turned_back"


class Membership:
    """Keeps one process a replica, from `join` to `leave`.

    `who` is how it presents itself; `reload` brings everything in memory up to what
    is committed, and may be called from a thread of this one's own.
    """

    def __init__(
        self, replicas: Replicas, lease: RenewedLease, who: Renewal, reload: Callable[[], None]
    ) -> None:
        self.lease = lease
        self._heard = False
        self._replicas = replicas
        self._who = who
        self._reload = reload
        self._loaded = -1
        self._turned_back: TurnedBackError | None = None
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="membership", daemon=True)

    @property
    def heard(self) -> bool:
        """Whether the database answered when it was last asked, and was not long ago.

        One that hangs answers neither yes nor no: renewals that did not come say so.
        """
        late = self.lease.remaining(this_moment()) < self.lease.terms.seconds / 2
        return self._heard and not late

    def join(self) -> None:
        """Loads what is committed and takes the first lease; raises what the database raises."""
        self._keep_up()
        self._thread.start()

    def tell(self, _: str = "") -> None:
        """That something was committed, or may have been."""
        self._wanted.set()

    def present(self, state: State, address: str | None = None) -> None:
        """Tells the others what it does from now on, and where."""
        address = self._who.address if address is None else address
        self._who = msgspec.structs.replace(self._who, state=state, address=address)
        self._wanted.set()

    def leave(self) -> None:
        """Sends nothing any more and says so; nobody waits for it then."""
        self._stopping.set()
        self._wanted.set()
        if self._thread.ident is not None:
            self._thread.join()
        self.lease.end()
        self._replicas.leave(self._who.start)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait(self.lease.terms.seconds / _RENEWALS)
            self._wanted.clear()
            try:
                self._keep_up()
            except ChangeoverError as error:
                _log.warning("lease_not_renewed", why=error.code)
                self._again()
            except Exception:  # noqa: BLE001 - told, and tried again
                _log.exception("lease_not_renewed")
                self._again()

    def _again(self) -> None:
        self._heard = False
        self._stopping.wait(_AGAIN_SECONDS)
        self._wanted.set()

    def _keep_up(self) -> None:
        if self._turned_back is not None:
            raise self._turned_back
        if self._replicas.revision() > self._loaded:
            self._load()
        if not self._renew():
            self._wanted.set()
        self._heard = True

    def _load(self) -> None:
        revision = self._replicas.revision()
        self._check_forwards(revision)
        self._reload()
        self._loaded = revision

    def _renew(self) -> bool:
        """Begins the lease anew; whether all that it depends on is confirmed."""
        before = this_moment()
        lease = int(self.lease.terms.seconds * 1_000_000)
        renewal = msgspec.structs.replace(self._who, revision=self._loaded, lease=lease)
        renewed = self._replicas.renew(renewal)
        compared = Comparison(before=before, after=this_moment(), theirs=renewed.now)
        self._check_forwards(renewed.revision)
        behind = renewed.revision > self._loaded
        if behind:
            self._load()
        self._who = msgspec.structs.replace(self._who, skew=compared.least_skew)
        self.lease.renew(compared)
        return not behind

    def _check_forwards(self, revision: int) -> None:
        if revision < self._loaded:
            self.lease.end("its database was turned back: it must be started anew")
            self._turned_back = _turned_back(self._loaded, revision)
            raise self._turned_back


def _turned_back(loaded: int, found: int) -> TurnedBackError:
    return TurnedBackError(
        f"The database counts {found} changes, and {loaded} were loaded from it.",
        means="It was restored, or another server took over that lacked the last of them. "
        "This process calls no vendor any more.",
        do="Start every replica anew.",
    )
