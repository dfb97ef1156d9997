"""The desk's operation that says what an order would do before it is issued.

An instrument in a file may act on orders on record and on prepared ones; those
that are prepared are previewed with it, as they would be issued with it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Bilingual
from changeover.orders.model import Instrument, Issued
from changeover.orders.preview import PreviewChange
from changeover.orders.proposals import Previewed, ProposalOffice
from changeover.orders.source import load_instruments
from changeover.orders.usecases import Office
from changeover.web.desk import File
from changeover.web.desk_routes import post_route


class AskPreview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A prepared order by its id, or an instrument's YAML file; one of the two."""

    order: str | None = None
    file: File | None = None
    at_once: bool = False


class PreviewTold(msgspec.Struct, frozen=True, kw_only=True):
    """What issuing an order now would do; instants are local to `zone`."""

    id: str
    title: Bilingual
    zone: str
    effective: datetime | None
    changes: tuple[PreviewChange, ...]
    unaffected: int
    later: tuple[datetime, ...]
    warnings: tuple[Bilingual, ...]


def preview_routes(proposals: ProposalOffice, office: Office, clock: Clock) -> list[Route]:
    """`/previews`."""

    def preview(_: Request, body: AskPreview) -> Any:
        directory = office.rules.current.directory
        if body.order is not None:
            found = proposals.preview(body.order, at_once=body.at_once)
        elif body.file is not None:
            written = _only(
                load_instruments(
                    [body.file.read()],
                    directory,
                    [each.id for each in proposals.all()],
                    on_record=office.instruments(),
                    issuing=clock.now(),
                ),
                body.file.name,
            )
            found = proposals.preview_other(written, at_once=body.at_once)
        else:
            raise InvalidInputError("Say which order to preview: its id, or its file.")
        return _told(found, directory.zone)

    return [post_route("/previews", AskPreview, preview)]


def _only(found: Sequence[Issued], file: str) -> Instrument:
    if len(found) != 1:
        raise InvalidInputError(
            f"{file} holds {len(found)} instruments.",
            means="One is previewed at a time.",
            do="Put the instrument into a file of its own.",
        )
    return found[0].instrument


def _told(found: Previewed, zone: str) -> PreviewTold:
    effects = found.effects
    return PreviewTold(
        id=found.instrument.id,
        title=found.instrument.title,
        zone=zone,
        effective=effects.at,
        changes=effects.changes,
        unaffected=effects.unaffected,
        later=effects.later,
        warnings=found.warnings,
    )
