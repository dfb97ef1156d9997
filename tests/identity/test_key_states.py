from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from changeover.identity.key_states import KeyState, replacement_of, state_of, works_at
from changeover.identity.model import Key

NOW = datetime(2026, 2, 26, 14, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = Key(
    prefix="old",
    digest=bytes(32),
    service="treasury-code",
    slot="chat",
    label="",
    created=NOW - 30 * DAY,
    created_by="ada",
)
NEW = msgspec.structs.replace(KEY, prefix="new", created=NOW, replaces="old")


@pytest.mark.parametrize(
    ("expires", "revoked", "replaced", "state"),
    [
        (None, None, False, "valid"),
        (NOW + 8 * DAY, None, False, "valid"),
        (NOW + 7 * DAY, None, False, "expires-soon"),
        (NOW + 7 * DAY, None, True, "replaced"),
        (NOW, None, True, "expired"),
        (NOW, None, False, "expired"),
        (NOW, NOW, True, "revoked"),
        (None, NOW, False, "revoked"),
    ],
)
def test_the_first_state_that_holds_is_told(
    expires: datetime | None, revoked: datetime | None, *, replaced: bool, state: KeyState
):
    key = msgspec.structs.replace(KEY, expires=expires, revoked=revoked)
    assert state_of(key, NEW if replaced else None, NOW) == state
    assert works_at(key, NOW) == (state not in {"expired", "revoked"})


def test_a_revoked_replacement_replaces_nothing():
    revoked = msgspec.structs.replace(NEW, revoked=NOW)
    assert state_of(KEY, revoked, NOW) == "valid"


def test_the_replacement_that_counts_is_the_one_that_was_not_revoked():
    first = msgspec.structs.replace(NEW, prefix="first", revoked=NOW, created=NOW + DAY)
    assert replacement_of(KEY, [KEY, first, NEW]) == NEW
    assert replacement_of(NEW, [KEY, first, NEW]) is None
