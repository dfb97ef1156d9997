import threading
from datetime import timedelta

import pytest

from changeover.identity.passwords import Passwords
from changeover.identity.people import IDLE
from changeover.identity.secret import Secret
from changeover.identity.sessions import (
    Attempt,
    SessionOffice,
    SignInRefusedError,
    TooManyAttemptsError,
)
from tests.people import FAST, NOW, PASSWORD, FakePeopleWorks, People

WRONG = Secret("not the password")


@pytest.fixture
def people() -> People:
    people = People()
    people.create("ana.silva")
    people.create("m.okafor", "officer")
    return people


def fail(people: People, login: str, times: int, **more) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            people.sign_in(login, WRONG, **more)


def test_a_token_finds_the_account_and_is_not_kept(people: People):
    token = people.sign_in(" Ana.Silva")
    found = people.sessions.resolve(token)
    assert found is not None
    assert (found.account.login, found.account.roles) == ("ana.silva", ("staff",))
    assert len(token.reveal()) * 5 >= 256
    (kept,) = people.works.sessions.kept.values()
    assert token.reveal() not in repr(kept)
    assert people.sessions.resolve(Secret("another")) is None


def test_unknown_login_wrong_password_and_disabled_account_are_answered_alike(people: People):
    people.accounts.disable("m.okafor", by="ada")
    told = set()
    for login, password in (
        ("nobody", PASSWORD),
        ("ana.silva", WRONG),
        ("m.okafor", PASSWORD),
        ("m.okafor", WRONG),
    ):
        with pytest.raises(SignInRefusedError) as raised:
            people.sign_in(login, password)
        told.add(str(raised.value))
    assert len(told) == 1


def test_the_sixth_failure_of_a_login_is_not_tried_from_anywhere(people: People):
    fail(people, "ana.silva", 5)
    with pytest.raises(TooManyAttemptsError) as raised:
        people.sign_in("Ana.Silva", PASSWORD, address="198.51.100.1")
    assert raised.value.after == 15 * 60
    assert raised.value.do == "Try again in 15 minutes."
    people.sign_in("m.okafor")
    people.later(timedelta(minutes=15))
    people.sign_in("ana.silva")


def test_refused_tries_do_not_lengthen_the_wait(people: People):
    fail(people, "ana.silva", 5)
    people.later(timedelta(minutes=14, seconds=59))
    for _ in range(3):
        with pytest.raises(TooManyAttemptsError) as raised:
            people.sign_in("ana.silva")
        assert raised.value.after == 1
    people.later(timedelta(seconds=1))
    people.sign_in("ana.silva")


def test_the_twenty_first_failure_of_an_address_is_not_tried_for_anyone(people: People):
    for number in range(20):
        fail(people, f"guess{number}", 1)
    with pytest.raises(TooManyAttemptsError):
        people.sign_in("ana.silva")
    people.sign_in("ana.silva", address="198.51.100.1")


def test_signing_in_forgives_the_failures_of_this_login_from_this_address(people: People):
    fail(people, "m.okafor", 2)
    fail(people, "ana.silva", 4)
    for _ in range(3):
        people.sign_in("ana.silva")
    fail(people, "ana.silva", 4)
    people.sign_in("ana.silva")
    assert len(people.works.sign_in_failures.kept) == 2


def test_failures_elsewhere_are_not_forgiven(people: People):
    fail(people, "ana.silva", 4, address="198.51.100.1")
    people.sign_in("ana.silva")
    fail(people, "ana.silva", 1)
    with pytest.raises(TooManyAttemptsError):
        people.sign_in("ana.silva")


def test_old_failures_are_pruned(people: People):
    fail(people, "ana.silva", 3)
    people.later(timedelta(minutes=15))
    fail(people, "ana.silva", 1)
    assert len(people.works.sign_in_failures.kept) == 1


def test_tries_at_the_same_moment_cannot_outrun_the_limit():
    """Each waits in the verification until all have been counted."""
    works, tried = FakePeopleWorks(), threading.Semaphore(0)
    go = threading.Event()

    class Slow(Passwords):
        def verify(self, password, kept):
            tried.release()
            go.wait(5)
            return super().verify(password, kept)

    office = SessionOffice(works, Slow(memory=8, passes=1), People().clock)
    refused: list[type] = []

    def guess() -> None:
        try:
            office.sign_in(Attempt(login="ana", password=WRONG, address="192.0.2.7"))
        except (SignInRefusedError, TooManyAttemptsError) as error:
            refused.append(type(error))

    threads = [threading.Thread(target=guess) for _ in range(5)]
    for thread in threads:
        thread.start()
        assert tried.acquire(timeout=5)
    guess()
    assert refused == [TooManyAttemptsError]
    go.set()
    for thread in threads:
        thread.join()
    assert refused[1:] == [SignInRefusedError] * 5


def test_signing_in_gives_a_new_token_and_ends_the_session_before(people: People):
    first = people.sign_in("ana.silva")
    assert people.sessions.resolve(first)
    second = people.sign_in("ana.silva", replaces=first)
    assert second != first
    assert people.sessions.remembered(first) is None
    assert people.sessions.resolve(first) is None
    assert people.sessions.resolve(second)


def test_a_token_from_outside_is_never_taken_over(people: People):
    planted = Secret("planted")
    token = people.sign_in("ana.silva", replaces=planted)
    assert token != planted
    assert people.sessions.resolve(planted) is None


def test_signing_out_ends_the_session_at_once(people: People):
    token, other = people.sign_in("ana.silva"), people.sign_in("ana.silva")
    assert people.sessions.resolve(token)
    assert people.sessions.remembered(token)
    people.sessions.sign_out(token)
    assert people.sessions.remembered(token) is None
    assert people.sessions.resolve(token) is None
    assert people.sessions.resolve(other)


def test_disabling_an_account_ends_its_sessions_at_once(people: People):
    token, other = people.sign_in("ana.silva"), people.sign_in("m.okafor")
    assert people.sessions.resolve(token)
    people.accounts.disable("ana.silva", by="ada")
    assert people.sessions.remembered(token) is None
    assert people.sessions.resolve(token) is None
    assert people.sessions.resolve(other)


def test_the_end_of_a_session_is_told_to_every_replica_and_nothing_else_is(people: People):
    token, other = people.sign_in("ana.silva"), people.sign_in("ana.silva")
    assert people.sessions.resolve(token)
    assert people.works.revisions.number == 0
    people.sessions.sign_out(token)
    assert people.works.revisions.number == 1
    people.sessions.sign_out(token)
    assert people.works.revisions.number == 1
    people.sign_in("ana.silva", replaces=other)
    assert people.works.revisions.number == 2
    people.accounts.disable("ana.silva", by="ada")
    assert people.works.revisions.number == 3


def test_what_another_thread_read_before_a_session_ended_is_not_remembered_after(people: People):
    token = people.sign_in("ana.silva")
    get = people.works.accounts.get

    def get_while_signing_out(account: str):
        found = get(account)
        people.works.accounts.get = get  # type: ignore[method-assign]
        people.sessions.sign_out(token)
        return found

    people.works.accounts.get = get_while_signing_out  # type: ignore[method-assign]
    assert people.sessions.look_up(token)
    assert people.sessions.remembered(token) is None
    assert people.sessions.look_up(token) is None


def test_a_resolved_session_is_remembered_for_seconds_only(
    people: People, monkeypatch: pytest.MonkeyPatch
):
    at = [100.0]
    monkeypatch.setattr("changeover.identity.sessions.monotonic", lambda: at[0])
    token = people.sign_in("ana.silva")
    assert people.sessions.remembered(token) is None
    found = people.sessions.resolve(token)
    assert people.sessions.remembered(token) == found
    at[0] += 3.5
    assert people.sessions.remembered(token) is None


def test_acts_keep_a_session_alive_and_looking_up_does_not(people: People):
    token, left = people.sign_in("ana.silva"), people.sign_in("ana.silva")
    for _ in range(4):
        people.later(IDLE / 3)
        assert people.sessions.look_up(left) is None or people.clock.now() - NOW < IDLE
        assert people.sessions.resolve(token)
    assert people.sessions.remembered(left) is None
    assert people.sessions.resolve(left) is None


def test_ended_sessions_are_pruned_at_the_next_sign_in(people: People):
    people.sign_in("ana.silva")
    people.later(IDLE)
    people.sign_in("m.okafor")
    assert len(people.works.sessions.kept) == 1


def test_an_outdated_hash_is_replaced_at_sign_in(people: People):
    office = SessionOffice(people.works, Passwords(memory=16, passes=1), people.clock)
    account = people.works.accounts.named("ana.silva")
    assert account is not None
    before = people.works.accounts.password(account.id)
    office.sign_in(Attempt(login="ana.silva", password=PASSWORD, address=""))
    after = people.works.accounts.password(account.id)
    assert after != before
    assert after is not None
    assert "m=16," in after
    assert not FAST.verify(WRONG, after).opens


def test_an_idle_hour_ends_nothing_and_each_use_begins_the_idle_time_anew():
    people = People()
    account = people.create("ana")
    token = people.sessions.begin(account.id, None).token
    for _ in range(3):
        people.later(timedelta(hours=1))
        people.sessions.forget()
        assert people.sessions.resolve(token) is not None
    for _ in range(4):
        people.later(timedelta(hours=11))
        people.sessions.forget()
        assert people.sessions.resolve(token) is not None
    people.later(timedelta(hours=12))
    people.sessions.forget()
    assert people.sessions.resolve(token) is None
