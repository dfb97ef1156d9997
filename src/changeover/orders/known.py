"""Reading the record back: what was known at an instant.

The record is append-only, so what was known at K is the entries recorded at or
before K: the last directory among them, and every instrument and release. Of
earlier directories two things are kept. Since when each route that a binding
reaches has been on record, since an existing use cannot be made up afterwards
(`uses.py`); one that a directory leaves out and a later one has is new. And what
services and routes were that are others now, since whether a use is the same one
is asked of both. Calls are known by day; a day that had not ended at K was not
known then.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import microseconds
from changeover.directory import encoding as directory_encoding
from changeover.directory.model import Directory
from changeover.orders.encoding import from_bytes
from changeover.orders.model import Imported, Issued, Release
from changeover.orders.ports import RecordEntry
from changeover.orders.ruleset import Known
from changeover.orders.uses import DAY, Reader, Recorded, RouteThen, ServiceThen, Stated, Then, Use


class RecordReader:
    """The record as far as it was read; it goes on with what follows."""

    def __init__(self) -> None:
        self.directory: Directory | None = None
        self.issued: list[Issued] = []
        self.releases: list[Release] = []
        self.imported: Imported | None = None
        self.last = 0
        self._stated: dict[Stated, Recorded] = {}
        self._services: dict[str, list[ServiceThen]] = {}
        self._routes: dict[str, list[RouteThen]] = {}
        self._digest = hashlib.sha256()
        self.calls: tuple[tuple[Use, int], ...] = ()
        self._called = b""

    def take(self, entries: Iterable[RecordEntry]) -> None:
        """Reads the next entries."""
        for entry in entries:
            match entry.kind:
                case "directory":
                    self._take_directory(entry)
                case "instrument":
                    self.issued.append(from_bytes(entry.body, Issued))
                case "release":
                    self.releases.append(from_bytes(entry.body, Release))
                case "import":
                    self.imported = from_bytes(entry.body, Imported)
            self._digest.update(hashlib.sha256(entry.body).digest())
            self.last = entry.seq

    def take_calls(self, calls: Iterable[tuple[Use, int]]) -> None:
        """Knows these calls, and no others."""
        self.calls = tuple(sorted(calls, key=_sort_key))
        digest = hashlib.sha256()
        for use, day in self.calls:
            digest.update(f"{use.service}\n{use.purpose}\n{use.maker}\n{day}\n".encode())
        self._called = digest.digest()

    @property
    def version(self) -> str:
        """The last entry and a digest over all of them and the calls.

        What has the same version gives the same answers.
        """
        digest = self._digest.copy()
        digest.update(self._called)
        return f"r{self.last}-{digest.hexdigest()[:12]}"

    def known(self) -> Known:
        """What is known; `NotFoundError` when no directory was recorded."""
        if self.directory is None:
            raise NotFoundError(
                "No directory was recorded by then.",
                means="Nothing is known of parties, services or models at that instant.",
                do="Record one with `changeover apply DIR`, or ask for a later instant.",
            )
        return Known(
            directory=self.directory,
            issued=tuple(self.issued),
            releases=tuple(self.releases),
            calls=self.calls,
            stated=self._stated,
            services={id_: tuple(s) for id_, s in self._services.items() if len(s) > 1},
            routes={id_: tuple(r) for id_, r in self._routes.items() if len(r) > 1},
            seq=self.last,
            imported=self.imported,
        )

    def _take_directory(self, entry: RecordEntry) -> None:
        self.directory = directory_encoding.from_bytes(entry.body)
        at = microseconds(entry.recorded)
        reader = Reader(self.directory)
        before, self._stated = self._stated, {}
        for binding in self.directory.bindings:
            stated = reader.stated(binding)
            if stated is not None:
                known = before.get(stated, {})
                routes = reader.routes(binding)
                self._stated[stated] = {route: known.get(route, at) for route in routes}
        for service in self.directory.services.values():
            now = ServiceThen(
                recorded=at,
                party=service.party,
                network=service.network,
                users=service.users,
                budget=service.budget,
            )
            _note(self._services.setdefault(service.id, []), now)
        for route in self.directory.routes.values():
            version = RouteThen(recorded=at, upstream_model=route.upstream_model)
            _note(self._routes.setdefault(route.id, []), version)


def read_known(
    entries: Sequence[RecordEntry],
    calls: Iterable[tuple[Use, int]] = (),
    *,
    known_at: datetime | None = None,
) -> tuple[Known, str]:
    """What the entries say as known at an instant (now, when None), and its version.

    Raises `NotFoundError` when no directory was recorded by then.
    """
    reader = RecordReader()
    reader.take(e for e in entries if known_at is None or e.recorded <= known_at)
    reader.take_calls(_known_calls(calls, known_at))
    return reader.known(), reader.version


def _note(states: list[Then], now: Then) -> None:
    """Adds what is so now, unless it was so before."""
    if not states or msgspec.structs.replace(states[-1], recorded=now.recorded) != now:
        states.append(now)


def _known_calls(
    calls: Iterable[tuple[Use, int]], known_at: datetime | None
) -> Iterable[tuple[Use, int]]:
    if known_at is None:
        return calls
    first_unknown = microseconds(known_at) // DAY
    return ((use, day) for use, day in calls if day < first_unknown)


def _sort_key(called: tuple[Use, int]) -> tuple[str, str, str, int]:
    use, day = called
    return use.service, use.purpose, use.maker, day
