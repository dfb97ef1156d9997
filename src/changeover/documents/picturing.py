"""Pictures made ready for models: whole, upright, small enough, and without what cameras add.

* What cannot be decoded is refused when it comes: a vendor would refuse every request that holds
  it, and so every later message of its conversation.
* A picture goes with its longer side at most `SIDE` pixels, which is what vendors scale it to
  themselves (Anthropic, "Vision": 1,568 pixels), turned as its camera says, and without place,
  time and device (EXIF).
* One that would fill the memory when it is decoded is refused by its size in pixels.

Pillow would slow the start, so that it is imported when first used.
"""

import base64
import io
import threading
import warnings
from collections import OrderedDict
from collections.abc import Collection
from typing import Any

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.documents.model import StoredFile
from changeover.documents.ports import FileStore, FileWork, Offload

SIDE = 1_568
MOST_PIXELS = 100_000_000
_KEPT = 24
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_QUALITY = 88


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as a model is given it, its bytes in base64."""

    media_type: str
    data: str


class Picturing:
    """The pictures of conversations."""

    def __init__(self, store: FileStore, offload: Offload) -> None:
        self._store = store
        self._offload = offload
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._lock = threading.Lock()

    async def all(self, conversation: str) -> list[StoredFile]:
        """The pictures that stand in a conversation and were read, the earliest first."""

        def all_() -> list[StoredFile]:
            with self._store.reading() as work:
                there = work.files.of(conversation)
            return [file for file in there if file.found.picture and file.state != "refused"]

        return await self._offload(all_)

    async def ready(self, conversation: str, files: Collection[str]) -> dict[str, Picture]:
        """Those of these files that still stand in the conversation, ready for a model."""
        return await self._offload(lambda: self._ready(conversation, files))

    def _ready(self, conversation: str, files: Collection[str]) -> dict[str, Picture]:
        with self._store.reading() as work:
            standing = [file for file in work.files.of(conversation) if file.id in files]
            return {file.id: self._picture(work, file) for file in standing if file.found.picture}

    def _picture(self, work: FileWork, file: StoredFile) -> Picture:
        with self._lock:
            found = self._kept.get(file.sha256)
            if found is None:
                found = prepared(work.files.content(file.sha256), file.name)
                self._kept[file.sha256] = found
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(file.sha256)
            return found


def prepared(content: bytes, name: str) -> Picture:
    """The picture as a model is given it; `InvalidInputError` where it cannot be shown."""
    from PIL import ImageOps  # noqa: PLC0415 - see above

    opened = _opened(content, name)
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((SIDE, SIDE))
    photograph = opened.format == "JPEG"
    form, kind = ("JPEG", "image/jpeg") if photograph else ("PNG", "image/png")
    drawn = upright.convert("RGB" if photograph else "RGBA")
    written = io.BytesIO()
    drawn.save(written, form, quality=_QUALITY)
    return Picture(media_type=kind, data=base64.b64encode(written.getvalue()).decode())


def check(content: bytes, name: str) -> None:
    """`InvalidInputError` for a picture that cannot be shown."""
    _opened(content, name)


def _opened(content: bytes, name: str) -> Any:
    """The picture, decoded as a whole."""
    from PIL import Image  # noqa: PLC0415 - see above

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
            if opened.width * opened.height > MOST_PIXELS:
                raise InvalidInputError(
                    f"{name} has {opened.width:,} by {opened.height:,} pixels; at most "
                    f"{MOST_PIXELS:,} are taken in all.",
                    do="Make it smaller, and give it again.",
                )
            opened.load()
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise InvalidInputError(
            f"{name} is a damaged picture: it cannot be shown.",
            do="Save it anew, and give it again.",
        ) from error
    return opened
