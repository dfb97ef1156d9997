"""Taking one's conversations away: one in a form to read or keep, or all of them.

A person may always take what is theirs: nothing is asked of a model, and no order, nor a
move to another department, closes this door.
"""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.basics.text import Bilingual, Language
from changeover.chat.exports.archive import Archive
from changeover.chat.exports.format import filed, written
from changeover.chat.exports.markdown import markdown
from changeover.chat.exports.names import file_name
from changeover.chat.exports.transcript import Setting, Transcript, transcript
from changeover.chat.exports.word import word
from changeover.chat.log import EventLog
from changeover.chat.ports import Offload
from changeover.chat.shelf import Loaded, load
from changeover.identity.people import Account
from changeover.orders.in_force import Rules

Form = Literal["markdown", "word", "json"]
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ExportedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file: its name, its type, and its bytes (base64 in JSON)."""

    name: str
    type: str
    content: bytes


class ExportParts(msgspec.Struct, frozen=True, kw_only=True):
    """What exporting works with."""

    log: EventLog
    rules: Rules
    clock: Clock
    offload: Offload = asyncio.to_thread


class Exports:
    """Conversations as files."""

    def __init__(self, parts: ExportParts) -> None:
        self._parts = parts

    async def transcript(
        self, account: Account, conversation: str, language: Language, through: str | None = None
    ) -> Transcript:
        """The newest path, or the one through a turn, in words; `NotFoundError`."""
        loaded = await self._loaded(account, conversation)
        return transcript(
            loaded.shown(through), setting_of(self._parts, loaded.conversation.service, language)
        )

    async def file(
        self,
        account: Account,
        conversation: str,
        form: Form,
        language: Language,
        through: str | None = None,
    ) -> ExportedFile:
        """The conversation as a file: the path through a turn, or all branches as JSON."""
        loaded = await self._loaded(account, conversation)
        setting = setting_of(self._parts, loaded.conversation.service, language)
        return await self._parts.offload(lambda: _file(loaded, form, setting, through))

    async def archive(self, account: Account) -> AsyncGenerator[bytes]:
        """All of the account's conversations that have turns, as a ZIP, piece by piece."""
        log = self._parts.log
        lines = await log.read(lambda work: work.conversations.lines(account.id))
        archive = Archive(self._parts.clock.now())
        for line in lines:
            if not line.turns:
                continue
            try:
                loaded = await self._loaded(account, line.id)
            except NotFoundError:
                continue  # It went while the archive was being made.
            if piece := await self._parts.offload(partial(archive.add, loaded)):
                yield piece
        yield archive.end()

    async def _loaded(self, account: Account, conversation: str) -> Loaded:
        return await self._parts.log.read(lambda work: load(work, account.id, conversation))


def setting_of(parts: ExportParts, service: str, language: Language) -> Setting:
    """How a conversation with a service is put in words now."""
    directory = parts.rules.current.directory
    known = directory.services.get(service)
    return Setting(
        language=language,
        zone=ZoneInfo(directory.zone),
        now=parts.clock.now(),
        service_name=Bilingual(service, service) if known is None else known.name,
    )


def _file(loaded: Loaded, form: Form, setting: Setting, through: str | None) -> ExportedFile:
    title = loaded.conversation.title
    if form == "json":
        content, ending, kind = written(filed(loaded, setting.now)), "json", "application/json"
    else:
        said = transcript(loaded.shown(through), setting)
        if form == "word":
            content, ending, kind = word(said), "docx", _WORD
        else:
            content, ending, kind = markdown(said), "md", "text/markdown"
    return ExportedFile(name=file_name(title, ending), type=kind, content=content)
