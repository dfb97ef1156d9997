"""Removing translations, by the rules that conversations go by (`chat.removing`).

An owner removes a translation, and can bring it back for `DAYS` days. A party may say that its
people remove nothing, and after how many days without change what they have is removed. A legal
hold beats all of this. What is removed for good is told to the ledger in the same unit of work.
"""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, NotAuthorisedError, NotFoundError
from changeover.chat.removing import DAYS, Keeping
from changeover.chat.sweeping import sweeping
from changeover.identity.people import Account
from changeover.ledger.entries import fact_entry
from changeover.ledger.facts import TranslationRemoved
from changeover.translation.model import Job
from changeover.translation.ports import JobStore

_AT_ONCE = 100
_KEPT = timedelta(days=DAYS)


class RemovedTranslation(msgspec.Struct, frozen=True, kw_only=True):
    """A translation that can be brought back until it is removed for good, at the earliest."""

    id: str
    name: str
    removed: datetime
    until: datetime


class RemovingTranslationsParts(msgspec.Struct, frozen=True, kw_only=True):
    """What removing works with; `sequence` has what the ledger is told put in its tree."""

    store: JobStore
    keeping: Keeping
    clock: Clock
    sequence: Callable[[], None]
    demonstration: bool


class RemovingTranslations:
    """Removes translations at their owners' word and at their parties'. Methods may block."""

    def __init__(self, parts: RemovingTranslationsParts) -> None:
        self._parts = parts

    def removed(self, account: Account) -> list[RemovedTranslation]:
        """What the account removed and can bring back."""
        with self._parts.store.reading() as work:
            found = work.translations.removed_of(account.id)
        return [
            RemovedTranslation(
                id=job.id, name=job.name, removed=job.removed, until=job.removed + _KEPT
            )
            for job in found
            if job.removed is not None
        ]

    def remove(self, account: Account, job: str) -> None:
        """Removes one's own; `NotFoundError`, `NotAuthorisedError`, `ConflictError` if held."""
        keeping = self._parts.keeping
        if keeping.held(account.party):
            raise ConflictError(
                "A legal hold applies to your party, so everything is kept.",
                means="Nothing was removed.",
                do="Leave it where it is until the hold has ended.",
            )
        if not keeping.staff_may_remove(account.party):
            raise NotAuthorisedError(
                "Your party keeps all translations.", means="Nothing was removed."
            )
        self._mark(account, job, self._parts.clock.now())

    def bring_back(self, account: Account, job: str) -> None:
        """Undoes a removal; `NotFoundError` where nothing of one's own was removed."""
        self._mark(account, job, None)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Sweeps now and then, until the block ends."""

        async def sweep() -> None:
            await asyncio.to_thread(self.sweep)

        return sweeping(sweep)

    def sweep(self) -> None:
        """Removes for good what is due, some at once; the next round takes the rest."""
        parts, now = self._parts, self._parts.clock.now()
        with parts.store.reading() as work:
            parties = work.translations.parties()
        removed = 0
        for party in parties:
            if parts.keeping.held(party):
                continue
            days = parts.keeping.days(party)
            changed_before = None if days is None else now - timedelta(days=days)
            removed += self._sweep_party(party, now - _KEPT, changed_before)
        if removed:
            parts.sequence()

    def _sweep_party(
        self, party: str, removed_before: datetime, changed_before: datetime | None
    ) -> int:
        parts, removed = self._parts, 0
        with parts.store.reading() as work:
            found = work.translations.due(
                party, removed_before=removed_before, changed_before=changed_before, most=_AT_ONCE
            )
        for due in found:
            # A hold may have begun since, and somebody may have changed it.
            if parts.keeping.held(party):
                break
            with parts.store.begin(alone=False) as work:
                job = work.translations.get(due.job, lock=True)
                if not _still_due(job, removed_before, changed_before):
                    continue
                told = TranslationRemoved(
                    translation=hashlib.sha256(job.id.encode()).hexdigest(),
                    segments=work.translations.remove(job.id),
                    party=party,
                    why="owner" if due.by_owner else "retention",
                )
                at = parts.clock.now()
                work.queue.add([fact_entry(told, at=at, demonstration=parts.demonstration)])
                removed += 1
        return removed

    def _mark(self, account: Account, name: str, at: datetime | None) -> None:
        with self._parts.store.begin(alone=False) as work:
            job = work.translations.get(name, lock=True)
            if job.account != account.id or (job.removed is None) == (at is None):
                raise NotFoundError(f"There is no translation {name}.")
            ended = job if job.state != "running" else _stopped(job)
            work.translations.put(msgspec.structs.replace(ended, removed=at))


def _stopped(job: Job) -> Job:
    return msgspec.structs.replace(job, state="stopped", start=None, only=())


def _still_due(job: Job, removed_before: datetime, changed_before: datetime | None) -> bool:
    if job.state == "running":
        return False
    if job.removed is not None and job.removed < removed_before:
        return True
    return changed_before is not None and job.changed < changed_before
