"""Bytes that claim to be an export, and bombs."""

import json
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.chat.imports import containers
from changeover.chat.imports.containers import entries
from changeover.chat.imports.found import UnreadableFileError
from changeover.chat.imports.reading import read
from tests.chat.imports.files import CAPITALS, RIVERS, encoded, zipped


def count(content: bytes) -> int:
    return len(entries(content))


def test_a_list_one_entry_and_marks_of_encodings():
    said = json.dumps([CAPITALS, RIVERS])
    assert count(said.encode()) == 2
    assert count(encoded(CAPITALS)) == 1
    assert count(said.encode("utf-8-sig")) == 2
    assert count(said.encode("utf-16")) == 2
    assert count(b"[]") == 0


def test_a_zip_is_read_by_what_chatgpt_names_or_else_all_of_it():
    one, other = encoded([CAPITALS]), encoded([RIVERS])
    assert (
        count(zipped({"chat.html": b"<html>", "x/conversations.json": one, "user.json": b"{}"}))
        == 1
    )
    pieces = {"conversations-000.json": one, "conversations-001.json": other, "user.json": b"{}"}
    assert count(zipped(pieces)) == 2
    assert count(zipped({"a.json": one, "b.JSON": other, "__MACOSX/._a.json": b"x"})) == 2


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"<!doctype html>", "no JSON"),
        (b"\x89PNG\r\n", "neither UTF-8 nor UTF-16"),
        ("é".encode("latin-1"), "neither UTF-8 nor UTF-16"),
        (b"\xff\xfea", "neither UTF-8 nor UTF-16"),
        (b'[{"a": 1}', "broken JSON"),
        (b"[1] 2", "broken JSON"),
        (b"words", "no JSON"),
        (b"PK\x03\x04nonsense", "damaged"),
        (zipped({"a.txt": b"{}"}), "no JSON file"),
        # With a name of its own: the time in the archive would name the test otherwise.
        pytest.param(zipped({"a.json": b"{}"})[:60], "damaged", id="cut"),
        (b"[" * 200_000 + b"]" * 200_000, "nested too deeply"),
        (b'{"chat":' * 200_000 + b"1" + b"}" * 200_000, "nested too deeply"),
    ],
)
def test_what_it_is_not_is_said(content: bytes, word: str):
    with pytest.raises(UnreadableFileError) as raised:
        entries(content)
    assert word in str(raised.value)


def test_the_limits_are_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(containers, "MOST_BYTES", 1024 * 1024)
    with pytest.raises(UnreadableFileError, match="more than 1 MB"):
        entries(b" " * (1024 * 1024 + 1))
    monkeypatch.setattr(containers, "MOST_UNPACKED", 1024 * 1024)
    bomb = zipped({f"{n}.json": b" " * 600_000 + b"{}" for n in range(2)})
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableFileError, match="more than 1 MB of JSON"):
        entries(bomb)
    monkeypatch.setattr(containers, "MOST_ENTRIES", 2)
    with pytest.raises(UnreadableFileError, match="more than 2 entries"):
        entries(b"[1,2,3]")
    monkeypatch.setattr(containers, "MOST_MEMBERS", 1)
    with pytest.raises(UnreadableFileError, match="more than 1 files"):
        entries(zipped({"a.json": b"{}", "b.json": b"{}"}))


def test_a_locked_zip_and_one_packed_otherwise_are_refused():
    content = bytearray(zipped({"a.json": b'{"a": 1}'}))
    place = content.index(b"PK\x01\x02")
    locked = bytearray(content)
    locked[place + 8] |= 1
    with pytest.raises(UnreadableFileError, match="password"):
        entries(bytes(locked))
    content[place + 10] = 14
    with pytest.raises(UnreadableFileError, match="not read here"):
        entries(bytes(content))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32), st.sampled_from(["json", "zip"]))
def test_any_alteration_is_read_or_refused_in_words(seed: int, kind: str):
    chance = random.Random(seed)
    content = bytearray(encoded([CAPITALS, RIVERS]))
    if kind == "zip":
        content = bytearray(zipped({"conversations.json": bytes(content)}))
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with suppress(UnreadableFileError):
        for entry in entries(bytes(content)):
            read(entry)
