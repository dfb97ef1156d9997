"""Networks at the desk: how old each may let its record be, bundles out and in."""

from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.text import Bilingual
from changeover.directory.model import WhenStale
from changeover.isolation.bundles import BundleHeader
from changeover.isolation.office import BundleOffice, ImportPreview
from changeover.orders.model import Imported
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.drafts import writer_of
from changeover.web.prepared import OFFICERS


class NetworkParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with."""

    bundles: BundleOffice
    office: Office
    clock: Clock
    demonstration: bool


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class ExportBundle(_Body, frozen=True, kw_only=True):
    """An export to a network: all that it may know, or what came since the last one."""

    network: str
    whole: bool = False


class BundleFile(_Body, frozen=True, kw_only=True):
    """A bundle to look at (base64 in JSON)."""

    content: bytes


class ImportBundle(_Body, frozen=True, kw_only=True):
    """A bundle to import, with what its preview said."""

    content: bytes
    seen: str


class ExportedBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that was exported (base64 in JSON), and the name for its file."""

    header: BundleHeader
    name: str
    content: bytes


class NetworkLine(msgspec.Struct, frozen=True, kw_only=True):
    """A network; `exported` and `exported_at` tell of the last bundle for it.

    `stale_from` is when the record here is too old for it, where the record came by import.
    """

    id: str
    name: Bilingual
    level: str
    rank: int
    default: str
    max_age_days: int | None
    when_stale: WhenStale
    services: int
    exported: int | None
    exported_at: datetime | None
    exported_by: str | None
    stale_from: datetime | None


class NetworksPage(msgspec.Struct, frozen=True, kw_only=True):
    """Networks, the most secret first. `here` is the one that this installation stands on.

    `verifier` is the key that bundles from here are signed with, `trusts` the names of the
    keys whose bundles may be imported.
    """

    demonstration: bool
    now: datetime
    zone: str
    here: str | None
    verifier: str | None
    trusts: tuple[str, ...]
    imported: Imported | None
    networks: tuple[NetworkLine, ...]


def operations(parts: NetworkParts) -> list[Operation | Stream]:
    """`/desk/networks`."""
    desk = _Networks(parts)
    role, base = OFFICERS, "/desk/networks"
    return [
        Operation("GET", base, None, NetworksPage, role, desk.page, "Networks and their records."),
        Operation(
            "POST",
            base + "/exports",
            ExportBundle,
            ExportedBundle,
            role,
            desk.export,
            "Export a bundle for a network.",
        ),
        Operation(
            "POST",
            base + "/preview",
            BundleFile,
            ImportPreview,
            role,
            desk.preview,
            "What importing a bundle would do.",
        ),
        Operation(
            "POST",
            base + "/imports",
            ImportBundle,
            Imported,
            role,
            desk.take_in,
            "Import a bundle.",
        ),
    ]


class _Networks:
    """Each method answers one operation."""

    def __init__(self, parts: NetworkParts) -> None:
        self._parts = parts

    def page(self, _: Caller, __: None, ___: Params) -> NetworksPage:
        bundles, office = self._parts.bundles, self._parts.office
        directory = office.directory()
        networks = () if directory is None else tuple(directory.networks)
        return NetworksPage(
            demonstration=self._parts.demonstration,
            now=self._parts.clock.now(),
            zone="UTC" if directory is None else directory.zone,
            here=bundles.place.network,
            verifier=bundles.verifier,
            trusts=tuple(key.name for key in bundles.place.trusted),
            imported=bundles.last(),
            networks=tuple(
                sorted(map(self._line, networks), key=lambda line: (-line.rank, line.id))
            ),
        )

    def _line(self, name: str) -> NetworkLine:
        ruleset = self._parts.office.rules.current
        network = ruleset.directory.networks[name]
        kept = self._parts.bundles.exports().get(name)
        exported = None if kept is None or kept.value is None else kept.value.header
        return NetworkLine(
            id=name,
            name=network.name,
            level=network.level,
            rank=network.rank,
            default=network.default,
            max_age_days=network.max_age_days,
            when_stale=network.when_stale,
            services=sum(s.network == name for s in ruleset.directory.services.values()),
            exported=None if exported is None else exported.sequence,
            exported_at=None if exported is None else exported.made,
            exported_by=None if kept is None else kept.by,
            stale_from=self._parts.bundles.stale_from(name),
        )

    def export(self, caller: Caller, body: ExportBundle, _: Params) -> ExportedBundle:
        by = writer_of(caller)
        content, exported = self._parts.bundles.export(body.network, by, whole=body.whole)
        header = exported.header
        return ExportedBundle(
            header=header,
            name=f"{header.network}-{header.sequence:04}.bundle",
            content=content,
        )

    def preview(self, _: Caller, body: BundleFile, __: Params) -> ImportPreview:
        return self._parts.bundles.preview(body.content)

    def take_in(self, caller: Caller, body: ImportBundle, _: Params) -> Imported:
        return self._parts.bundles.take_in(body.content, writer_of(caller), seen=body.seen)
