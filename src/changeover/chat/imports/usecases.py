"""Bringing conversations in: look first, then take them, and take it back.

A file is looked at as often as wanted: nothing is kept of it but what is taken. Each
conversation comes in whole, in a transaction of its own, or not at all; one that is here
already is left out, so that taking a file twice is taking it once. An import is undone
by removing what it brought, except where somebody has written on since: that stays.

One file is read at a time in a process, entry by entry, apart from the event loop.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Literal

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError, ConflictError, NotFoundError
from changeover.basics.ids import new_id
from changeover.basics.progress import Following, HowFar
from changeover.chat.imported import Imported
from changeover.chat.imports.containers import entries
from changeover.chat.imports.found import FoundConversation, Unread
from changeover.chat.imports.keeping import clean, kept
from changeover.chat.imports.reading import read
from changeover.chat.log import EventLog
from changeover.chat.model import ChatEvent, NotCarried, Source
from changeover.chat.ports import ChatWork, Offload
from changeover.chat.removing import Holds, Removals
from changeover.identity.people import Account

Standing = Literal["new", "here", "changed", "unreadable"]
_LONGEST_NAME = 200
_MODELS = 10


class FoundLine(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a file, before it is taken in.

    It is `here` already, or another state of it is (`changed`); `why` says what is wrong
    with one that cannot be read. `digest` names it, `models` are the names in the file.
    """

    digest: str
    title: str
    source: Source | None
    standing: Standing
    first: datetime | None
    last: datetime | None
    turns: int
    versions: int
    models: tuple[str, ...]
    not_carried: tuple[NotCarried, ...]
    why: str


class FilePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds."""

    file: str
    lines: tuple[FoundLine, ...]


class TakenLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an entry; `conversation` is its name here, if it came in."""

    title: str
    conversation: str | None
    outcome: Literal["taken", "here", "unreadable", "failed"]
    not_carried: tuple[NotCarried, ...]
    why: str


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import brought; `act` names it, for taking it back."""

    act: str
    file: str
    lines: tuple[TakenLine, ...]


class KeptImport(msgspec.Struct, frozen=True, kw_only=True):
    """An import that can be undone: how many of its conversations are still here."""

    act: str
    file: str
    at: datetime
    conversations: int


class ImportUndone(msgspec.Struct, frozen=True, kw_only=True):
    """How many conversations went, and which stay because somebody wrote on in them."""

    removed: int
    kept: tuple[str, ...]


class ImportParts(msgspec.Struct, frozen=True, kw_only=True):
    """What importing works with; `admits` raises for those who may not use the chat."""

    log: EventLog
    clock: Clock
    service: str
    admits: Callable[[Account], None]
    holds: Holds
    removals: Removals
    offload: Offload = asyncio.to_thread


class Imports:
    """Bringing conversations in."""

    def __init__(self, parts: ImportParts) -> None:
        self._parts = parts
        self._one = asyncio.Lock()
        self._following = Following()

    async def preview(self, account: Account, file: str, content: bytes) -> FilePreview:
        """What a file holds; `UnreadableFileError` where it is none of a chat."""
        self._parts.admits(account)

        def stand(work: ChatWork) -> tuple[FoundLine, ...]:
            return tuple(
                line
                if named is None
                else msgspec.structs.replace(line, standing=_standing(work, account.id, named))
                for line, named in looked
            )

        async with self._one:
            looked = await self._parts.offload(
                lambda: [_looked(read(entry)) for entry in entries(content)]
            )
        lines = await self._parts.log.read(stand)
        return FilePreview(file=clean(file)[:_LONGEST_NAME], lines=lines)

    async def take(
        self,
        account: Account,
        file: str,
        content: bytes,
        *,
        only: Collection[str] | None = None,
        ticket: str = "",
    ) -> ImportReport:
        """Takes in what is new of a file, or of those of its entries that `only` names."""
        self._parts.admits(account)
        act, name = new_id("import"), clean(file)[:_LONGEST_NAME]
        lines: list[TakenLine] = []
        async with self._one:
            found = await self._parts.offload(partial(entries, content))
            with self._following.following(ticket, account.id) as told:
                for place, entry in enumerate(found):
                    one = await self._parts.offload(partial(read, entry))
                    if only is None or isinstance(one, Unread) or one.digest in only:
                        lines.append(await self._take(account, act, name, one))
                    told(place + 1, len(found))
        return ImportReport(act=act, file=name, lines=tuple(lines))

    def progress(self, account: Account, ticket: str) -> HowFar:
        """How far an import has got that this process does."""
        return self._following.of(ticket, account.id)

    async def all(self, account: Account) -> list[KeptImport]:
        """The account's imports of which something is here, the last first."""
        rows = await self._parts.log.read(lambda work: work.imported.of(account.id))
        acts: dict[str, list[Imported]] = {}
        for row in rows:
            acts.setdefault(row.act, []).append(row)
        return [
            KeptImport(act=act, file=one[0].file, at=one[0].at, conversations=len(one))
            for act, one in acts.items()
        ]

    async def undo(self, account: Account, act: str) -> ImportUndone:
        """Removes what an import brought; `NotFoundError` where nothing of it is here.

        `ConflictError` while a legal hold reaches the account's party.
        """
        if await self._parts.offload(partial(self._parts.holds.held, account.party)):
            raise ConflictError(
                "A legal hold applies to your party, so everything is kept.",
                means="The import was not undone.",
                do="Archive its conversations, if they are in your way.",
            )
        rows = await self._parts.log.read(lambda work: work.imported.of(account.id))
        brought = [row.conversation for row in rows if row.act == act]
        if not brought:
            raise NotFoundError(
                "There is nothing left of this import.", means="It may have been undone already."
            )
        removed, stays = 0, []
        for conversation in brought:
            removing = partial(_removed, self._parts.removals, conversation, account.party)
            title = await self._parts.log.write(conversation, removing)
            if title is None:
                removed += 1
            else:
                stays.append(title)
        if removed:
            self._parts.removals.sequence()
        return ImportUndone(removed=removed, kept=tuple(stays))

    async def _take(
        self, account: Account, act: str, file: str, one: FoundConversation | Unread
    ) -> TakenLine:
        if isinstance(one, Unread):
            return TakenLine(
                title=clean(one.title),
                conversation=None,
                outcome="unreadable",
                not_carried=(),
                why=one.why,
            )
        now = self._parts.clock.now()
        conversation, turns = kept(one, account.id, self._parts.service, now)
        named = _named(one)

        def keep(work: ChatWork) -> tuple[bool, Sequence[ChatEvent]]:
            if _standing(work, account.id, named) == "here":
                return False, ()
            work.conversations.add(conversation)
            for turn in turns:
                work.conversations.add_turn(turn)
            work.imported.add(
                Imported(
                    conversation=conversation.id,
                    account=account.id,
                    act=act,
                    file=file,
                    source=named.source,
                    source_id=named.id,
                    digest=named.digest,
                    at=now,
                )
            )
            return True, ()

        line = TakenLine(
            title=conversation.title,
            conversation=conversation.id,
            outcome="taken",
            not_carried=one.not_carried,
            why="",
        )
        try:
            if await self._parts.log.write(conversation.id, keep):
                return line
        except ChangeoverError as error:
            return msgspec.structs.replace(
                line, conversation=None, outcome="failed", why=str(error)
            )
        return msgspec.structs.replace(line, conversation=None, outcome="here")


class _Named(msgspec.Struct, frozen=True):
    """By what a file's conversation is known again; `turns` only for the product's own."""

    source: Source
    id: str
    digest: str
    turns: frozenset[str]


def _named(found: FoundConversation) -> _Named:
    own = found.source == "changeover"
    turns = frozenset(turn.id for turn in found.turns) if own else frozenset[str]()
    return _Named(found.source, clean(found.id), found.digest, turns)


def _looked(found: FoundConversation | Unread) -> tuple[FoundLine, _Named | None]:
    if isinstance(found, Unread):
        return _unread(found), None
    named = _named(found)
    return _line(found, named), named


def _unread(found: Unread) -> FoundLine:
    return FoundLine(
        digest="",
        title=clean(found.title),
        source=None,
        standing="unreadable",
        first=None,
        last=None,
        turns=0,
        versions=0,
        models=(),
        not_carried=(),
        why=found.why,
    )


def _line(found: FoundConversation, named: _Named) -> FoundLine:
    times = [turn.said for turn in found.turns if turn.said is not None]
    parents = {turn.parent for turn in found.turns}
    models = dict.fromkeys(turn.model for turn in found.turns if turn.model is not None)
    words = next((turn.text for turn in found.turns if turn.text), "")
    return FoundLine(
        digest=named.digest,
        title=clean(found.title) or clean(words),
        source=found.source,
        standing="new",
        first=min(times, default=None),
        last=max(times, default=None),
        turns=len(found.turns),
        versions=sum(turn.id not in parents for turn in found.turns),
        models=tuple(models)[:_MODELS],
        not_carried=found.not_carried,
        why="",
    )


def _standing(work: ChatWork, account: str, named: _Named) -> Literal["new", "here", "changed"]:
    if work.imported.has(account, named.digest) or _original(work, account, named):
        return "here"
    if named.id and work.imported.has_other(account, named.source, named.id):
        return "changed"
    return "new"


def _original(work: ChatWork, account: str, named: _Named) -> bool:
    """Whether the file's conversation was exported here, and all of it is here still."""
    if named.source != "changeover":
        return False
    with suppress(NotFoundError):
        if work.conversations.get(named.id).account == account:
            here = {turn.id for turn in work.conversations.turns(named.id)}
            return here.issuperset(named.turns)
    return False


def _removed(
    removals: Removals, conversation: str, party: str, work: ChatWork
) -> tuple[str | None, Sequence[ChatEvent]]:
    """Removes a conversation; its title where it stays because somebody wrote on."""
    if any(turn.origin is None for turn in work.conversations.turns(conversation)):
        return work.conversations.get(conversation).title, ()
    removals.remove(work, conversation, party, "import")
    return None, ()
