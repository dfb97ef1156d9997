"""The documents' pictures: each is there, is shown somewhere, and is one that the story takes."""

import re
import struct

import pytest
from screenshots.album import LARGEST
from screenshots.story import PICTURES

from tests.docs.markdown import links
from tests.docs.repository import ROOT, documents

IMAGES = ROOT / "docs" / "images"
_SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_PNG = b"\x89PNG\r\n\x1a\n"
WIDE, NARROW = (1280, 800), (360, 740)

SHOWN = [
    (document, words, document.parent / target)
    for document in documents()
    for words, target in _SHOWN.findall(document.read_text())
    if not target.startswith(("http:", "https:"))
]


def test_every_picture_that_is_shown_exists_and_says_what_it_shows() -> None:
    assert SHOWN
    assert [image for _, _, image in SHOWN if not image.resolve().is_file()] == []
    assert [image for _, words, image in SHOWN if not words.strip()] == []


def test_every_picture_is_shown_or_linked() -> None:
    named = {
        (document.parent / target).resolve()
        for document in documents()
        for target in links(document.read_text())
    }
    assert [image for image in IMAGES.iterdir() if image.resolve() not in named] == []


def test_the_pictures_are_those_that_the_story_takes() -> None:
    assert len(set(PICTURES)) == len(PICTURES)
    assert {image.name for image in IMAGES.iterdir()} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_a_window_and_light_to_load(name: str) -> None:
    data = (IMAGES / name).read_bytes()
    assert data.startswith(_PNG)
    assert struct.unpack(">II", data[16:24]) == (NARROW if "narrow" in name else WIDE)
    assert len(data) <= LARGEST
