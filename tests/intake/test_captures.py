"""Captures keep where they were found; another text from there is a later edit."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.intake.edits import difference
from changeover.intake.office import IntakeOffice
from changeover.intake.usecases import Found
from tests.orders.demonstrations import Demonstration, at, demonstration

POST = Found(address="https://posts.example/1", account="@secretary")


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


def test_the_address_is_kept_with_the_document_and_goes_into_the_source(
    demo: Demonstration,
) -> None:
    intake = IntakeOffice(demo.works, demo.office, demo.clock)
    intake.take_in([("post.txt", b"We stop using it on Friday.")], POST)
    (kept,) = intake.documents()
    assert (kept.address, kept.account) == (POST.address, POST.account)
    source = intake.capture("post.txt", b"We stop using it on Friday.", address=POST.address)
    assert source.address == POST.address
    assert len(intake.documents()) == 1


def test_the_same_bytes_learn_their_address_and_keep_it(demo: Demonstration) -> None:
    intake = IntakeOffice(demo.works, demo.office, demo.clock)
    intake.take_in([("post.txt", b"We stop.")])
    intake.take_in([("again.txt", b"We stop.")], POST)
    intake.take_in([("third.txt", b"We stop.")], Found(address="https://elsewhere.example"))
    (kept,) = intake.documents()
    assert (kept.name, kept.address) == ("post.txt", POST.address)


def test_a_later_edit_is_another_document_of_the_address(demo: Demonstration) -> None:
    intake = IntakeOffice(demo.works, demo.office, demo.clock)
    intake.take_in([("post.txt", b"We stop on Friday.\nThank you.")], POST)
    demo.clock.move_to(at("2026-03-01T12:00"))
    intake.take_in([("post.txt", b"We stop on Monday.\nThank you.")], POST)
    later, earlier = intake.documents()
    assert later.address == earlier.address
    lines = difference(*(intake.document(one.sha256).content.decode() for one in (earlier, later)))
    assert [(line.kind, line.text) for line in lines] == [
        ("removed", "We stop on Friday."),
        ("added", "We stop on Monday."),
        ("same", "Thank you."),
    ]


LINES = st.lists(st.text(alphabet="ab? +-", max_size=6), max_size=6).map("\n".join)


@given(earlier=LINES, later=LINES)
def test_a_difference_holds_both_texts(earlier: str, later: str) -> None:
    found = difference(earlier, later)
    before = [line.text for line in found if line.kind != "added"]
    after = [line.text for line in found if line.kind != "removed"]
    assert before == earlier.splitlines()
    assert after == later.splitlines()
