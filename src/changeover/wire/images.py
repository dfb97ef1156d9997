"""Images in `data:` URLs (RFC 2397), which Chat Completions uses for bytes."""

import re

from changeover.conversation.model import Image
from changeover.wire.errors import ProtocolError

_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w.+=-]+)*;base64,(.*)", re.DOTALL)


def read_url(url: str, detail: str | None, place: str) -> Image:
    """The image that `url` is or names; `ProtocolError` for what is neither."""
    if found := _DATA.fullmatch(url):
        return Image(media_type=found[1], data=found[2], detail=detail)
    if url.startswith(("https://", "http://")):
        return Image(url=url, detail=detail)
    raise ProtocolError(
        "An image is named by no address that can be read.",
        field=place,
        do="Give an https address, or the bytes as data:image/png;base64,….",
    )


def write_url(image: Image) -> str:
    """The address of an image, or its bytes in one."""
    return image.url or f"data:{image.media_type};base64,{image.data}"
