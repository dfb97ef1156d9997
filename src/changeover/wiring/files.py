"""The files of conversations over an installation: readers are intake's."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import PurePath

from changeover.basics.progress import Progress
from changeover.documents.library import Library
from changeover.documents.model import FileText
from changeover.documents.reading import MisnamedError, Readings
from changeover.intake.formats import text_of
from changeover.intake.formats.recognising import named_otherwise
from changeover.wiring.installation import Installation

_TABLES = frozenset({".csv", ".tsv"})


@asynccontextmanager
async def keeping_files(installation: Installation, start: str) -> AsyncGenerator[Library]:
    """The files that the process `start` takes and reads, until the block ends."""

    def living() -> frozenset[str]:
        with installation.database.reading() as work:
            return work.alive.starts()

    database = installation.database
    readings = Readings(database, read_document, start, asyncio.to_thread)
    async with readings.running(living):
        yield Library(database, readings, installation.clock, asyncio.to_thread)


def read_document(content: bytes, name: str, progress: Progress) -> FileText:
    """A document's text; one that is not what its name says is refused."""
    found = text_of(content, name, progress)
    if named_otherwise(found.form, name):
        raise MisnamedError(name)
    tabular = found.form == "text" and PurePath(name).suffix.lower() in _TABLES
    return FileText(text=found.text, pages=found.pages, notes=found.notes, tabular=tabular)
