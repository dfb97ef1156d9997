"""Files and collections over an installation: readers are intake's."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import PurePath

import msgspec

from changeover.basics.progress import Progress
from changeover.chat.choices import Endpoints
from changeover.documents.access import Access
from changeover.documents.collecting import Collecting, CollectingParts
from changeover.documents.embedding import ServiceEmbedder
from changeover.documents.library import Library
from changeover.documents.meaning import Meaning
from changeover.documents.model import FileText
from changeover.documents.picturing import Picturing
from changeover.documents.reading import MisnamedError, Readings
from changeover.documents.searching import Searching
from changeover.documents.tending import Tending, TendingParts
from changeover.gateway.own_embedding import OwnEmbedding
from changeover.gateway.serving import Serving
from changeover.intake.formats import text_of
from changeover.intake.formats.recognising import named_otherwise
from changeover.intake.formats.recognition import program, recognise
from changeover.wiring.installation import Installation

EMBEDDING_SERVICE = "CHANGEOVER_EMBEDDING_SERVICE"
_TABLES = frozenset({".csv", ".tsv"})


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """Files, collections, and searching them."""

    library: Library
    collecting: Collecting
    searching: Searching
    picturing: Picturing


@asynccontextmanager
async def keeping_documents(
    installation: Installation, serving: Serving, endpoints: Endpoints, service: str, start: str
) -> AsyncGenerator[Documents]:
    """What the process `start` keeps for the people of a service, until the block ends."""

    def living() -> frozenset[str]:
        with installation.database.reading() as work:
            return work.alive.starts()

    database, clock, rules = installation.database, installation.clock, installation.office.rules
    held, offload = installation.records.held, asyncio.to_thread
    access = Access(rules, held)
    embedder = _embedder(installation, serving, endpoints)
    tending = Tending(
        TendingParts(
            store=database,
            embedder=embedder,
            clock=clock,
            offload=offload,
            start=start,
            living=living,
            held=held,
        )
    )
    readings = Readings(database, read_document, start, offload, read=tending.soon, sees=words_seen)
    collecting = Collecting(
        CollectingParts(
            store=database,
            tending=tending,
            rules=rules,
            access=access,
            clock=clock,
            offload=offload,
            service=service,
        )
    )
    meaning = None if embedder is None else Meaning(database, embedder, offload)
    async with readings.running(living), tending.running():
        yield Documents(
            library=Library(database, readings, access, clock, offload),
            collecting=collecting,
            searching=Searching(database, access, offload, meaning),
            picturing=Picturing(database, offload),
        )


def _embedder(
    installation: Installation, serving: Serving, endpoints: Endpoints
) -> ServiceEmbedder | None:
    service = installation.environment.get(EMBEDDING_SERVICE)
    if not service:
        return None
    rules, clock = installation.office.rules, installation.clock
    return ServiceEmbedder(OwnEmbedding(serving), rules, clock, endpoints.reaches, service)


def words_seen(picture: bytes) -> str:
    """The words in a picture, where this machine has text recognition; "" elsewhere."""
    tesseract = program()
    return "" if tesseract is None else recognise(tesseract, picture)


def read_document(content: bytes, name: str, progress: Progress) -> FileText:
    """A document's text; one that is not what its name says is refused."""
    found = text_of(content, name, progress)
    if named_otherwise(found.form, name):
        raise MisnamedError(name)
    tabular = found.form == "text" and PurePath(name).suffix.lower() in _TABLES
    return FileText(text=found.text, pages=found.pages, notes=found.notes, tabular=tabular)
