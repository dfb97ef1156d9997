"""The page of a pack: the answer, its figures, and nothing that a browser runs or fetches."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from changeover.evidence.chart import Count, chart
from changeover.evidence.pack_page import page
from changeover.evidence.verifier import Key, verdict
from tests.evidence.proven import KEY, World, called, lived, world
from tests.orders.worlds import day


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path / "data") as made:
        yield made


def judged(folder: Path, content: bytes, **given: Any) -> dict[str, Any]:
    file = folder / "pack.zip"
    file.write_bytes(content)
    return verdict(file, **({"key": Key(str(KEY.verifier))} | given))


@pytest.mark.parametrize(
    ("language", "answer", "group"),
    [("en", "These calls: 2.", "Sent against an order"), ("fr", "Ces appels : 2.", "En retrait")],
)
def test_the_page_says_the_answer_and_its_figures(
    kept: World, tmp_path: Path, language: Any, answer: str, group: str
):
    lived(kept, called(1, 20), called(2, 70), called(3, 71, result="refused"))
    found = judged(tmp_path, kept.pack()[0])
    text = page(found, language).decode()
    read = html.fromstring(text.encode())
    assert answer in read.text_content()
    assert [cell.text for cell in read.xpath("//section[1]//tbody/tr/td[2]")] == ["1", "1", "1"]
    assert group in text
    assert len(read.xpath("//*[name()='rect'][@y]")) == 3
    assert not re.search(r"<script|https?://(?!www\.w3\.org/2000/svg)|@import|url\(", text)


def test_what_is_not_covered_is_said_in_french_too(kept: World, tmp_path: Path):
    found = judged(tmp_path, lived(kept).pack()[0], key=None)
    text = page(found, "fr").decode()
    assert "Aucun enregistré." in text
    assert "un programme qui appelle un fournisseur directement" in text
    assert "La clé est celle que nomme le fichier" in text


def test_a_file_that_does_not_hold_says_why_and_escapes_it(kept: World, tmp_path: Path):
    found = judged(tmp_path, b"<script>")
    assert "cannot be read" in page(found, "en").decode()
    found = judged(tmp_path, lived(kept).pack(reached=day(50))[0])
    found["reasons"] = ["<script>"]
    text = page(found, "en").decode()
    assert "The record is incomplete here:" in text
    assert "<script>" not in text


def test_a_long_window_has_few_bars_and_an_empty_one_an_axis():
    counts = [Count(day=date(2026, 12, 31), group="g", number=3)]
    drawn = chart(counts, date(2026, 1, 1), date(2026, 12, 31), {"g": "Of <g>"})
    (bar,) = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', drawn)
    assert float(bar[0]) + float(bar[2]) <= 720
    assert "Of &lt;g&gt;: 3" in drawn
    assert "<rect" not in chart([], date(2026, 1, 1), date(2026, 1, 1), {})


def test_it_says_the_law_as_known_then_and_now_and_which_processes_served(
    kept: World, tmp_path: Path
):
    late = called(2, 70, result="answered")
    found = judged(tmp_path, lived(kept, called(1, 20), late).pack()[0])
    text = html.fromstring(page(found, "en")).text_content()
    assert "allowed with notice (bar), as known then and now" in text
    assert "refused (bar), as known then and now" in text
    assert "start_0h112026-01-02 00:00:00 UTC1stopped" in text
    assert "not yet in effect" in text
    known_later = {"outcome": "allow", "because": "permitted", "instruments": []}
    found["calls"][1] |= {"then": known_later}
    assert "allowed as known then; refused (bar) now" in page(found, "en").decode()
    found["calls"][1] |= {"then": None, "now": 3}
    assert "il ne peut être interrogé, connu alors et à présent" in page(found, "fr").decode()
