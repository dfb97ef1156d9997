"""The chat over an installation and its way to models."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec

from changeover.basics.clock import SystemClock
from changeover.chat.choices import Endpoints
from changeover.chat.exports.usecases import ExportParts, Exports
from changeover.chat.filing import Filing
from changeover.chat.generation import Generations
from changeover.chat.generation import Parts as GenerationParts
from changeover.chat.imports.usecases import ImportParts, Imports
from changeover.chat.instructions import Instructing
from changeover.chat.log import EventLog
from changeover.chat.prompting import Prompting
from changeover.chat.rating import FeedbackGiving
from changeover.chat.removing import Removals, Removing, RemovingParts
from changeover.chat.searching import Searching as Finding
from changeover.chat.sharing import Sharing
from changeover.chat.shelving import Shelving
from changeover.chat.temporary import Temporaries, TemporaryParts
from changeover.chat.titles import Titling
from changeover.chat.usecases import Chats, Parts
from changeover.gateway.conversing import Conversing
from changeover.gateway.serving import Serving
from changeover.web.api import Operation, Stream
from changeover.web.chat import operations as chat_operations
from changeover.web.chat_exports import operations as export_operations
from changeover.web.chat_folders import operations as folder_operations
from changeover.web.chat_imports import operations as import_operations
from changeover.web.chat_prompts import operations as prompt_operations
from changeover.web.chat_removing import feedback_operations, removing_operations
from changeover.web.chat_shares import operations as share_operations
from changeover.web.chat_temporary import operations as temporary_operations
from changeover.web.collections import operations as collection_operations
from changeover.web.files import operations as file_operations
from changeover.wiring.files import Documents, keeping_documents
from changeover.wiring.installation import Installation
from changeover.wiring.temporary_hours import HOURS_VARIABLE, read_hours

SERVICE = "statechat"
"""The service that people chat with."""


class Talking(msgspec.Struct, frozen=True, kw_only=True):
    """The chat, and how conversations leave it and come in."""

    chats: Chats
    temporaries: Temporaries
    removing: Removing
    rating: FeedbackGiving
    shelving: Shelving
    exports: Exports
    sharing: Sharing
    imports: Imports


@asynccontextmanager
async def talks(
    installation: Installation, serving: Serving, endpoints: Endpoints, start: str
) -> AsyncGenerator[list[Operation | Stream]]:
    """The operations of the chat and of its files in the process `start`, until the block ends."""
    instructing = Instructing(installation.database, installation.clock, asyncio.to_thread)
    searching = Finding(installation.database, asyncio.to_thread)
    filing = Filing(installation.database, installation.clock, asyncio.to_thread)
    prompting = Prompting(
        installation.database, installation.office.rules, installation.clock, asyncio.to_thread
    )
    async with (
        keeping_documents(installation, serving, endpoints, SERVICE, start) as documents,
        chatting(installation, serving, endpoints, start, documents) as talking,
    ):
        yield [
            *chat_operations(talking.chats, instructing, talking.shelving, searching),
            *folder_operations(filing),
            *prompt_operations(prompting),
            *share_operations(talking.sharing),
            *temporary_operations(talking.temporaries),
            *removing_operations(talking.removing),
            *feedback_operations(talking.rating),
            *export_operations(talking.exports),
            *import_operations(talking.imports),
            *file_operations(documents.library),
            *collection_operations(documents.collecting),
        ]


@asynccontextmanager
async def chatting(
    installation: Installation,
    serving: Serving,
    endpoints: Endpoints,
    start: str,
    documents: Documents,
) -> AsyncGenerator[Talking]:
    """The chat of the process `start`, running, until the block ends.

    It listens for itself: what others write never delays what they change.
    """
    talking, signals = (
        _talking(installation, serving, endpoints, start, documents),
        installation.database.signals(),
    )
    chats = talking.chats
    async with chats.running(), talking.temporaries.running(), talking.removing.running():
        if signals is None:
            yield talking
            return
        signals.subscribe("chat", chats.heard)
        signals.start()
        try:
            yield talking
        finally:
            await asyncio.to_thread(signals.close)


def _talking(
    installation: Installation,
    serving: Serving,
    endpoints: Endpoints,
    start: str,
    documents: Documents,
) -> Talking:
    rules, clock = installation.office.rules, installation.clock
    log, models = EventLog(installation.database, clock, start=start), Conversing(serving)
    generations = Generations(
        GenerationParts(
            log=log,
            models=models,
            rules=rules,
            endpoints=endpoints,
            clock=clock,
            demonstration=installation.demonstration,
        )
    )
    chats = Chats(
        Parts(
            log=log,
            generations=generations,
            titling=Titling(log, models),
            rules=rules,
            endpoints=endpoints,
            clock=clock,
            sources=documents.searching,
            pictures=documents.picturing,
            service=SERVICE,
        )
    )
    exporting = ExportParts(log=log, rules=rules, clock=clock)
    records = installation.records
    removals = Removals(
        clock, installation.sequencer.begin_to_catch_up, demonstration=installation.demonstration
    )
    temporary = TemporaryParts(
        log=log,
        chats=chats,
        clock=SystemClock(),
        hours=read_hours(installation.environment.get(HOURS_VARIABLE)),
        holds=records,
        removals=removals,
    )
    removing = RemovingParts(log=log, chats=chats, keeping=records, removals=removals, clock=clock)
    return Talking(
        chats=chats,
        temporaries=Temporaries(temporary),
        removing=Removing(removing),
        rating=FeedbackGiving(log, clock),
        shelving=Shelving(log, clock),
        exports=Exports(exporting),
        sharing=Sharing(exporting),
        imports=Imports(
            ImportParts(
                log=log,
                clock=clock,
                service=SERVICE,
                admits=chats.admit,
                holds=records,
                removals=removals,
            )
        ),
    )
