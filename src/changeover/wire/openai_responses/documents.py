"""Files in a request: `input_file`.

Source: OpenAI's guide "File inputs" and `ResponseInputFileParam` of its SDK. The bytes of a
file stand in `file_data` as a `data:` URL with its name in `filename`; some programs send
the base64 alone, and the name says what it is. Words come back as words.
"""

import binascii
import mimetypes
import re
from base64 import b64decode, b64encode

from changeover.conversation.model import CacheMark, File, Loss
from changeover.wire.errors import ProtocolError

_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w.+=-]+)*;base64,(.*)", re.DOTALL)
_PDF = "application/pdf"
_TEXT, _TEXTS = "text/plain", "text/"
CONTEXT_LOSS = Loss(field="context", why="Responses takes no words about a file beside it.")
CITED_LOSS = Loss(field="citations", why="Responses cannot be asked to cite a file.")


def read_file(
    data: str | None, url: str | None, name: str | None, cache: CacheMark | None, place: str
) -> File:
    """The file that a part holds or names; `ProtocolError` where it does neither."""
    called = name or ""
    if data:
        found = _DATA.fullmatch(data)
        guessed = mimetypes.guess_type(called)[0] or _PDF
        kind, octets = (found[1], found[2]) if found else (guessed, data)
        words = _words(octets) if kind.startswith(_TEXTS) else None
        if words is not None:
            return File(media_type=kind, text=words, name=called, cache=cache)
        return File(media_type=kind, data=octets, name=called, cache=cache)
    if url:
        return File(url=url, name=called, cache=cache)
    raise ProtocolError(
        "A part of the type input_file has neither file_data nor file_url.",
        field=f"{place}.file_data",
        do="Give the bytes as data:application/pdf;base64,… with a filename, or an https address.",
    )


def write_file(file: File, losses: dict[Loss, None]) -> dict[str, str]:
    """The part that holds or names a file, without its mark."""
    if file.context:
        losses[CONTEXT_LOSS] = None
    if file.cited:
        losses[CITED_LOSS] = None
    if file.url:
        return {"type": "input_file", "file_url": file.url}
    kind = file.media_type or (_PDF if file.data else _TEXT)
    data = file.data or b64encode(file.text.encode(errors="replace")).decode("ascii")
    named = file.name or f"document{mimetypes.guess_extension(kind) or ''}"
    return {
        "type": "input_file",
        "filename": named,
        "file_data": f"data:{kind};base64,{data}",
    }


def _words(octets: str) -> str | None:
    try:
        return b64decode(octets, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
