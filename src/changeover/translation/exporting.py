"""Taking all of one's translations away: a ZIP, made while it is sent.

Each stands in it twice: as the file that it is, and as JSON with both texts of every segment, who
translated it, and what people did. What was removed and can be brought back is not in it.
"""

import asyncio
from collections.abc import AsyncGenerator

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.chat.exports.archive import Archive
from changeover.identity.people import Account
from changeover.translation.seen import JobSeen
from changeover.translation.usecases import TranslatedFile, Translations

FORMAT = 1


class ExportedTranslation(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a translation's JSON."""

    changeover_translation: int
    translation: JobSeen


class TranslationExports:
    """All of a person's translations as a file."""

    def __init__(self, translations: Translations, clock: Clock) -> None:
        self._translations = translations
        self._clock = clock

    async def archive(self, account: Account) -> AsyncGenerator[bytes]:
        """The ZIP, piece by piece; one translation is in memory at a time."""
        archive = Archive(self._clock.now())
        for line in await asyncio.to_thread(self._translations.all, account):
            try:
                seen, file = await asyncio.to_thread(self._read, account, line.id)
            except NotFoundError:
                continue  # It went while the archive was being made.
            stem, _, ending = file.name.rpartition(".")
            told = ExportedTranslation(changeover_translation=FORMAT, translation=seen)
            written = msgspec.json.format(msgspec.json.encode(told), indent=1)
            changed = seen.line.changed
            for kind, content in ((ending, file.content), ("json", written)):
                if piece := archive.put(stem, kind, content, changed):
                    yield piece
        yield archive.end()

    def _read(self, account: Account, job: str) -> tuple[JobSeen, TranslatedFile]:
        return self._translations.look(account, job), self._translations.file(account, job)
