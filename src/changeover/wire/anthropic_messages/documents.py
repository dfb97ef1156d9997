"""Files: the blocks `document` and `search_result`.

Source: Anthropic's reference, "PDF support", "Citations" and "Search results".

* A document is a PDF in base64, plain text, an address, or content of its own: words or
  blocks of them. The blocks of such content are the units of its citations; they are
  joined here, and pictures among them left out, which is reported.
* A search result is a text with a title and a source. It is carried as a file whose
  context is the source, and that is reported.
* The vendor takes PDF and text. Text that comes as bytes is written as text; a picture
  that comes as a file is a picture; any other file is left out and reported.
* Either every file of a request is to be cited or none. Where only some are, all are, and
  that is reported. The answer cannot be both cited and of a given form: it has the form.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from changeover.conversation.model import CacheMark, File, Image, Loss, Part, ToolResult, Turn
from changeover.wire.errors import ProtocolError
from changeover.wire.shapes import shape_from_client

PDF = "application/pdf"
TEXT = "text/plain"
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
_PDF_BEGINS = "JVBERi0"
"""`%PDF-` in base64."""
_TEXTUAL = frozenset({"application/json", "application/xml", "application/yaml"})

FILE_LOSS = Loss(field="file", why="Messages takes PDF and text; another file is left out.")
ALL_CITED_LOSS = Loss(field="citations", why="Messages cites all files or none; all may be cited.")
FORM_LOSS = Loss(
    field="citations", why="Messages cites nothing in an answer of a given form; it has the form."
)


class _Citations(msgspec.Struct):
    enabled: bool = False


class _Source(msgspec.Struct):
    type: Literal["base64", "text", "url", "content"]
    media_type: str = ""
    data: str = ""
    url: str = ""
    content: str | list[dict[str, Any]] = ""


class _Document(msgspec.Struct):
    source: _Source
    title: str | None = None
    context: str | None = None
    citations: _Citations | None = None


class _Result(msgspec.Struct):
    content: list[dict[str, Any]]
    source: str
    title: str
    citations: _Citations | None = None


class _Words(msgspec.Struct):
    type: str
    text: str = ""


def read_document(
    given: dict[str, Any], mark: CacheMark | None, place: str, losses: list[Loss]
) -> File:
    """The file of a `document` block; `ProtocolError` for one that holds nothing."""
    document = shape_from_client(given, _Document, place)
    source = document.source
    words = source.data
    if source.type == "content":
        words = _joined(source.content, f"{place}.source.content", losses)
    about: dict[str, Any] = {
        "name": document.title or "",
        "context": document.context or "",
        "cited": document.citations is not None and document.citations.enabled,
        "cache": mark,
    }
    match source.type:
        case "url" if source.url:
            return File(url=source.url, **about)
        case "base64" if source.data:
            return File(media_type=source.media_type or PDF, data=source.data, **about)
        case "text" | "content" if words:
            return File(media_type=TEXT, text=words, **about)
        case _:
            raise ProtocolError(
                "A document holds nothing.",
                field=f"{place}.source",
                do="Give its data, its text, its content or its url.",
            )


def read_result(
    given: dict[str, Any], mark: CacheMark | None, place: str, losses: list[Loss]
) -> File:
    """The file of a `search_result` block."""
    result = shape_from_client(given, _Result, place)
    losses.append(Loss(field=f"{place}.type", why="A search result is carried as a file."))
    return File(
        media_type=TEXT,
        text=_joined(result.content, f"{place}.content", losses),
        name=result.title,
        context=result.source,
        cited=result.citations is not None and result.citations.enabled,
        cache=mark,
    )


def _joined(content: str | list[dict[str, Any]], place: str, losses: list[Loss]) -> str:
    if isinstance(content, str):
        return content
    blocks = [
        shape_from_client(block, _Words, f"{place}[{at}]") for at, block in enumerate(content)
    ]
    words = [block.text for block in blocks if block.type == "text"]
    if len(words) < len(blocks):
        losses.append(Loss(field=place, why="Only the words of a document's content are carried."))
    elif len(words) > 1:
        losses.append(Loss(field=place, why="The blocks of a document's content are joined."))
    return "\n\n".join(words)


def pictured(part: Part) -> Part:
    """The part; a picture, where it is one that came as a file."""
    if isinstance(part, File) and part.data and part.media_type in PICTURES:
        return Image(media_type=part.media_type, data=part.data, cache=part.cache)
    return part


def source_of(file: File) -> dict[str, str] | None:
    """How the vendor is given the file; None where it takes none of the kind."""
    if file.text:
        return _text(file.text)
    if not file.data:
        return {"type": "url", "url": file.url} if file.url else None
    if file.media_type == PDF or (not file.media_type and file.data.startswith(_PDF_BEGINS)):
        return {"type": "base64", "media_type": PDF, "data": file.data}
    if file.media_type.startswith("text/") or file.media_type in _TEXTUAL:
        return _decoded(file.data)
    return None


def _text(words: str) -> dict[str, str] | None:
    return {"type": "text", "media_type": TEXT, "data": words} if words.strip() else None


def _decoded(data: str) -> dict[str, str] | None:
    try:
        return _text(base64.b64decode(data, validate=True).decode())
    except (binascii.Error, ValueError):
        return None


def document_block(file: File, source: dict[str, str], *, cited: bool) -> dict[str, Any]:
    """The block of a file whose source is `source`."""
    block: dict[str, Any] = {"type": "document", "source": source}
    if file.name:
        block["title"] = file.name
    if file.context:
        block["context"] = file.context
    if cited:
        block["citations"] = {"enabled": True}
    return block


def files_of(turn: Turn) -> list[tuple[bool, File]]:
    """The files of a turn in its order, and whether they stand within a tool's result."""
    found: list[tuple[bool, File]] = []
    for part in turn.parts:
        if isinstance(part, ToolResult):
            found += [(True, inner) for inner in part.parts if isinstance(inner, File)]
        elif isinstance(part, File):
            found.append((False, part))
    return found


def numbering(turns: Iterable[Turn]) -> dict[int, int]:
    """The vendor's number of each file that it is given, by the number among the turns' files.

    Results of tools are written before what else a turn holds.
    """
    numbers: dict[int, int] = {}
    at = 0
    for turn in turns:
        found = files_of(turn)
        if not found:
            continue
        files = list(enumerate(found, start=at))
        at += len(files)
        written = sorted(files, key=lambda one: not one[1][0]) if turn.role == "user" else []
        for number, (_, file) in written:
            if not isinstance(pictured(file), Image) and source_of(file) is not None:
                numbers[number] = len(numbers)
    return numbers


def to_cite(turns: Sequence[Turn], losses: dict[Loss, None], *, formed: bool) -> bool:
    """Whether the files are to be cited; `formed` says that the answer has a form."""
    asked = [file.cited for turn in turns for _, file in files_of(turn)]
    if not any(asked):
        return False
    if formed:
        losses[FORM_LOSS] = None
        return False
    if not all(asked):
        losses[ALL_CITED_LOSS] = None
    return True
