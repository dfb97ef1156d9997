"""What a pack says of others' counts: reconciled, not, or that they counted more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from changeover.evidence.pack_page import page
from changeover.evidence.reconciling.model import Finding, Report, Row, Source
from changeover.evidence.verifier import tell
from tests.evidence.mutations import Opened
from tests.evidence.proven import lived, world
from tests.orders.worlds import day

Judge = Callable[..., dict[str, Any]]


def report(verdict: Any, finding: Finding) -> Report:
    row = Row(
        host="alpha", begins=day(20), ends=day(20) + timedelta(hours=1), finding=finding,
        counted_requests=3, counted_tokens=None, sent=1, recorded_tokens=0, why="Because.",
    )  # fmt: skip
    source = Source(
        file="usage.json", kind="openai-usage", sha256="ab" * 32, lines=3, counted=3, passed_over=0
    )
    return Report(
        since=day(5), until=day(100), bucket_seconds=3600, sources=(source,), rows=(row,),
        duplicates=0, verdict=verdict, words="In one span more was counted at alpha.",
    )  # fmt: skip


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    given: dict[str, Report | None] = {
        "none": None,
        "agrees": report("reconciled", "agrees"),
        "unclear": report("unclear", "unclear"),
        "bypass": report("bypass", "bypass"),
    }
    with world(tmp_path_factory.mktemp("reconciled") / "data") as made:
        lived(made)
        return {name: made.pack(reconciled=one)[0] for name, one in given.items()}


@pytest.mark.parametrize(
    ("name", "said"),
    [("none", "routes, not reconciled"), ("agrees", "routes, reconciled"),
     ("unclear", "routes, not reconciled")],
)  # fmt: skip
def test_the_answer_says_whether_it_was_reconciled(
    packs: dict[str, bytes], judge: Judge, name: str, said: str
):
    found = judge(packs[name])
    assert found["verdict"] == "none-recorded"
    assert said in found["words"][1]
    limit = "nothing here was reconciled" if name == "none" else "Their digests are here"
    assert limit in tell(found)
    declared = b"usage.json (openai-usage)" in b"".join(
        Opened(packs[name]).lines["declaration.txt"]
    )
    assert declared is (name != "none")


def test_what_others_counted_beyond_it_makes_the_record_incomplete(
    packs: dict[str, bytes], judge: Judge
):
    found = judge(packs["bypass"])
    assert (found["verdict"], found["holds"]) == ("incomplete", True)
    assert found["reasons"][0].startswith("Others counted what is not here: In one span more")
    for language, word in (("en", "BYPASS"), ("fr", "CONTOURNEMENT")):
        text = page(found, language).decode()  # type: ignore[arg-type]  # of the two languages
        assert f"<td>{word}</td>" in text
        assert "ab" * 32 in text


@pytest.mark.parametrize(
    "told", [{}, {"words": 5, "verdict": "reconciled"}, {"words": "a"}, [1], "reconciled", 5, True]
)
def test_counts_of_another_form_get_an_answer(packs: dict[str, bytes], judge: Judge, told: Any):
    pack = Opened(packs["agrees"]).copied()
    pack.manifest["reconciled"] = told
    found = judge(pack.closed())
    assert not found["holds"] or told == {}
    assert tell(found)
    assert page(found, "en")
    del pack.manifest["reconciled"]
    assert not judge(pack.closed())["holds"]


def test_counts_that_are_no_report_are_told_in_their_words_alone(
    packs: dict[str, bytes], judge: Judge
):
    pack = Opened(packs["agrees"]).copied()
    pack.manifest["reconciled"] = {"verdict": "reconciled", "words": "<b>All.</b>", "rows": 5}
    found = judge(pack.closed())
    assert found["holds"]
    assert "&lt;b&gt;All.&lt;/b&gt;" in page(found, "en").decode()
