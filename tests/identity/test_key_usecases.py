from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory, Service, Slot
from changeover.identity import usecases
from changeover.identity.keys import ExpiredKeyError, KeyRing, RevokedKeyError
from changeover.identity.model import KeyRequest
from changeover.identity.ports import Keys
from changeover.identity.usecases import IssuedKey, RotatedKey, Rotation
from tests.fakes import FakeKeys

NOW = datetime(2026, 2, 26, 14, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
DIRECTORY = Directory(
    zone="America/New_York",
    services={
        name: Service(
            id=name,
            name=Bilingual(en=name, fr=name),
            party="treasury",
            network="unclassified",
            slots=(Slot(name="chat", purpose="coding"),),
            created=NOW,
        )
        for name in ("treasury-code", "treasury-new")
    },
)


@pytest.fixture
def keys() -> Keys:
    return FakeKeys()


def _create(
    keys: Keys,
    service: str = "treasury-code",
    slot: str = "chat",
    expires: datetime | None = None,
) -> IssuedKey:
    request = KeyRequest(service=service, slot=slot, label="laptop", expires=expires)
    return usecases.create(keys, DIRECTORY, request, now=NOW, by="ada")


def test_a_created_key_opens_and_is_listed(keys):
    issued = _create(keys)
    _create(keys, "treasury-new")
    assert KeyRing(keys.all()).authenticate(issued.secret.reveal(), NOW) == issued.key
    assert usecases.list_keys(keys, "treasury-code") == [issued.key]
    assert len(usecases.list_keys(keys)) == 2


def test_what_is_issued_does_not_show_its_secret(keys):
    issued = _create(keys)
    assert issued.secret.reveal()[12:] not in repr(issued)
    with pytest.raises(TypeError):
        msgspec.json.encode(issued)


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"service": "nobody"}, NotFoundError, "treasury-code, treasury-new"),
        ({"slot": "summary"}, NotFoundError, "chat"),
        ({"expires": NOW}, InvalidInputError, "after 2026-02-26"),
        ({"expires": NOW - timedelta(days=1)}, InvalidInputError, "2026-02-25"),
    ],
)
def test_a_request_that_refers_to_nothing_keeps_nothing(keys, wrong, error, says):
    with pytest.raises(error, match=says):
        _create(keys, **wrong)
    assert keys.all() == []


def test_a_revoked_key_keeps_its_first_instant_and_opens_nothing(keys):
    issued = _create(keys)
    usecases.revoke(keys, issued.secret.reveal(), now=NOW)
    again = usecases.revoke(keys, issued.key.prefix, now=NOW + timedelta(days=1))
    assert again.revoked == NOW
    with pytest.raises(RevokedKeyError):
        KeyRing(keys.all()).authenticate(issued.secret.reveal(), NOW)


def test_revoking_an_unknown_key_says_so(keys):
    with pytest.raises(NotFoundError):
        usecases.revoke(keys, "co_00000000", now=NOW)


def _rotate(keys: Keys, named: str, **more: Any) -> RotatedKey:
    rotation = Rotation(named=named, **{"overlap": timedelta(days=7), **more})
    return usecases.rotate(keys, rotation, now=LATER, by="bo")


def test_a_rotated_key_and_its_successor_both_work_until_the_overlap_ends(keys):
    old = _create(keys)
    rotated = _rotate(keys, old.secret.reveal())
    new = rotated.issued
    ring = KeyRing(keys.all())
    last = LATER + timedelta(days=7)
    assert (rotated.old.expires, new.key.replaces, new.key.created_by) == (
        last,
        old.key.prefix,
        "bo",
    )
    before = last - timedelta(seconds=1)
    assert ring.authenticate(old.secret.reveal(), before) == rotated.old
    with pytest.raises(ExpiredKeyError):
        ring.authenticate(old.secret.reveal(), last)
    assert ring.authenticate(new.secret.reveal(), last) == new.key


def test_a_successor_may_do_what_the_old_key_might_and_no_more(keys):
    request = KeyRequest(service="treasury-code", slot="chat", label="laptop", scopes=("models",))
    old = usecases.create(keys, DIRECTORY, request, now=NOW, by="ada").key
    new = _rotate(keys, old.prefix).issued.key
    assert [(k.service, k.slot, k.label, k.scopes) for k in (old, new)] == [
        ("treasury-code", "chat", "laptop", ("models",))
    ] * 2


def test_without_an_overlap_the_old_key_ends_at_once(keys):
    old = _create(keys)
    _rotate(keys, old.key.prefix, overlap=timedelta(0))
    with pytest.raises(ExpiredKeyError):
        KeyRing(keys.all()).authenticate(old.secret.reveal(), LATER)


def test_a_rotation_never_lets_the_old_key_live_longer(keys):
    soon = LATER + timedelta(hours=1)
    old = _create(keys, expires=soon)
    assert _rotate(keys, old.key.prefix).old.expires == soon


def test_a_successor_lives_as_long_as_the_old_key_was_to_live(keys):
    old = _create(keys, expires=NOW + timedelta(days=90))
    assert _rotate(keys, old.key.prefix).issued.key.expires == LATER + timedelta(days=90)


def test_a_key_that_was_replaced_is_rotated_again_only_when_its_successor_was_revoked(keys):
    old = _create(keys)
    first = _rotate(keys, old.key.prefix).issued.key
    with pytest.raises(ConflictError, match=first.prefix):
        _rotate(keys, old.key.prefix)
    assert len(keys.all()) == 2
    usecases.revoke(keys, first.prefix, now=LATER)
    assert _rotate(keys, old.key.prefix).issued.key.replaces == old.key.prefix


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"named": "co_00000000"}, NotFoundError),
        ({"overlap": timedelta(days=91)}, InvalidInputError),
        ({"expires": NOW}, InvalidInputError),
    ],
)
def test_a_rotation_that_cannot_be_leaves_the_old_key_as_it_was(keys, wrong, error):
    old = _create(keys)
    with pytest.raises(error):
        _rotate(keys, **{"named": old.key.prefix, **wrong})
    assert keys.all() == [old.key]


def test_a_key_that_works_no_more_is_not_rotated(keys):
    old = _create(keys)
    usecases.revoke(keys, old.key.prefix, now=NOW)
    with pytest.raises(ConflictError, match="keys create treasury-code"):
        _rotate(keys, old.key.prefix)


def test_a_key_that_may_do_nothing_is_not_made(keys):
    request = KeyRequest(service="treasury-code", slot="chat", scopes=())
    with pytest.raises(InvalidInputError, match="chat, models"):
        usecases.create(keys, DIRECTORY, request, now=NOW, by="ada")
