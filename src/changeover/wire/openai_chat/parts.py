"""The parts of a message's content, read from clients and written to servers.

* Text, pictures and files; a refusal is a part of an assistant's message. Files come as
  `file_data`, a `data:` URL in OpenAI's guide ("File inputs"), and with a `filename`. A
  `file_id` names what lies with one vendor, which the next call may not reach: it is refused.
* Content of one plain text is written as a string, other content as a list.
* `prompt_cache_breakpoint` marks where a prefix to be cached ends. Only some models take it.
* Files are written as the server takes them. Where it takes none, the words of a text are said
  in the text; a file without words is refused, since the answer would not be about it.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any, assert_never

import msgspec

from changeover.conversation.model import CacheMark, File, Image, Loss, Text
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.images import read_url, write_url
from changeover.wire.openai_chat.fields import PART
from changeover.wire.openai_chat.profile import Profile
from changeover.wire.openai_responses.caching import WireBreakpoint, read_mark
from changeover.wire.shapes import shape_from_client

Content = Text | Image | File
_WORDS_ALONE = {"type", "text"}
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)((?:;[\w.+=-]+)*?);base64,(.*)", re.DOTALL)
_ENDINGS = {
    "application/pdf": "pdf",
    "application/json": "json",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "text/html": "html",
}

MARKS_LOSS = Loss(
    field="cache", why="The server takes no mark for its prompt cache here; it is left out."
)
LIFE_LOSS = Loss(
    field="cache.ttl", why="The server keeps 30 minutes or 12 hours; 30 minutes are asked."
)
FILE_LOSS = Loss(
    field="file", why="The server takes no files; the file's words are said in the message."
)
CONTEXT_LOSS = Loss(field="file", why="What a file is and whether to cite it cannot be said here.")
CITATIONS_LOSS = Loss(
    field="citations", why="Citations of an earlier answer are not given back here."
)


class _ImageURL(msgspec.Struct):
    url: str
    detail: str | None = None


class _File(msgspec.Struct):
    file_data: str | None = None
    filename: str | None = None


class _Part(msgspec.Struct):
    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: _ImageURL | None = None
    file: _File | None = None
    prompt_cache_breakpoint: WireBreakpoint | None = None


def read_part(given: dict[str, Any], place: str, losses: list[Loss]) -> Content:
    """A part of a client's message; `ProtocolError` for what is none."""
    losses += review(given, PART, place)
    part = shape_from_client(given, _Part, place)
    cache = read_mark(part.prompt_cache_breakpoint, f"{place}.prompt_cache_breakpoint", losses)
    match part:
        case _Part(type="text", text=str(text)):
            return Text(text=text, cache=cache)
        case _Part(type="refusal", refusal=str(refusal)):
            return Text(text=refusal, refusal=True, cache=cache)
        case _Part(type="image_url", image_url=_ImageURL() as image):
            detail = None if image.detail == "auto" else image.detail
            read = read_url(image.url, detail, f"{place}.image_url.url")
            return msgspec.structs.replace(read, cache=cache)
        case _Part(type="file", file=_File() as file):
            return msgspec.structs.replace(_file(file, place), cache=cache)
        case _Part(type="text" | "refusal" | "image_url" | "file" as kind):
            raise ProtocolError(
                f"A {kind} part has no {kind}.", field=f"{place}.{kind}", do=f"Give it its {kind}."
            )
        case _:
            raise ProtocolError(
                f"A content part of the type {part.type!r} is not supported here.",
                field=f"{place}.type",
                means="Text, images and files are carried; sound is not.",
                do="Send text, images and files only.",
            )


def _file(file: _File, place: str) -> File:
    if not file.file_data:
        raise ProtocolError(
            "A file part has no file_data.",
            field=f"{place}.file.file_data",
            do="Give the file's bytes as data:application/pdf;base64,….",
        )
    name = file.filename or ""
    if found := _DATA.fullmatch(file.file_data):
        return File(media_type=found[1], data=found[3], name=name)
    ending = name.rpartition(".")[2].lower()
    known = (kind for kind, usual in _ENDINGS.items() if usual == ending)
    return File(media_type=next(known, "application/pdf"), data=file.file_data, name=name)


def lifetime(cache: CacheMark, losses: dict[Loss, None]) -> dict[str, str]:
    """How long a mark asks that the cache keep it, in the vendor's terms."""
    if cache.ttl != "1h":
        return {}
    losses[LIFE_LOSS] = None
    return {"ttl": "30m"}


def words_of_file(file: File) -> str | None:
    """The words of a file that is a text; None for any other."""
    if file.text or not file.media_type.startswith("text/"):
        return file.text or None
    try:
        return base64.b64decode(file.data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


class PartWriter:
    """Parts to content. `marks` says that the model takes marks for the prompt cache."""

    def __init__(self, profile: Profile, losses: dict[Loss, None], *, marks: bool) -> None:
        self._profile = profile
        self._losses = losses
        self._marks = marks

    def content(self, parts: Sequence[Content]) -> str | list[dict[str, Any]]:
        """The content of a message."""
        written = [self._written(part) for part in parts]
        if len(written) == 1 and written[0].keys() == _WORDS_ALONE:
            words: str = written[0]["text"]
            return words
        return written

    def _written(self, part: Content) -> dict[str, Any]:
        plain = self._plain(part)
        return plain if part.cache is None else {**plain, **self.mark(part.cache)}

    def mark(self, cache: CacheMark | None) -> dict[str, Any]:
        """The mark, where there is one and the model takes it."""
        if cache is None:
            return {}
        if not self._marks:
            self._losses[MARKS_LOSS] = None
            return {}
        return {"prompt_cache_breakpoint": {"mode": "explicit", **lifetime(cache, self._losses)}}

    def _plain(self, part: Content) -> dict[str, Any]:
        match part:
            case Text():
                if part.citations:
                    self._losses[CITATIONS_LOSS] = None
                if part.refusal and self._profile.refusals:
                    return {"type": "refusal", "refusal": part.text}
                return {"type": "text", "text": part.text}
            case Image():
                return self._image(part)
            case File():
                return self._file(part)
            case _:
                assert_never(part)

    def _image(self, image: Image) -> dict[str, Any]:
        if image.url and self._profile.images == "bytes":
            raise ProtocolError(
                "The model's server takes no images by their address.",
                field="image_url",
                means="It reads only bytes that come with the request.",
                do="Send the image's bytes as data:image/png;base64,….",
            )
        detail = {} if image.detail is None else {"detail": image.detail}
        return {"type": "image_url", "image_url": {"url": write_url(image), **detail}}

    def _file(self, file: File) -> dict[str, Any]:
        if file.context or file.cited:
            self._losses[CONTEXT_LOSS] = None
        match self._profile.files:
            case "file" if not file.url:
                name = file.name or f"file.{_ENDINGS.get(file.media_type, 'txt')}"
                return {"type": "file", "file": {"filename": name, "file_data": _url(file)}}
            case "document" if words_of_file(file) is None:
                called = {"document_name": file.name} if file.name else {}
                return {"type": "document_url", "document_url": file.url or _url(file), **called}
            case _:
                return self._said(file)

    def _said(self, file: File) -> dict[str, Any]:
        words = words_of_file(file)
        if words is None:
            raise ProtocolError(
                "The model's server takes no such file.",
                field="file",
                means="The answer would not be about it.",
                do="Send its text, or its bytes where it came by an address, or ask another model.",
            )
        self._losses[FILE_LOSS] = None
        named = f"{file.name}:\n{words}" if file.name else words
        return {"type": "text", "text": named}


def _url(file: File) -> str:
    if file.text:
        data = base64.b64encode(file.text.encode()).decode()
        return f"data:{file.media_type or 'text/plain'};base64,{data}"
    return f"data:{file.media_type};base64,{file.data}"
