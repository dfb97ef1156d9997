"""Evidence at the desk: packs for inspectors, and canaries that show that routes refuse."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.basics.nearest import advice, unknown
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.directory.rules import lineage
from changeover.gateway.canaries import Canary
from changeover.orders.ports import Works
from changeover.orders.usecases import Office
from changeover.web.api import Caller, FileAnswer, Operation, Params, Stream
from changeover.web.prepared import OFFICERS


class CanaryMaker(Protocol):
    """Makes canaries of routes, and tells the ledger of them."""

    async def make(self, routes: Sequence[str], *, by: str) -> list[Canary]: ...


class PackWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack that is asked for: of which vendor, from when, until when, of which party or all."""

    vendor: str
    since: str
    until: str
    party: str | None = None


class PackLine(msgspec.Struct, frozen=True, kw_only=True):
    """A pack of this server: what was asked, how far it has come, and what it shows.

    `done` of `of` entries are read; it is not known of how many at first (0). `verdict`, the number
    of calls `sent` and the verifier's `reasons` are there when it is made, with its `size` in
    bytes and its SHA-256; `problem` says why it was not.
    """

    id: str
    vendor: str
    since: str
    until: str
    party: str | None
    by: str
    at: datetime
    state: Literal["making", "made", "failed"]
    done: int = 0
    of: int = 0
    verdict: str | None = None
    sent: int = 0
    reasons: tuple[str, ...] = ()
    size: int = 0
    sha256: str = ""
    problem: str = ""


class PackMaker(Protocol):
    """Makes packs and keeps them."""

    def all(self) -> list[PackLine]: ...

    async def make(self, wanted: PackWanted, *, by: str) -> PackLine: ...

    def file(self, pack: str) -> tuple[PackLine, AsyncIterator[bytes]]: ...


class EvidencePage(msgspec.Struct, frozen=True, kw_only=True):
    """The packs there are, and of whom one can be asked for."""

    demonstration: bool
    now: datetime
    zone: str
    vendors: dict[str, Bilingual]
    parties: dict[str, Bilingual]
    packs: tuple[PackLine, ...]


class EvidenceParts(msgspec.Struct, frozen=True, kw_only=True):
    """What evidence at the desk needs."""

    office: Office
    clock: Clock
    canaries: CanaryMaker
    packs: PackMaker
    works: Works
    demonstration: bool


class CanariesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which vendor's routes are asked for."""

    vendor: str


class CanariesMade(msgspec.Struct, frozen=True, kw_only=True):
    """What came of each route to the vendor."""

    routes: tuple[Canary, ...]


def operations(parts: EvidenceParts) -> list[Operation | Stream]:
    """`/desk/evidence` and below."""
    desk, path = _EvidenceDesk(parts), "/desk/evidence"
    summary = "Ask for each route to a vendor as each service would, against a sink."
    canaries = f"{path}/canaries"
    return [
        Operation("GET", path, None, EvidencePage, OFFICERS, desk.page, "Packs, and their makers."),
        Operation(
            "POST", f"{path}/packs", PackWanted, PackLine, OFFICERS, desk.pack,
            "Begin to make an evidence pack.",
        ),
        Operation(
            "GET", f"{path}/packs/{{id}}", None, FileAnswer, OFFICERS, desk.file,
            "An evidence pack that was made, as a file.",
        ),
        Operation(
            "POST", canaries, CanariesAsked, CanariesMade, OFFICERS, desk.try_routes, summary
        ),
    ]  # fmt: skip


class _EvidenceDesk:
    def __init__(self, parts: EvidenceParts) -> None:
        self._parts = parts

    def page(self, _: Caller, __: None, ___: Params) -> EvidencePage:
        parts, rules = self._parts, self._parts.office.rules
        directory = rules.current.directory if rules.ready else Directory(zone="UTC")
        return EvidencePage(
            demonstration=parts.demonstration,
            now=parts.clock.now(),
            zone=directory.zone,
            vendors={vendor.id: vendor.name for vendor in directory.vendors.values()},
            parties={party.id: party.name for party in directory.parties.values()},
            packs=tuple(parts.packs.all()),
        )

    async def pack(self, caller: Caller, body: PackWanted, _: Params) -> PackLine:
        return await self._parts.packs.make(body, by=caller.account.name)

    async def file(self, caller: Caller, _: None, params: Params) -> FileAnswer:
        """The file, of which the ledger is told before it leaves."""
        line, pieces = self._parts.packs.file(params["id"])
        await asyncio.to_thread(self._tell, line, caller)
        return FileAnswer(
            f"evidence-{line.vendor.replace('/', '-')}.zip", "application/zip", pieces
        )

    def _tell(self, line: PackLine, caller: Caller) -> None:
        told = {"what": f"evidence on {line.vendor}", "form": "zip", "sha256": line.sha256}
        with self._parts.works.begin() as work:
            work.tell("export", self._parts.clock.now(), told | {"account": caller.account.id})

    async def try_routes(self, caller: Caller, body: CanariesAsked, _: Params) -> CanariesMade:
        routes = routes_to(self._parts.office.rules.current.directory, body.vendor)
        made = await self._parts.canaries.make(routes, by=caller.account.name)
        return CanariesMade(routes=tuple(made))


def routes_to(directory: Directory, vendor: str) -> list[str]:
    """The routes that lead to a vendor: maker, host or reseller; `NotFoundError`."""
    if vendor not in directory.vendors:
        raise NotFoundError(unknown("vendor", vendor), do=advice(vendor, directory.vendors))
    reached = (lineage(directory, route) for route in directory.routes)
    return [one.route for one in reached if vendor in {*one.makers, one.host, one.reseller}]
