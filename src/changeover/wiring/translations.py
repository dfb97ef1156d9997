"""Translation over an installation and its way to models."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from changeover.chat.choices import Endpoints
from changeover.gateway.conversing import Conversing
from changeover.gateway.serving import Serving
from changeover.translation.calling import TranslatingParts
from changeover.translation.exporting import TranslationExports
from changeover.translation.glossaries import Glossaries
from changeover.translation.removing import RemovingTranslations, RemovingTranslationsParts
from changeover.translation.translating import Translating
from changeover.translation.usecases import TranslationParts, Translations
from changeover.web.api import Operation, Stream
from changeover.web.glossaries import operations as glossary_operations
from changeover.web.translations import TranslationDesk, operations
from changeover.wiring.chats import SERVICE, talks
from changeover.wiring.files import read_document
from changeover.wiring.installation import Installation

SERVICE_VARIABLE = "CHANGEOVER_TRANSLATION_SERVICE"
_SLOT, _CHAT_SLOT = "translation", "chat"


@asynccontextmanager
async def talks_and_translates(
    installation: Installation, serving: Serving, endpoints: Endpoints, start: str
) -> AsyncGenerator[list[Operation | Stream]]:
    """The operations of what people ask models for, until the block ends."""
    async with (
        talks(installation, serving, endpoints, start) as talked,
        _translates(installation, serving, endpoints, start) as translated,
    ):
        yield [*talked, *translated]


@asynccontextmanager
async def _translates(
    installation: Installation, serving: Serving, endpoints: Endpoints, start: str
) -> AsyncGenerator[list[Operation | Stream]]:
    """The operations of translation in the process `start`, until the block ends.

    A service of its own is asked in its slot `translation`; without one, the chat's in `chat`.
    """
    database, clock = installation.database, installation.clock
    service = installation.environment.get(SERVICE_VARIABLE)

    def living() -> frozenset[str]:
        with database.reading() as work:
            return work.alive.starts()

    glossaries = Glossaries(installation.works, installation.office.rules, clock)
    translating = Translating(
        TranslatingParts(
            store=database,
            models=Conversing(serving),
            rules=installation.office.rules,
            endpoints=endpoints,
            clock=clock,
            offload=asyncio.to_thread,
            service=service or SERVICE,
            slot=_SLOT if service else _CHAT_SLOT,
            start=start,
            living=living,
            demonstration=installation.demonstration,
        )
    )
    translations = Translations(
        TranslationParts(
            store=database,
            translating=translating,
            reads=read_document,
            terms=glossaries.terms,
            now=clock.now,
        )
    )
    removing = RemovingTranslations(
        RemovingTranslationsParts(
            store=database,
            keeping=installation.records,
            clock=clock,
            sequence=installation.sequencer.begin_to_catch_up,
            demonstration=installation.demonstration,
        )
    )
    async with translating.running(), removing.running():
        parts = TranslationDesk(
            translations=translations,
            translating=translating,
            removing=removing,
            exports=TranslationExports(translations, clock),
            zone=lambda: installation.office.rules.current.directory.zone,
        )
        yield [*operations(parts), *glossary_operations(glossaries)]
