"""What people do with shares: begin, list, end, take that back, and read."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.ids import new_id
from changeover.basics.text import Bilingual, Language
from changeover.chat.exports.transcript import Transcript, transcript
from changeover.chat.exports.usecases import ExportParts, setting_of
from changeover.chat.model import ChatEvent
from changeover.chat.ports import ChatWork
from changeover.chat.shares import (
    MOST_DAYS,
    NewShare,
    Share,
    ShareEndedError,
    StoredShare,
)
from changeover.chat.shelf import Loaded, load, owned
from changeover.directory.rules import ancestors
from changeover.identity.people import Account


class SharedConversation(msgspec.Struct, frozen=True, kw_only=True):
    """What others read, whose it is, and until when; `zone` is where the organisation is."""

    by: str
    until: datetime
    zone: str
    transcript: Transcript


class Sharing:
    """Shares conversations inside parties."""

    def __init__(self, parts: ExportParts) -> None:
        self._parts = parts

    async def begin(self, account: Account, conversation: str, wanted: NewShare) -> Share:
        """Shares one's own; `NotFoundError`, `InvalidInputError`, `ConflictError`."""
        now = self._parts.clock.now()
        share = StoredShare(
            id=new_id("share"),
            conversation=conversation,
            account=account.id,
            by=account.name,
            party=account.party,
            up_to=wanted.up_to,
            until=self._until(wanted, now),
        )

        def begin(work: ChatWork) -> tuple[Share, Sequence[ChatEvent]]:
            loaded = load(work, account.id, conversation)
            if loaded.conversation.temporary_until is not None:
                raise ConflictError(
                    "A temporary conversation cannot be shared.", do="Keep it first, then share it."
                )
            if loaded.named(wanted.up_to).state == "generating":
                raise ConflictError(
                    "This answer is still being written.", do="Wait for its end, then share it."
                )
            work.shares.add(share, now)
            return self._shown(share, loaded.conversation.title), ()

        return await self._parts.log.write(conversation, begin)

    async def all(self, account: Account) -> list[Share]:
        """What the account shares now, the last begun first."""
        now = self._parts.clock.now()

        def all_(work: ChatWork) -> list[Share]:
            standing = [one for one in work.shares.of(account.id) if one.stands(now)]
            shared = [(one, work.conversations.get(one.conversation)) for one in standing]
            return [self._shown(one, of.title) for one, of in shared if of.removed is None]

        return await self._parts.log.read(all_)

    async def end(self, account: Account, share: str) -> None:
        """Ends one's own at once; `NotFoundError`."""
        await self._change(account, share, self._parts.clock.now())

    async def resume(self, account: Account, share: str) -> None:
        """Takes an end back, until the share's date; `NotFoundError`."""
        await self._change(account, share, None)

    async def read(self, account: Account, share: str, language: Language) -> SharedConversation:
        """What is shared; `ShareEndedError`, `NotFoundError` outside the party too."""
        now, directory = self._parts.clock.now(), self._parts.rules.current.directory
        parties = ancestors(directory, account.party)

        def read(work: ChatWork) -> tuple[StoredShare, Loaded]:
            found = work.shares.get(share)
            if found is None or (found.party not in parties and found.account != account.id):
                raise NotFoundError(f"There is no shared conversation {share} for you.")
            if not found.stands(now):
                raise _ended(found)
            if work.conversations.get(found.conversation).removed is not None:
                raise _ended(found)
            return found, load(work, found.account, found.conversation)

        found, loaded = await self._parts.log.read(read)
        shown = loaded.up_to(found.up_to).shown()
        setting = setting_of(self._parts, loaded.conversation.service, language)
        said = await asyncio.to_thread(transcript, shown, setting)
        return SharedConversation(
            by=found.by,
            until=found.until,
            zone=directory.zone,
            transcript=_told_of(said, found.by),
        )

    async def _change(self, account: Account, share: str, at: datetime | None) -> None:
        def change(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            own = _own(work, account, share)
            if (own.ended is None) != (at is None):
                work.shares.end(share, at)
            return None, ()

        found = await self._parts.log.read(lambda work: _own(work, account, share))
        await self._parts.log.write(found.conversation, change)

    def _until(self, wanted: NewShare, now: datetime) -> datetime:
        """The end of the last day, where the organisation is."""
        zone = ZoneInfo(self._parts.rules.current.directory.zone)
        today = now.astimezone(zone).date()
        if not today <= wanted.last_day <= today + timedelta(days=MOST_DAYS):
            raise InvalidInputError(
                f"A conversation is shared until today or a day within {MOST_DAYS} days.",
                means="It was not shared.",
                do="Choose another day.",
            )
        return datetime.combine(wanted.last_day + timedelta(days=1), time(), zone)

    def _shown(self, share: StoredShare, title: str) -> Share:
        party = self._parts.rules.current.directory.parties.get(share.party)
        return Share(
            id=share.id,
            conversation=share.conversation,
            title=title,
            party_name=Bilingual(share.party, share.party) if party is None else party.name,
            up_to=share.up_to,
            until=share.until,
        )


def _own(work: ChatWork, account: Account, share: str) -> StoredShare:
    found = work.shares.get(share)
    if found is None or found.account != account.id:
        raise NotFoundError(f"You share nothing under {share}.")
    owned(work, account.id, found.conversation)
    return found


def _ended(share: StoredShare) -> ShareEndedError:
    return ShareEndedError(
        "This conversation is no longer shared.",
        means="Its date has come, or who shared it ended that or has left.",
        do=f"Ask {share.by} to share it again.",
    )


def _told_of(said: Transcript, owner: str) -> Transcript:
    """The transcript for another reader: its owner, whom it calls you, has a name there."""
    passages = tuple(
        msgspec.structs.replace(one, speaker=owner) if one.role == "user" else one
        for one in said.passages
    )
    return msgspec.structs.replace(said, passages=passages)
