"""Evidence packs that officers have made at the desk, kept in the data folder.

Each is made by a process of its own, one at a time. Beside a pack stands what was asked and what
it shows; the newest ones are kept. They are this server's: a replica keeps its own.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.ids import new_id
from changeover.web.evidencing import PackLine, PackWanted
from changeover.wiring.installation import Installation
from changeover.wiring.packing_process import PackAsked, PackFound

_KEPT = 20
_PIECE = 256 * 1024


class Packing:
    """Implements `web.evidencing.PackMaker` over an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._folder = installation.data / "packs"
        self._making: PackLine | None = None
        self._task: asyncio.Task[None] | None = None

    def all(self) -> list[PackLine]:
        """The newest first, with the one that is being made."""
        made = [] if self._making is None else [self._making]
        for path in sorted(self._folder.glob("pack_*.json"), reverse=True):
            with contextlib.suppress(OSError, msgspec.MsgspecError):
                made.append(msgspec.json.decode(path.read_bytes(), type=PackLine))
        return sorted(made, key=lambda line: line.at, reverse=True)

    async def make(self, wanted: PackWanted, *, by: str) -> PackLine:
        """Begins to make one; `ConflictError` while another is being made."""
        if self._making is not None:
            raise ConflictError(
                "Another pack is being made.", means="Nothing was begun.", do="Wait for it."
            )
        self._making = PackLine(
            id=new_id("pack"),
            vendor=wanted.vendor,
            since=wanted.since,
            until=wanted.until,
            party=wanted.party,
            by=by,
            at=self._installation.clock.now(),
            state="making",
        )
        self._task = asyncio.create_task(self._make(self._making))
        return self._making

    def file(self, pack: str) -> tuple[PackLine, AsyncIterator[bytes]]:
        """One that was made, and its bytes; `NotFoundError`."""
        found = next((one for one in self.all() if one.id == pack and one.state == "made"), None)
        path = self._folder / f"{pack}.zip"
        if found is None or not path.is_file():
            raise NotFoundError("There is no such pack on this server.")
        return found, _pieces(path)

    async def _make(self, line: PackLine) -> None:
        told = line
        try:
            told = await self._made(line)
        finally:
            ended = told if told.state != "making" else _failed(line, "It was broken off.")
            await asyncio.to_thread(self._keep, ended)
            self._making = None

    async def _made(self, line: PackLine) -> PackLine:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        asked = PackAsked(
            data=str(self._installation.data),
            file=str(self._folder / f"{line.id}.zip"),
            vendor=line.vendor,
            since=line.since,
            until=line.until,
            party=line.party,
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "changeover.wiring.packing_process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **self._installation.environment},
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(msgspec.json.encode(asked))
            process.stdin.close()
            async for told in process.stdout:
                line = _after(line, told)
                self._making = line
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return line

    def _keep(self, line: PackLine) -> None:
        """Writes what became of it, and removes the oldest beyond those that are kept."""
        (self._folder / f"{line.id}.json").write_bytes(msgspec.json.encode(line))
        for old in self.all()[_KEPT:]:
            for kind in ("json", "zip"):
                (self._folder / f"{old.id}.{kind}").unlink(missing_ok=True)


def _after(line: PackLine, told: bytes) -> PackLine:
    """The line after the process has told something."""
    heard = msgspec.json.decode(told)
    if "done" in heard:
        return msgspec.structs.replace(line, done=heard["done"], of=heard["of"])
    if "problem" in heard:
        return _failed(line, heard["problem"])
    found = msgspec.convert(heard, PackFound)
    return msgspec.structs.replace(
        line,
        state="made",
        verdict=found.verdict,
        sent=found.sent,
        reasons=found.reasons,
        size=found.size,
        sha256=found.sha256,
    )


def _failed(line: PackLine, problem: str) -> PackLine:
    return msgspec.structs.replace(line, state="failed", problem=problem)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
