"""Pictures made ready for models: small, upright, without what cameras add; or refused."""

import base64
import io

import pytest
from PIL import Image, ImageDraw

from changeover.basics.errors import InvalidInputError
from changeover.documents import picturing
from changeover.documents.picturing import SIDE, prepared

_ORIENTATION, _MAKE = 0x0112, 0x010F


def picture(form: str, size: tuple[int, int] = (40, 20), **saved: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "white").save(written, form, **saved)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(prepared(content, "a").data)))


@pytest.mark.parametrize(
    ("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/png")]
)
def test_each_form_goes_in_one_that_every_vendor_takes(form: str, kind: str):
    assert prepared(picture(form), "a").media_type == kind
    assert opened(picture(form)).size == (40, 20)


def test_a_great_picture_is_made_smaller():
    assert opened(picture("JPEG", (4_000, 2_000))).size == (SIDE, SIDE // 2)


def test_what_a_camera_adds_stays_here_and_turns_the_picture():
    exif = Image.Exif()
    exif[_ORIENTATION], exif[_MAKE] = 6, "A camera"
    turned = opened(picture("JPEG", exif=exif))
    assert turned.size == (20, 40)
    assert dict(turned.getexif()) == {}


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(40), picture("JPEG")[:200], b""])
def test_a_damaged_picture_is_refused(content: bytes):
    with pytest.raises(InvalidInputError, match=r"plan\.png is a damaged picture"):
        prepared(content, "plan.png")


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(picturing, "MOST_PIXELS", 700)
    with pytest.raises(InvalidInputError, match="40 by 20 pixels; at most 700"):
        prepared(picture("PNG"), "plan.png")


def sign(words: str) -> bytes:
    drawn = Image.new("RGB", (900, 120), "white")
    ImageDraw.Draw(drawn).text((20, 30), words, fill="black", font_size=48)
    written = io.BytesIO()
    drawn.save(written, "PNG")
    return written.getvalue()
