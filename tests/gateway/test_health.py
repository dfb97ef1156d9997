"""When a route rests, when it is asked again, and how many retries there may be."""

import pytest

from changeover.gateway.health import Health, HealthTerms

ROUTE = "alpha/one@alpha"


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def health(time: Time) -> Health:
    return Health(HealthTerms(failures=3, rest=5), now=time, draw=lambda least, _: least)


def fail(health: Health, times: int) -> None:
    for _ in range(times):
        health.failed(ROUTE, "HTTP 500")


def test_a_route_rests_after_so_many_failures_in_a_row_and_not_before(health: Health):
    fail(health, 2)
    health.succeeded(ROUTE, 0.1)
    fail(health, 2)
    assert health.admits(ROUTE)
    fail(health, 1)
    assert not health.admits(ROUTE)
    assert health.rests_for(ROUTE) == 5.0
    assert health.admits("beta/two@beta")


def test_half_of_twenty_is_enough_without_a_row(health: Health):
    for _ in range(10):
        fail(health, 1)
        assert health.admits(ROUTE)
        health.succeeded(ROUTE, 0.1)
    fail(health, 1)
    assert not health.admits(ROUTE)


def test_one_call_is_let_through_after_the_rest_and_its_answer_ends_it(health: Health, time: Time):
    fail(health, 3)
    time.now += 5
    assert [health.admits(ROUTE) for _ in range(3)] == [True, False, False]
    health.succeeded(ROUTE, 0.1)
    assert all(health.admits(ROUTE) for _ in range(3))


def test_each_rest_is_longer_than_the_last_up_to_a_minute(health: Health, time: Time):
    fail(health, 3)
    rests = []
    for _ in range(6):
        rests.append(health.rests_for(ROUTE))
        time.now += rests[-1]
        assert health.admits(ROUTE)
        fail(health, 1)
    assert rests == [5, 10, 20, 40, 60, 60]
    time.now += 60
    assert health.admits(ROUTE)
    health.succeeded(ROUTE, 0.1)
    fail(health, 3)
    assert health.rests_for(ROUTE) == 5


def test_what_fails_during_a_rest_does_not_make_it_longer(health: Health, time: Time):
    fail(health, 3)
    time.now += 2
    fail(health, 5)
    assert health.rests_for(ROUTE) == 3


def test_a_probe_that_never_ends_gives_its_place_up(health: Health, time: Time):
    fail(health, 3)
    time.now += 5
    assert health.admits(ROUTE)
    time.now += 31
    assert health.admits(ROUTE)


def test_it_rests_as_long_as_its_vendor_says_within_bounds(health: Health):
    for after in (None, None, 30.0):
        health.failed(ROUTE, "HTTP 429", after=after)
    assert health.rests_for(ROUTE) == 30
    other = "beta/two@beta"
    for _ in range(3):
        health.failed(other, "HTTP 429", after=3600.0)
    assert health.rests_for(other) == 60


def test_only_so_many_calls_ask_a_resting_route_at_once(health: Health):
    fail(health, 3)
    with health.last_resort(ROUTE) as one, health.last_resort(ROUTE) as two:
        with (
            health.last_resort(ROUTE) as three,
            health.last_resort(ROUTE) as four,
            health.last_resort(ROUTE) as five,
        ):
            assert [one, two, three, four, five] == [True, True, True, True, False]
        with health.last_resort(ROUTE) as again:
            assert again


def test_retries_are_a_share_of_the_calls(health: Health):
    assert not health.take_retry(ROUTE)
    for _ in range(21):
        health.succeeded(ROUTE, 0.1)
    assert [health.take_retry(ROUTE) for _ in range(3)] == [True, True, False]
    for _ in range(1000):
        health.succeeded(ROUTE, 0.1)
    assert sum(health.take_retry(ROUTE) for _ in range(100)) == 10


def test_no_route_rests_where_that_is_turned_off(time: Time):
    health = Health(HealthTerms(failures=0), now=time)
    fail(health, 100)
    assert health.admits(ROUTE)


def test_what_is_told_is_of_the_last_five_minutes(health: Health, time: Time):
    health.succeeded(ROUTE, 9.0)
    time.now += 301
    for tenth in range(1, 11):
        health.succeeded(ROUTE, tenth / 10)
    fail(health, 3)
    (told,) = health.told()
    assert (told.state, told.calls, told.failed) == ("resting", 13, 3)
    assert (told.median_ms, told.slow_ms, told.why) == (600, 1000, "HTTP 500")
    time.now += 5
    assert health.told()[0].state == "trying"
    assert health.told(["unknown"])[0].calls == 0
