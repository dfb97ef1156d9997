"""A file's bytes as the JSON entries in it, whatever it claims to be.

1. It is at most `MOST_BYTES` long, and not empty.
2. A ZIP is read without being unpacked to anywhere: names in it lead nowhere, encrypted
   members are refused, and what comes out is counted as it comes, to `MOST_UNPACKED`:
   what a member says of its own length is not believed.
3. JSON is UTF-8, or UTF-16 that says so at its beginning.
4. It is a list of entries, or one entry. An entry is not looked into here, beyond that
   it is JSON at all; one deeper than the reader goes is no file of a chat.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

import msgspec

from changeover.chat.imports.found import UnreadableFileError

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = MOST_ENTRIES = 20_000
_MEGABYTE = 1024 * 1024
_PIECE = 256 * 1024
_CHATGPT = re.compile(r"conversations(-\d+)?\.json")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises on bytes that are no sound ZIP."""
_ZIP = b"PK\x03\x04"
_OTHERS: Sequence[tuple[bytes, str]] = (
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"%PDF", "PDF"),
)


def entries(content: bytes) -> list[msgspec.Raw]:
    """The entries of a file, in order; `UnreadableFileError` where it is none of a chat."""
    if len(content) > MOST_BYTES:
        raise too_long()
    if not content.strip():
        raise UnreadableFileError(
            "The file is empty.", means="Nothing was taken in.", do="Choose another file."
        )
    if content.startswith(_ZIP):
        found = [entry for member in _members(content) for entry in _listed(member)]
    else:
        for magic, name in _OTHERS:
            if content.startswith(magic):
                raise UnreadableFileError(
                    f"The file is {name}, which is not read here.",
                    means="Nothing was taken in.",
                    do="Choose the JSON file of an export, or its ZIP.",
                )
        found = _listed(content)
    if len(found) > MOST_ENTRIES:
        raise UnreadableFileError(
            f"The file has more than {MOST_ENTRIES} entries.",
            means="Nothing was taken in.",
            do="Divide it into smaller files.",
        )
    return found


def too_long() -> UnreadableFileError:
    """The file is longer than what is read."""
    return UnreadableFileError(
        f"The file has more than {MOST_BYTES // _MEGABYTE} MB.",
        means="Nothing was taken in.",
        do="Take the JSON files out of a ZIP with pictures, and import each by itself.",
    )


def _members(content: bytes) -> Iterator[bytes]:
    """The JSON files in a ZIP: those that ChatGPT names, or else all."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_MEMBERS:
                raise UnreadableFileError(
                    f"The ZIP has more than {MOST_MEMBERS} files.", means="Nothing was taken in."
                )
            for info in _wanted(infos):
                if info.flag_bits & 1:
                    raise UnreadableFileError(
                        "The ZIP is locked with a password.",
                        means="Nothing was taken in.",
                        do="Unpack it, and import the JSON file in it.",
                    )
                if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                    raise _damaged()
                member = _unpacked(archive, info, left)
                left -= len(member)
                yield member
    except _BROKEN as error:
        raise _damaged() from error


def _damaged() -> UnreadableFileError:
    return UnreadableFileError(
        "The ZIP is damaged, or packed in a way that is not read here.",
        means="Nothing was taken in.",
        do="Download it again, or unpack it and import the JSON file in it.",
    )


def _wanted(infos: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    named = [info for info in infos if info.filename.lower().endswith(".json")]
    # What a Mac adds beside each file.
    named = [info for info in named if "__MACOSX" not in info.filename]
    chatgpt = [info for info in named if _CHATGPT.fullmatch(info.filename.rpartition("/")[2])]
    if not named:
        raise UnreadableFileError(
            "There is no JSON file in the ZIP.",
            means="Nothing was taken in.",
            do="Choose the ZIP that the export came in.",
        )
    return sorted(chatgpt, key=lambda info: info.filename) or named


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    pieces: list[bytes] = []
    with archive.open(info) as member:
        while piece := member.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise UnreadableFileError(
                    f"The ZIP holds more than {MOST_UNPACKED // _MEGABYTE} MB of JSON.",
                    means="Nothing was taken in.",
                    do="Take the JSON files out of it, and import each by itself.",
                )
            pieces.append(piece)
    return b"".join(pieces)


def _listed(content: bytes) -> list[msgspec.Raw]:
    text = _utf8(content).strip()
    try:
        if text.startswith(b"["):
            return msgspec.json.decode(text, type=list[msgspec.Raw])
        if text.startswith(b"{"):
            return [msgspec.json.decode(text, type=msgspec.Raw)]
    except msgspec.DecodeError as error:
        raise UnreadableFileError(
            f"The file is broken JSON: {error}.",
            means="Nothing was taken in.",
            do="Download the export again.",
        ) from error
    except RecursionError as error:
        raise UnreadableFileError(
            "The file is nested too deeply for a conversation.", means="Nothing was taken in."
        ) from error
    raise UnreadableFileError(
        "The file is no JSON.",
        means="Nothing was taken in.",
        do="Choose the JSON file of an export, or its ZIP.",
    )


def _utf8(content: bytes) -> bytes:
    """The text in UTF-8, without the mark of its encoding."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:]
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16").encode()
        content.decode()
    except UnicodeError as error:
        raise UnreadableFileError(
            "The file is neither UTF-8 nor UTF-16.",
            means="Nothing was taken in.",
            do="Choose the file as it was downloaded.",
        ) from error
    return content
