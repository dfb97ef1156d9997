import unicodedata

import argon2
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.identity.passwords import LONGEST, SHORTEST, Passwords
from changeover.identity.secret import Secret
from tests.people import FAST, PASSWORD


def test_a_password_opens_its_own_hash_alone():
    kept = FAST.hash(PASSWORD)
    assert FAST.verify(PASSWORD, kept).opens
    assert not FAST.verify(Secret("correct horse batter"), kept).opens
    assert FAST.hash(PASSWORD) != kept


def test_the_parameters_are_those_that_owasp_recommends():
    kept = argon2.extract_parameters(Passwords().hash(PASSWORD))
    assert (kept.type, kept.memory_cost, kept.time_cost, kept.parallelism) == (
        argon2.Type.ID, 19_456, 2, 1,
    )  # fmt: skip


def test_without_a_hash_the_same_work_is_done_and_nothing_opens(monkeypatch: pytest.MonkeyPatch):
    seen: list[argon2.Parameters] = []
    verify = argon2.PasswordHasher.verify

    def observed(hasher, kept, password):
        seen.append(argon2.extract_parameters(kept))
        return verify(hasher, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", observed)
    assert not FAST.verify(PASSWORD, None).opens
    assert not FAST.verify(Secret(""), None).opens
    assert FAST.verify(PASSWORD, FAST.hash(PASSWORD)).opens
    assert seen[0] == seen[1] == seen[2]


def test_an_outdated_hash_is_replaced_when_the_password_is_known():
    kept = FAST.hash(PASSWORD)
    stronger = Passwords(memory=16, passes=1)
    verified = stronger.verify(PASSWORD, kept)
    assert verified.opens
    assert verified.rehash is not None
    assert argon2.extract_parameters(verified.rehash).memory_cost == 16
    assert stronger.verify(PASSWORD, verified.rehash).rehash is None
    assert stronger.verify(Secret("a wrong password"), kept).rehash is None


def test_one_password_typed_on_two_keyboards_is_one_password():
    composed = "mot de passe très sûr"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert FAST.verify(Secret(decomposed), FAST.hash(Secret(composed))).opens


@pytest.mark.parametrize("length", [0, SHORTEST - 1, LONGEST + 1])
def test_a_password_too_short_or_too_long_is_not_taken(length: int):
    with pytest.raises(InvalidInputError, match=f"{length} characters") as raised:
        FAST.hash(Secret("x" * length))
    assert "x" * SHORTEST not in str(raised.value)
