"""Pictures, by their first bytes: kept and shown, never searched."""

from pathlib import PurePath
from typing import Final

_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_ENDINGS: Final = {
    "image/png": {".png"},
    "image/jpeg": {".jpg", ".jpeg"},
    "image/gif": {".gif"},
    "image/webp": {".webp"},
}


def picture_type(content: bytes) -> str | None:
    """The media type of a picture that browsers show; None for anything else."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for begins, kind in _BEGINNINGS if content.startswith(begins)), None)


def named_so(name: str, kind: str) -> bool:
    """Whether a name says that it is such a picture, or says nothing."""
    ending = PurePath(name).suffix.lower()
    return not ending or ending in _ENDINGS[kind]


def called_picture(name: str) -> bool:
    """Whether a name says that it is a picture."""
    return any(PurePath(name).suffix.lower() in endings for endings in _ENDINGS.values())
