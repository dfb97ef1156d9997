"""What a translation is: a text or a document in segments, each with its translation.

A *unit* is what stands by itself in the original: a paragraph, a heading, a cell, a note. It is
cut into *segments*, a sentence each. A segment's text is *tagged* (`tagged`): what is formatted
or stands among the words is marked by numbers, which `refs` leads back to the original.
"""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Bilingual
from changeover.chat.model import Served

Register = Literal["", "formal", "informal"]
"""How the reader is addressed; "" leaves it as in the original."""
Form = Literal["text", "markdown", "word"]
"""What the original is, and what its translation is written as again."""
JobState = Literal["running", "stopped", "halted", "done"]
SegmentState = Literal["waiting", "machine", "failed", "edited", "approved"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of what is kept."""


class Term(_Value, frozen=True):
    """A term and the one translation that it must have."""

    source: str
    target: str


class Segment(_Value, frozen=True, kw_only=True):
    """A sentence and its translation.

    `before` is the white space between it and the one before in its unit. `by` is the place of
    the model that translated it in the job's list. `version` is that of the job when it was last
    changed. A failed one has what the model gave, if it gave anything. `earlier` is what a person
    had written before a model was asked again.
    """

    number: int
    unit: int
    before: str
    source: str
    refs: tuple[int, ...]
    target: str = ""
    state: SegmentState = "waiting"
    by: int | None = None
    problem: Bilingual | None = None
    version: int = 0
    earlier: str = ""


class Halt(_Value, frozen=True, kw_only=True):
    """Why a translation does not go on by itself; `order` is the instrument that bars it."""

    kind: Literal["barred", "unavailable", "limited", "form", "fault"]
    words: Bilingual
    order: str | None = None


class Wish(_Value, frozen=True, kw_only=True):
    """How a translation was asked for. `detected` says that nobody named the source language."""

    source: str
    target: str
    register: Register = ""
    detected: bool = False
    terms: tuple[Term, ...] = ()
    glossaries: tuple[str, ...] = ()


class Job(_Value, frozen=True, kw_only=True):
    """A translation.

    `served` are the models that translated, in the order in which they came. `start` is the
    process that works at it, `version` grows with every change. Where there are `only` some
    segments to be translated, it stops after them.
    """

    id: str
    account: str
    name: str
    form: Form
    wish: Wish
    state: JobState
    created: datetime
    changed: datetime
    start: str | None = None
    removed: datetime | None = None
    version: int = 0
    served: tuple[Served, ...] = ()
    halt: Halt | None = None
    notes: tuple[str, ...] = ()
    only: tuple[int, ...] = ()


class Counts(msgspec.Struct, frozen=True):
    """How many segments are in which state."""

    waiting: int = 0
    machine: int = 0
    failed: int = 0
    edited: int = 0
    approved: int = 0

    @property
    def all(self) -> int:
        return self.waiting + self.machine + self.failed + self.edited + self.approved
