"""The corpus: annotated documents, as GUIDE.md says, and the directory that they speak of."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from changeover.directory.model import Directory
from changeover.directory.source import load
from changeover.intake.model import Action, Nature

HERE = Path(__file__).parent
Half = Literal["tuned", "kept"]


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An act as its author annotated it."""

    act: Action
    nature: Nature
    issuer: str | None
    targets: tuple[str, ...]
    scope: tuple[str, ...]
    since: date | None = msgspec.field(name="from")
    until: date | None
    words: str


class Annotated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document and what is in it."""

    register: Literal["formal", "press"]
    language: Literal["en", "fr"]
    genre: str
    dated: date | None
    text: str
    acts: tuple[Act, ...]


def documents(half: Half) -> Iterator[tuple[str, Annotated]]:
    """Each document of a half, with its name."""
    for path in sorted((HERE / half).glob("*.yaml")):
        yield path.stem, msgspec.yaml.decode(path.read_bytes(), type=Annotated)


def directory() -> Directory:
    return load({"directory.yaml": (HERE / "directory.yaml").read_text()})
