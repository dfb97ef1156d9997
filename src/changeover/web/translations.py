"""Translating texts and documents: `/translations`."""

import asyncio
from collections.abc import Callable
from typing import Annotated

import msgspec

from changeover.translation.exporting import TranslationExports
from changeover.translation.languages import TranslationLanguage, languages
from changeover.translation.model import Register
from changeover.translation.removing import RemovedTranslation, RemovingTranslations
from changeover.translation.seen import JobLine, JobSeen
from changeover.translation.translating import Translating
from changeover.translation.usecases import Edit, TranslatedFile, Translations, Wanted
from changeover.web.api import Caller, Done, FileAnswer, Operation, Params, Stream
from changeover.web.chat import STAFF

ARCHIVE = "changeover-translations.zip"
_GREATEST_BODY = 30 * 1024 * 1024
"""A file of the greatest size, in base64."""


class BeginTranslation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text, or a file (base64 in JSON) under its name; `source` "" is found out."""

    target: str
    source: str = ""
    register: Register = ""
    text: str = ""
    name: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    content: bytes = b""


class EditSegment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A segment's translation; `seen` is the segment's version that was changed."""

    target: str
    approved: bool
    seen: int


class TranslationShelf(msgspec.Struct, frozen=True, kw_only=True):
    """One's translations, those that one removed, and the languages that there are.

    `zone` is the organisation's time zone.
    """

    translations: tuple[JobLine, ...]
    removed: tuple[RemovedTranslation, ...]
    languages: tuple[TranslationLanguage, ...]
    zone: str


class TranslationDesk(msgspec.Struct, frozen=True, kw_only=True):
    """What the operations work with."""

    translations: Translations
    translating: Translating
    removing: RemovingTranslations
    exports: TranslationExports
    zone: Callable[[], str]


def operations(parts: TranslationDesk) -> list[Operation | Stream]:
    """Beginning, looking, editing, stopping, going on, downloading, removing."""
    desk = _Desk(parts)
    all_, one = "/translations", "/translations/{id}"
    segment = one + "/segments/{number}"
    return [
        Operation("GET", all_, None, TranslationShelf, STAFF, desk.all, "One's translations."),
        Operation(
            "POST", all_, BeginTranslation, JobSeen, STAFF, desk.begin, "Have it translated.",
            greatest_body=_GREATEST_BODY,
        ),
        Operation(
            "GET", one, None, JobSeen, STAFF, desk.look,
            "A translation; with `after`, only the segments that changed since that version.",
            {"after": int},
        ),
        Operation("PUT", segment, EditSegment, JobSeen, STAFF, desk.edit, "Word a segment."),
        Operation(
            "POST", segment + "/again", Done, JobSeen, STAFF, desk.again, "Translate it again."
        ),
        Operation("POST", one + "/stop", Done, JobSeen, STAFF, desk.stop, "Stop for now."),
        Operation("POST", one + "/going-on", Done, JobSeen, STAFF, desk.go_on, "Go on."),
        Operation(
            "GET", one + "/file", None, TranslatedFile, STAFF, desk.file, "It as a file."
        ),
        Operation(
            "GET", "/translation-exports", None, FileAnswer, STAFF, desk.archive,
            "All of one's translations, a ZIP.",
        ),
        Operation("DELETE", one, Done, Done, STAFF, desk.remove, "Remove it."),
        Operation("POST", one + "/return", Done, Done, STAFF, desk.bring_back, "Bring it back."),
    ]  # fmt: skip


class _Desk:
    def __init__(self, parts: TranslationDesk) -> None:
        self._translations = parts.translations
        self._translating = parts.translating
        self._removing = parts.removing
        self._exports = parts.exports
        self._zone = parts.zone

    async def all(self, caller: Caller, _: None, __: Params) -> TranslationShelf:
        found, removed = await asyncio.to_thread(
            lambda: (
                self._translations.all(caller.account),
                self._removing.removed(caller.account),
            )
        )
        return TranslationShelf(
            translations=tuple(found),
            removed=tuple(removed),
            languages=languages(),
            zone=self._zone(),
        )

    async def begin(self, caller: Caller, body: BeginTranslation, _: Params) -> JobSeen:
        wanted = Wanted(
            target=body.target,
            source=body.source,
            register=body.register,
            text=body.text,
            name=body.name,
            content=body.content,
        )
        begun = await asyncio.to_thread(self._translations.begin, caller.account, wanted)
        self._translating.begin(begun.line.id)
        return begun

    async def look(self, caller: Caller, _: None, params: Params) -> JobSeen:
        after = params.get("after", -1)
        return await asyncio.to_thread(self._translations.look, caller.account, params["id"], after)

    async def edit(self, caller: Caller, body: EditSegment, params: Params) -> JobSeen:
        edit = Edit(target=body.target, approved=body.approved, seen=body.seen)
        return await asyncio.to_thread(
            self._translations.edit, caller.account, params["id"], _number(params), edit
        )

    async def again(self, caller: Caller, _: Done, params: Params) -> JobSeen:
        seen = await asyncio.to_thread(
            self._translations.again, caller.account, params["id"], _number(params)
        )
        self._translating.begin(seen.line.id)
        return seen

    async def stop(self, caller: Caller, _: Done, params: Params) -> JobSeen:
        seen = await asyncio.to_thread(self._translations.stop, caller.account, params["id"])
        await self._translating.end(seen.line.id)
        return seen

    async def go_on(self, caller: Caller, _: Done, params: Params) -> JobSeen:
        seen = await asyncio.to_thread(self._translations.go_on, caller.account, params["id"])
        self._translating.begin(seen.line.id)
        return seen

    async def file(self, caller: Caller, _: None, params: Params) -> TranslatedFile:
        return await asyncio.to_thread(self._translations.file, caller.account, params["id"])

    async def archive(self, caller: Caller, _: None, __: Params) -> FileAnswer:
        return FileAnswer(ARCHIVE, "application/zip", self._exports.archive(caller.account))

    async def remove(self, caller: Caller, _: Done, params: Params) -> Done:
        await asyncio.to_thread(self._removing.remove, caller.account, params["id"])
        await self._translating.end(params["id"])
        return Done()

    async def bring_back(self, caller: Caller, _: Done, params: Params) -> Done:
        await asyncio.to_thread(self._removing.bring_back, caller.account, params["id"])
        return Done()


def _number(params: Params) -> int:
    """A segment's number; one that no segment has where it is none."""
    given = params["number"]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
