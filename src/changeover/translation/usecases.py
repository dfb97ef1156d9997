"""What people do with translations: begin, look, edit, approve, try again, stop, go on, take away.

A translation is its owner's; for everybody else there is none.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.ids import new_id
from changeover.chat.exports.names import file_name
from changeover.identity.people import Account
from changeover.translation.asking import problem
from changeover.translation.languages import CODES, detected
from changeover.translation.model import (
    Counts,
    Job,
    Register,
    Segment,
    Term,
    Wish,
)
from changeover.translation.notice import notice_in_file
from changeover.translation.originals import (
    DocumentReader,
    Original,
    file_of,
    of_file,
    of_text,
    translated,
)
from changeover.translation.ports import JobStore, JobWork
from changeover.translation.seen import JobLine, JobSeen, counted, known_language, line_of, seen_of
from changeover.translation.segmenting import segments
from changeover.translation.tagged import cleaned, fault
from changeover.translation.translating import Translating

T = TypeVar("T")
LONGEST_NAME = 200
MOST = 200
"""Translations that a person has at once."""
_LONGEST_TARGET = 20_000
_TITLE = 60
_ENDING = re.compile(r"\.[A-Za-z]{1,8}$")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be translated: a text, or a file. `source` "" has its language detected."""

    target: str
    source: str = ""
    register: Register = ""
    text: str = ""
    name: str = ""
    content: bytes = b""


class TranslatedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A translation as a file (base64 in JSON)."""

    name: str
    type: str
    content: bytes


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A segment's translation as a person wants it; `seen` is the version that they changed."""

    target: str
    approved: bool
    seen: int


class ApprovedTerms(msgspec.Struct, frozen=True):
    """The terms that a party's approved glossaries have, and the glossaries' names."""

    terms: tuple[Term, ...] = ()
    glossaries: tuple[str, ...] = ()


class TranslationParts(msgspec.Struct, frozen=True, kw_only=True):
    """What translations work with. `terms` gives a party's for a pair of languages."""

    store: JobStore
    translating: Translating
    reads: DocumentReader
    terms: Callable[[str, str, str], ApprovedTerms]
    now: Callable[[], datetime]


class Translations:
    """People's translations. Every method may block: never on the event loop's thread."""

    def __init__(self, parts: TranslationParts) -> None:
        self._parts = parts

    def begin(self, account: Account, wanted: Wanted) -> JobSeen:
        """A new translation; whoever calls has it worked at.

        Raises `InvalidInputError`, `ConflictError`.
        """
        original = self._original(wanted)
        wish = self._wish(account, wanted, original)
        cut = segments(original.units, wish.source)
        if not cut:
            raise InvalidInputError(
                "There are no words in it to be translated.", means="Nothing was translated."
            )
        now = self._parts.now()
        job = Job(
            id=new_id("tr"),
            account=account.id,
            name=_job_name(wanted),
            form=original.form,
            wish=wish,
            state="running",
            start=self._parts.translating.start,
            created=now,
            changed=now,
            notes=original.notes,
        )
        with self._parts.store.begin(alone=False) as work:
            if len(work.translations.of(account.id)) >= MOST:
                raise ConflictError(
                    f"You have {MOST} translations, which is as many as there can be.",
                    means="Nothing was translated.",
                    do="Remove one that you no longer need.",
                )
            work.translations.add(job, original.content, cut)
        return seen_of(job, Counts(waiting=len(cut)), cut)

    def all(self, account: Account) -> list[JobLine]:
        """One's own, the last changed first."""
        with self._parts.store.reading() as work:
            return [line_of(job, counts) for job, counts in work.translations.of(account.id)]

    def look(self, account: Account, job: str, after: int = -1) -> JobSeen:
        """A translation, with what changed after a version; `NotFoundError`."""
        with self._parts.store.reading() as work:
            found = _own(work, account, job)
            told = work.translations.segments(job, after=after)
            counts = work.translations.counts(job)
        return seen_of(found, counts, told)

    def edit(self, account: Account, job: str, number: int, edit: Edit) -> JobSeen:
        """Keeps a segment as a person wants it.

        `InvalidInputError` where it would lose something of the original, `ConflictError` where
        it changed meanwhile.
        """
        target = cleaned(edit.target).strip()

        def change(found: Job, segment: Segment) -> tuple[Job, Segment]:
            if segment.version != edit.seen:
                raise ConflictError(
                    "This segment has changed meanwhile.",
                    means="What you wrote is still in its field and was not kept.",
                    do="Compare it with what stands there now, and keep it again.",
                )
            _check_target(segment, target)
            wrong = problem(found.wish, segment.source, target, strict=False)
            return found, msgspec.structs.replace(
                segment,
                target=target,
                state="approved" if edit.approved else "edited",
                problem=None if edit.approved else wrong,
            )

        return self._change(account, job, number, change)

    def again(self, account: Account, job: str, number: int) -> JobSeen:
        """Has a model translate one segment again; whoever calls has the job worked at.

        What a person wrote there is kept beside it.
        """
        start = self._parts.translating.start

        def change(found: Job, segment: Segment) -> tuple[Job, Segment]:
            running = found.state == "running"
            only = () if running and not found.only else (*found.only, number)
            own = segment.state in {"edited", "approved"}
            return (
                msgspec.structs.replace(
                    found,
                    state="running",
                    start=found.start if running else start,
                    only=only,
                    halt=None,
                ),
                msgspec.structs.replace(
                    segment,
                    state="waiting",
                    problem=None,
                    earlier=segment.target if own else segment.earlier,
                ),
            )

        return self._change(account, job, number, change)

    def stop(self, account: Account, job: str) -> JobSeen:
        """Has it stop after what is being translated; whoever calls ends the work here."""

        def stop(found: Job) -> Job:
            if found.state != "running":
                return found
            return msgspec.structs.replace(found, state="stopped", start=None, only=())

        return self._put(account, job, stop)

    def go_on(self, account: Account, job: str) -> JobSeen:
        """Has what still waits translated; whoever calls has the job worked at."""
        start = self._parts.translating.start

        def go_on(found: Job) -> Job:
            if found.state == "running":
                return msgspec.structs.replace(found, only=())
            return msgspec.structs.replace(found, state="running", start=start, halt=None, only=())

        return self._put(account, job, go_on)

    def file(self, account: Account, job: str) -> TranslatedFile:
        """The translation as a file; what has no translation stands in it as it was."""
        with self._parts.store.reading() as work:
            found = _own(work, account, job)
            every = work.translations.segments(job)
            content = work.translations.original(job)
        to = known_language(found.wish.target)
        counts = counted(every)
        # A failed one has what the model gave, which may not fit the original.
        fitting = [_fitting(one) for one in every]
        written = translated(
            found.form, content, fitting, to, lambda: notice_in_file(found, counts)
        )
        ending, kind = file_of(found.form)
        stem = _ENDING.sub("", found.name)
        name = file_name(f"{stem} ({found.wish.target})", ending, "translation")
        return TranslatedFile(name=name, type=kind, content=written)

    def _original(self, wanted: Wanted) -> Original:
        if wanted.name or wanted.content:
            return of_file(wanted.content, wanted.name.strip() or "file", self._parts.reads)
        return of_text(cleaned(wanted.text))

    def _wish(self, account: Account, wanted: Wanted, original: Original) -> Wish:
        _check_language(wanted.target)
        source = wanted.source or detected(original.text)
        if source is None:
            raise InvalidInputError(
                "Too little is said in it to tell its language.",
                means="Nothing was translated.",
                do="Choose the language that it is written in.",
            )
        _check_language(source)
        if source == wanted.target:
            raise InvalidInputError(
                "It is in the language already that it is to be translated into.",
                means="Nothing was translated.",
                do="Choose another language to translate into, or say which one it is in.",
            )
        approved = self._parts.terms(account.party, source, wanted.target)
        return Wish(
            source=source,
            target=wanted.target,
            register=wanted.register,
            detected=not wanted.source,
            terms=approved.terms,
            glossaries=approved.glossaries,
        )

    def _change(
        self,
        account: Account,
        job: str,
        number: int,
        change: Callable[[Job, Segment], tuple[Job, Segment]],
    ) -> JobSeen:
        with self._parts.store.begin(alone=False) as work:
            found = _own(work, account, job, lock=True)
            there = work.translations.some(job, (number,))
            if not there:
                raise NotFoundError(f"There is no segment {number} in this translation.")
            found, changed = change(found, there[0])
            return self._kept(work, found, changed)

    def _put(self, account: Account, job: str, change: Callable[[Job], Job]) -> JobSeen:
        with self._parts.store.begin(alone=False) as work:
            return self._kept(work, change(_own(work, account, job, lock=True)))

    def _kept(self, work: JobWork, job: Job, *changed: Segment) -> JobSeen:
        version = job.version + 1
        job = msgspec.structs.replace(job, version=version, changed=self._parts.now())
        told = [msgspec.structs.replace(one, version=version) for one in changed]
        work.translations.put(job, told)
        return seen_of(job, work.translations.counts(job.id), told)


def _own(work: JobWork, account: Account, job: str, *, lock: bool = False) -> Job:
    found = work.translations.get(job, lock=lock)
    if found.account != account.id or found.removed is not None:
        raise NotFoundError(f"There is no translation {job}.")
    return found


def _fitting(segment: Segment) -> Segment:
    if segment.state in {"machine", "edited", "approved"}:
        return segment
    return msgspec.structs.replace(segment, target="")


def _check_target(segment: Segment, target: str) -> None:
    if not target:
        raise InvalidInputError(
            "A translation is not empty.",
            means="What stood there before stands still.",
            do="Write what it is to say, or have it translated again.",
        )
    if len(target) > _LONGEST_TARGET:
        raise InvalidInputError(
            f"A segment has at most {_LONGEST_TARGET:,} characters.",
            means="What stood there before stands still.",
        )
    found = fault(segment.source, target, strict=False)
    if found is not None:
        raise InvalidInputError(
            f"The tag {found.tag} is missing, stands twice, or is not in the original.",
            means="What stood there before stands still, and what you wrote is in its field.",
            do="Tags stand for what is in the document there: put them as in the original.",
        )


def _check_language(code: str) -> None:
    if code not in CODES:
        raise InvalidInputError(
            f"There is no translation from or into {code!r}.", do="Choose a language of the list."
        )


def _job_name(wanted: Wanted) -> str:
    if wanted.name.strip():
        return " ".join(wanted.name.split())[:LONGEST_NAME]
    words = " ".join(wanted.text.split())
    return words if len(words) <= _TITLE else words[:_TITLE].rsplit(" ", 1)[0] + " …"
