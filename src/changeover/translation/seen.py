"""Translations as their owners see them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Bilingual
from changeover.chat.model import Served
from changeover.translation.languages import TranslationLanguage, language
from changeover.translation.model import Counts, Form, Halt, Job, JobState, Register, Segment
from changeover.translation.notice import notice


class JobLine(msgspec.Struct, frozen=True, kw_only=True):
    """A translation in a list."""

    id: str
    name: str
    form: Form
    source: str
    target: str
    state: JobState
    changed: datetime
    counts: Counts


class JobSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A translation as its owner sees it: with the segments that changed since a version."""

    line: JobLine
    version: int
    detected: bool
    register: Register
    glossaries: tuple[str, ...]
    from_language: TranslationLanguage
    to_language: TranslationLanguage
    served: tuple[Served, ...]
    notice: Bilingual
    halt: Halt | None
    notes: tuple[str, ...]
    segments: tuple[Segment, ...]


def counted(every: Sequence[Segment]) -> Counts:
    """How many segments are in which state."""
    return Counts(**Counter(str(one.state) for one in every))


def line_of(job: Job, counts: Counts) -> JobLine:
    """A translation in a list."""
    return JobLine(
        id=job.id,
        name=job.name,
        form=job.form,
        source=job.wish.source,
        target=job.wish.target,
        state=job.state,
        changed=job.changed,
        counts=counts,
    )


def seen_of(job: Job, counts: Counts, told: Sequence[Segment]) -> JobSeen:
    """A translation with the segments that are told of."""
    return JobSeen(
        line=line_of(job, counts),
        version=job.version,
        detected=job.wish.detected,
        register=job.wish.register,
        glossaries=job.wish.glossaries,
        from_language=known_language(job.wish.source),
        to_language=known_language(job.wish.target),
        served=job.served,
        notice=notice(job, counts),
        halt=job.halt,
        notes=job.notes,
        segments=tuple(told),
    )


def known_language(code: str) -> TranslationLanguage:
    """The language of a code; `InvalidInputError` for one that is not among them."""
    found = language(code)
    if found is None:
        raise InvalidInputError(f"There is no translation from or into {code!r}.")
    return found
