from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory, Service, Slot
from changeover.identity import usecases
from changeover.identity.keys import KeyRing, RevokedKeyError
from changeover.identity.ports import Keys
from changeover.identity.usecases import IssuedKey, KeyRequest
from tests.fakes import FakeKeys

NOW = datetime(2026, 2, 26, 14, tzinfo=UTC)
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
