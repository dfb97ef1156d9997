"""Files: `/conversations/{id}/files`, `/collections/{id}/files` and `/files`."""

from typing import Annotated

import msgspec

from changeover.documents.access import Place
from changeover.documents.library import FileLine, Library, NewFile
from changeover.documents.model import FileText, StoredFile
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.chat import STAFF


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class BeginFile(_Body, frozen=True, kw_only=True):
    """A file to come: its name, its bytes' number, and their SHA-256 in hexadecimal if known.

    Who begins the same one again while it is unfinished is given that one.
    """

    name: str
    size: int
    sha256: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""


class FilePiece(_Body, frozen=True, kw_only=True):
    """Bytes of a file (base64 in JSON) that begin at an offset: where those before it ended."""

    offset: int
    content: bytes


class ReadableFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file and its text, into which the offsets of passages count."""

    file: StoredFile
    text: FileText


class OriginalFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file's own bytes (base64 in JSON)."""

    name: str
    content: bytes


def operations(library: Library) -> list[Operation | Stream]:
    """Bringing files, seeing them, taking them away."""
    desk = _Files(library)
    of, held, one = "/conversations/{id}/files", "/collections/{id}/files", "/files/{id}"
    return [
        Operation("GET", of, None, list[FileLine], STAFF, desk.all, "Its files."),
        Operation("POST", of, BeginFile, FileLine, STAFF, desk.begin, "Begin to bring a file."),
        Operation("GET", held, None, list[FileLine], STAFF, desk.collected, "Its files."),
        Operation("POST", held, BeginFile, FileLine, STAFF, desk.collect, "Begin to bring a file."),
        Operation("GET", one, None, FileLine, STAFF, desk.look, "How far a file is."),
        Operation("PUT", one, FilePiece, FileLine, STAFF, desk.receive, "Bring a piece of it."),
        Operation("DELETE", one, Done, Done, STAFF, desk.remove, "Take a file away."),
        Operation(
            "POST", one + "/return", Done, FileLine, STAFF, desk.bring_back, "Bring it back."
        ),
        Operation("GET", one + "/text", None, ReadableFile, STAFF, desk.text, "A file's text."),
        Operation(
            "GET", one + "/original", None, OriginalFile, STAFF, desk.original, "Its own bytes."
        ),
    ]


class _Files:
    def __init__(self, library: Library) -> None:
        self._library = library

    async def all(self, caller: Caller, _: None, params: Params) -> list[FileLine]:
        return await self._library.all(caller.account, Place(conversation=params["id"]))

    async def begin(self, caller: Caller, body: BeginFile, params: Params) -> FileLine:
        place = Place(conversation=params["id"])
        return await self._library.begin(caller.account, place, _wanted(body))

    async def collected(self, caller: Caller, _: None, params: Params) -> list[FileLine]:
        return await self._library.all(caller.account, Place(collection=params["id"]))

    async def collect(self, caller: Caller, body: BeginFile, params: Params) -> FileLine:
        place = Place(collection=params["id"])
        return await self._library.begin(caller.account, place, _wanted(body))

    async def look(self, caller: Caller, _: None, params: Params) -> FileLine:
        return await self._library.look(caller.account, params["id"])

    async def receive(self, caller: Caller, body: FilePiece, params: Params) -> FileLine:
        account = caller.account
        return await self._library.receive(account, params["id"], body.offset, body.content)

    async def remove(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._library.remove(caller.account, params["id"])
        return Done()

    async def bring_back(self, caller: Caller, _: Done, params: Params) -> FileLine:
        return await self._library.bring_back(caller.account, params["id"])

    async def text(self, caller: Caller, _: None, params: Params) -> ReadableFile:
        file, text = await self._library.text(caller.account, params["id"])
        return ReadableFile(file=file, text=text)

    async def original(self, caller: Caller, _: None, params: Params) -> OriginalFile:
        file, content = await self._library.content(caller.account, params["id"])
        return OriginalFile(name=file.name, content=content)


def _wanted(body: BeginFile) -> NewFile:
    return NewFile(name=body.name, size=body.size, sha256=body.sha256)
