"""Answers under idempotency keys, on the fake and on each database."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from changeover.gateway.once import Claim, Claimed, KeptAnswers
from changeover.storage.database import Database
from tests.kept_answers import FakeKeptAnswers

FIRST = Claim(caller="k1", name="n1", asked=b"request", start="start_1", now=1_000, until=2_000)
UNDER_WAY, YOURS = Claimed("under-way"), Claimed("yours")


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeptAnswers]:
    if request.param == "fake":
        yield FakeKeptAnswers()
        return
    url = f"sqlite:///{tmp_path}/changeover.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with Database(url) as database, database.begin(alone=False) as work:
        yield work.kept_answers


def later(**fields) -> Claim:
    return msgspec.structs.replace(FIRST, **{"now": 1_500} | fields)


def test_the_first_has_the_key_and_the_next_hears_that_it_is_under_way(kept: KeptAnswers):
    assert kept.claim(FIRST) == YOURS
    assert kept.claim(later()) == UNDER_WAY
    assert kept.claim(later(caller="k2")) == YOURS
    assert kept.claim(later(name="n2")) == YOURS


def test_an_answer_that_is_kept_is_given_until_it_is_over(kept: KeptAnswers):
    kept.claim(FIRST)
    kept.keep(FIRST, b"sealed", 9_000)
    assert kept.claim(later()) == Claimed("kept", b"sealed")
    assert kept.claim(later(start="start_2")) == Claimed("kept", b"sealed")
    assert kept.claim(msgspec.structs.replace(FIRST, now=9_000)) == YOURS


def test_one_that_was_too_long_is_kept_as_given(kept: KeptAnswers):
    kept.claim(FIRST)
    kept.keep(FIRST, b"", 9_000)
    assert kept.claim(later()) == Claimed("kept", b"")


def test_another_request_under_the_key_is_told_whether_or_not_it_was_answered(kept: KeptAnswers):
    kept.claim(FIRST)
    assert kept.claim(later(asked=b"other")) == Claimed("another-request")
    kept.keep(FIRST, b"sealed", 9_000)
    assert kept.claim(later(asked=b"other")) == Claimed("another-request")


def test_a_key_that_is_freed_is_anybodys_and_an_answer_stays(kept: KeptAnswers):
    kept.claim(FIRST)
    kept.release(later())
    assert kept.claim(later()) == UNDER_WAY
    kept.release(FIRST)
    again = later()
    assert kept.claim(again) == YOURS
    kept.keep(again, b"sealed", 9_000)
    kept.release(again)
    assert kept.claim(later(now=1_600)) == Claimed("kept", b"sealed")


def test_a_call_of_a_process_that_does_not_live_is_taken_over(kept: KeptAnswers):
    kept.claim(msgspec.structs.replace(FIRST, start="start_0"))
    assert kept.claim(later()) == YOURS
    # What the dead one still says is of no account.
    kept.keep(msgspec.structs.replace(FIRST, start="start_0"), b"late", 9_000)
    assert kept.claim(later(now=1_600)) == UNDER_WAY


def test_what_is_over_is_removed(kept: KeptAnswers):
    kept.claim(FIRST)
    kept.keep(FIRST, b"sealed", 3_000)
    kept.forget(2_999)
    assert kept.claim(later()) == Claimed("kept", b"sealed")
    kept.forget(3_000)
    assert kept.claim(later()) == YOURS
