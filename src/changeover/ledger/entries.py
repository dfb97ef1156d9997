"""What an entry of the ledger is, and how each kind is built.

An entry is canonical JSON (RFC 8785) with

* `v`: the version of this form, 2;
* `kind`: one of `KINDS`;
* `at`: when it happened, ISO 8601 in UTC with microseconds and `Z`;
* `demonstration`: whether it was made on a scenario clock;
* the fields of its kind: those of the fact's class (`facts`).

Version 1 differs in the leaf alone, which did not open (`leaves`).

An entry tells that something was recorded, and its digest, never the contents:
no text of a conversation, no secret, no document.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.ledger.fact import Fact
from changeover.ledger.facts import FACTS, KIND_OF, VERSION
from changeover.ledger.leaves import OF_A_CALL

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_COMMON = frozenset({"v", "kind", "at", "demonstration"})


class Entry(msgspec.Struct, frozen=True):
    """An entry on its way into the ledger: its kind and its canonical bytes."""

    kind: str
    body: bytes


def digest(body: bytes) -> str:
    """The SHA-256 of recorded bytes, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def write_instant(instant: datetime) -> str:
    """`2026-02-26T14:00:00.000000Z`: 27 characters that sort as the instants do."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(text: str) -> datetime:
    """The instant that `write_instant` wrote; `ValueError` for any other form."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{text!r} is not an entry's instant")
    return datetime.fromisoformat(text)


def fact_entry(fact: Fact, *, at: datetime, demonstration: bool) -> Entry:
    """The entry that tells of a fact."""
    fields = msgspec.to_builtins(fact, builtin_types=(datetime,))
    return _entry(KIND_OF[type(fact)], fields, at, demonstration)


def call_entry(fields: Mapping[str, Any], *, at: datetime, demonstration: bool) -> Entry:
    """The entry of one call; its fields are the gateway's, plain values and instants.

    Raises `InvalidInputError` without the texts that a call's leaf opens to.
    """
    if missing := [name for name in OF_A_CALL if not isinstance(fields.get(name), str)]:
        raise InvalidInputError(f"A call's entry names its {', '.join(missing)}.")
    return _entry("call", fields, at, demonstration)


def entry(kind: str, fields: Mapping[str, Any], *, at: datetime, demonstration: bool) -> Entry:
    """The entry of a kind from its fields by name, for those who cannot import the facts.

    Raises `InvalidInputError` for an unknown kind and for fields that are not its own.
    """
    if kind == "call":
        return call_entry(fields, at=at, demonstration=demonstration)
    if kind not in FACTS:
        raise InvalidInputError(f"The ledger has no entries of kind {kind!r}.")
    try:
        fact: Fact = msgspec.convert(dict(fields), FACTS[kind])
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"This is no {kind} entry: {error}.") from error
    return fact_entry(fact, at=at, demonstration=demonstration)


def _entry(kind: str, fields: Mapping[str, Any], at: datetime, demonstration: bool) -> Entry:  # noqa: FBT001 - an entry's own field
    if clash := _COMMON & fields.keys():
        raise InvalidInputError(f"A field may not be called {', '.join(sorted(clash))}.")
    body: dict[str, Any] = {
        name: write_instant(value) if isinstance(value, datetime) else value
        for name, value in fields.items()
    }
    body |= {
        "v": VERSION,
        "kind": kind,
        "at": write_instant(at),
        "demonstration": demonstration,
    }
    return Entry(kind, canonical(body))
