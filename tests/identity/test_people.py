from datetime import timedelta

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.identity.people import ABSOLUTE, IDLE, Session, plain_login, read_login
from tests.people import NOW

SESSION = Session(
    digest=bytes(32), account="person_1", csrf="c", created=NOW, seen=NOW, expires=NOW + ABSOLUTE
)


def test_a_session_idles_out_after_twelve_hours_unseen():
    assert timedelta(hours=12) == IDLE
    assert SESSION.lives(NOW + IDLE - timedelta(microseconds=1))
    assert not SESSION.lives(NOW + IDLE)


def test_a_session_ends_after_thirty_days_however_often_it_is_seen():
    assert timedelta(days=30) == ABSOLUTE
    seen = msgspec.structs.replace(SESSION, seen=NOW + ABSOLUTE - timedelta(minutes=1))
    assert seen.lives(NOW + ABSOLUTE - timedelta(microseconds=1))
    assert not seen.lives(NOW + ABSOLUTE)


def test_logins_are_compared_without_letter_case_and_surrounding_space():
    assert plain_login(" Ana.Silva ") == "ana.silva"
    assert read_login("Ana.Silva") == "ana.silva"


@pytest.mark.parametrize("text", ["", " ", ".ana", "ana silva", "anä", "a" * 65, "ana\n1"])
def test_what_cannot_be_a_login_is_refused(text: str):
    with pytest.raises(InvalidInputError, match="cannot be a login"):
        read_login(text)
