"""How far long work has got."""

import pytest

from changeover.basics.progress import Following, HowFar


def test_what_is_told_is_asked_for_by_ticket_until_the_end():
    kept = Following()
    with kept.following("t1") as told:
        assert kept.of("t1") == HowFar()
        told(1, 3)
        assert kept.of("t1") == HowFar(1, 3)
        assert kept.of("t2") == HowFar()
    assert kept.of("t1") == HowFar()


def test_an_accounts_work_is_told_to_that_account_alone():
    kept = Following()
    with kept.following("t1", "ana") as told:
        told(2, 2)
        assert kept.of("t1", "ana") == HowFar(2, 2)
        assert kept.of("t1", "marc") == HowFar()
        assert kept.of("t1") == HowFar()


def test_work_without_a_ticket_is_not_kept():
    kept = Following()
    with kept.following("") as told:
        told(1, 2)
        assert kept.of("") == HowFar()


def test_work_that_fails_is_forgotten_too():
    kept = Following()

    def fail() -> None:
        with kept.following("t1") as told:
            told(1, 2)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert kept.of("t1") == HowFar()


def test_tickets_are_bounded():
    kept = Following()
    open_ones = [kept.following(f"t{number}") for number in range(1_001)]
    for one in open_ones:
        one.__enter__()(1, 2)
    assert kept.of("t999") == HowFar(1, 2)
    assert kept.of("t1000") == HowFar()
    for one in open_ones:
        one.__exit__(None, None, None)
