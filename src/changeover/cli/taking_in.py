"""Giving documents to the desk: small ones together, a large one by itself, with its progress."""

import secrets
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from changeover.basics.errors import ChangeoverError
from changeover.cli.client import Remote, file_of
from changeover.intake.decoding import MAX_BYTES

_TOGETHER = 4_000_000
"""Bytes that are given at once."""
_LARGE = 500_000
_EVERY = 0.5
"""Seconds between two looks at how far reading is."""


def take_in(desk: Remote, files: Iterable[Path], where: Mapping[str, Any]) -> dict[str, Any]:
    """What the desk answers to all of the files; those too large to be kept are `unread`."""
    answered: dict[str, Any] = {name: [] for name in ("documents", "drafts", "claims", "unknown")}
    answered["unread"] = []
    for batch in _batches(files):
        great = [path for path in batch if _size(path) > MAX_BYTES]
        answered["unread"] += [_too_large(path) for path in great]
        given = [path for path in batch if path not in great]
        if given:
            told = _post(desk, given, where)
            for name, found in told.items():
                answered[name] += found
    return answered


def _batches(files: Iterable[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    for path in files:
        if batch and sum(map(_size, batch)) + _size(path) > _TOGETHER:
            yield batch
            batch = []
        batch.append(path)
    if batch:
        yield batch


def _post(desk: Remote, files: list[Path], where: Mapping[str, Any]) -> dict[str, Any]:
    ticket = secrets.token_hex(8)
    body = {"files": [file_of(path) for path in files], "ticket": ticket, **where}
    if not sys.stderr.isatty() or sum(map(_size, files)) < _LARGE:
        answered: dict[str, Any] = desk.post("/intake", body)
        return answered
    ended = threading.Event()
    what = files[0].name if len(files) == 1 else f"{len(files)} files"
    watching = threading.Thread(target=_watch, args=(desk, ticket, what, ended))
    watching.start()
    try:
        answered = desk.post("/intake", body)
    finally:
        ended.set()
        watching.join()
    return answered


def _watch(desk: Remote, ticket: str, what: str, ended: threading.Event) -> None:
    """Writes how far reading is over one line, which goes when it has ended."""
    line = f"Reading {what} …"
    while True:
        click.echo(f"\r{line}", nl=False, err=True)
        if ended.wait(_EVERY):
            break
        line = _far(desk, ticket, what) or line
    click.echo("\r" + " " * len(line) + "\r", nl=False, err=True)


def _far(desk: Remote, ticket: str, what: str) -> str:
    """How far reading is, as a line; nothing where that is not known."""
    if not desk.serving:
        return ""
    try:
        told = desk.get("/intake/progress", ticket=ticket)
    except ChangeoverError:
        return ""  # The server that reads has ended; the request that waits for it says so.
    return f"Reading {what}: {told['done']} of {told['total']} parts …" if told["total"] > 1 else ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _too_large(path: Path) -> dict[str, Any]:
    return {
        "document": str(path),
        "sha256": None,
        "what": f"{path} has {_size(path):,} bytes; at most {MAX_BYTES:,} are read.",
        "do": "It was not kept. Split it, or give the part that matters.",
    }
