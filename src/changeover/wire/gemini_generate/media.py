"""Pictures and files: `inlineData` and `fileData`, both ways.

* Bytes are base64 in either alphabet; other vendors read one, so that one is kept. Bytes
  of a text (`text/plain`, `text/csv`) are read as its words.
* `fileData` names a public address. What the vendor's files API or a bucket of Cloud
  Storage keeps can be read by that vendor alone and is refused by name. Where no type
  stands beside an address, its ending tells it; an address without one is a picture's.
* Vertex AI takes no file without a type. A file's name goes along (`displayName`, as the SDK
  sends it to both); what it is (`context`), and that it be cited, cannot be told.
"""

from typing import Any

import msgspec

from changeover.conversation.model import File, Image, Loss
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.gemini_generate.fields import FILE, INLINE
from changeover.wire.gemini_generate.names import in_camel_case
from changeover.wire.gemini_generate.receiver import Receiver
from changeover.wire.gemini_generate.seals import base64_of, octets_of, standard
from changeover.wire.shapes import shape_from_client

_PDF = "application/pdf"
_TYPES = {
    "csv": "text/csv",
    "gif": "image/gif",
    "heic": "image/heic",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "pdf": _PDF,
    "png": "image/png",
    "txt": "text/plain",
    "webp": "image/webp",
    "xml": "text/xml",
}
_SOUND_OR_FILM = ("audio/", "video/")


class _Inline(msgspec.Struct, rename="camel"):
    mime_type: str
    data: str
    display_name: str = ""


class _File(msgspec.Struct, rename="camel"):
    file_uri: str
    mime_type: str = ""
    display_name: str = ""


def read_inline(data: dict[str, Any], place: str, losses: list[Loss]) -> Image | File:
    """What `inlineData` holds."""
    given = in_camel_case(data, place)
    losses += review(given, INLINE, place)
    shaped = shape_from_client(given, _Inline, place)
    kind = _carried(shaped.mime_type, place)
    if kind.startswith("image/"):
        _check_no_name(shaped.display_name, place, losses)
        return Image(media_type=kind, data=standard(shaped.data))
    if not kind.startswith("text/"):
        return File(media_type=kind, data=standard(shaped.data), name=shaped.display_name)
    return File(media_type=kind, text=_words(shaped.data, place), name=shaped.display_name)


def read_file(data: dict[str, Any], place: str, losses: list[Loss]) -> Image | File:
    """What `fileData` names."""
    given = in_camel_case(data, place)
    losses += review(given, FILE, place)
    shaped = shape_from_client(given, _File, place)
    url = shaped.file_uri
    if "/v1beta/files/" in url or not url.startswith("https://"):
        raise ProtocolError(
            "A file that one vendor keeps cannot be read from here.",
            field=f"{place}.fileUri",
            do="Send the bytes as inlineData, or a public address that begins with https://.",
        )
    kind = _carried(shaped.mime_type, place) if shaped.mime_type else ""
    told = kind or _type_of(url) or "image/"
    if told.startswith("image/"):
        _check_no_name(shaped.display_name, place, losses)
        return Image(media_type=kind, url=url)
    return File(media_type=told, url=url, name=shaped.display_name)


def _carried(kind: str, place: str) -> str:
    if kind.startswith(_SOUND_OR_FILM) or "/" not in kind:
        raise ProtocolError(
            f"Data of the type {kind!r} is not supported here.",
            field=f"{place}.mimeType",
            means="Only text, pictures and documents are carried.",
            do="Send an image, a PDF or text.",
        )
    return kind


def _check_no_name(name: str, place: str, losses: list[Loss]) -> None:
    if name:
        why = "A name for a picture is not carried."
        losses.append(Loss(field=f"{place}.displayName", why=why))


def _words(data: str, place: str) -> str:
    octets = octets_of(data)
    try:
        return (octets or b"").decode() if octets or not data else _not_words(place)
    except UnicodeDecodeError:
        return _not_words(place)


def _not_words(place: str) -> str:
    raise ProtocolError(
        "A text among the data cannot be read.",
        field=f"{place}.data",
        means="It is no base64, or its bytes are not UTF-8.",
        do="Send the text's bytes in UTF-8 as base64, or its words as a part's text.",
    )


def _type_of(url: str) -> str:
    path = url.partition("?")[0].partition("#")[0]
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    return _TYPES.get(ending.lower(), "") if dot else ""


def written_image(image: Image, receiver: Receiver, losses: list[Loss]) -> dict[str, Any]:
    """The part for a picture."""
    if image.detail is not None:
        why = "How closely to look at a picture is left to the model."
        losses.append(Loss(field="detail", why=why))
    if not image.url:
        return {"inlineData": {"mimeType": image.media_type, "data": image.data}}
    kind = image.media_type or (_type_of(image.url) or "image/jpeg" if receiver.vertex else "")
    return {"fileData": {**({"mimeType": kind} if kind else {}), "fileUri": image.url}}


def written_file(file: File, losses: list[Loss]) -> dict[str, Any]:
    """The part for a document."""
    losses += _unsaid(file)
    named = {"displayName": file.name} if file.name else {}
    if file.url:
        kind = file.media_type or _type_of(file.url) or _PDF
        return {"fileData": {"mimeType": kind, "fileUri": file.url, **named}}
    if file.data:
        kind = file.media_type or _PDF
        return {"inlineData": {"mimeType": kind, "data": file.data, **named}}
    kind = file.media_type if file.media_type.startswith("text/") else "text/plain"
    return {"inlineData": {"mimeType": kind, "data": base64_of(file.text), **named}}


def _unsaid(file: File) -> list[Loss]:
    unsaid = {
        "file.context": "Gemini cannot be told beside a file what it is." if file.context else "",
        "file.citations": "Gemini does not cite the files that it is given." if file.cited else "",
    }
    return [Loss(field=name, why=why) for name, why in unsaid.items() if why]
