"""File names that every system takes, made of titles.

What one system or another refuses is left out: the separators and wildcards of Windows
and Unix, control characters, a dot or a space at either end, and the names of Windows'
devices, with or without an ending. Names are at most 80 characters and 180 bytes in
UTF-8, composed (NFC) and without characters that turn the direction of text.
"""

import re
import unicodedata

_LONGEST, _MOST_BYTES = 80, 180
_FORBIDDEN = set('<>:"/\\|?*%')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|com[¹²³]|lpt[¹²³])(\..*)?", re.IGNORECASE)


def file_name(title: str, ending: str, otherwise: str = "conversation") -> str:
    """The name of a file for a title; `otherwise` where nothing of it can stand."""
    stem = "".join(_safe(one) for one in unicodedata.normalize("NFC", title))
    stem = " ".join(stem.split()).strip(". ")[:_LONGEST]
    while len(stem.encode()) > _MOST_BYTES:
        stem = stem[:-1]
    stem = stem.strip(". ") or otherwise
    if _DEVICE.fullmatch(stem):
        stem += "_"
    return f"{stem}.{ending}"


def _safe(character: str) -> str:
    if character in _FORBIDDEN:
        return "-"
    # Control, format, surrogate, private and unassigned characters, and separators of lines.
    kind = unicodedata.category(character)
    if kind.startswith("C"):
        return " " if kind == "Cc" else ""
    return " " if kind in {"Zl", "Zp"} else character
