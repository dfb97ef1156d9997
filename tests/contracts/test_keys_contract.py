from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.identity.model import Key
from tests.contracts.conftest import Ports

CREATED = datetime(2026, 2, 26, 14, tzinfo=UTC)
KEY = Key(
    prefix="co_b",
    digest=bytes(range(32)),
    service="treasury-code",
    slot="chat",
    label="build server",
    created=CREATED,
    created_by="ada",
    expires=CREATED + timedelta(days=90),
)


def test_keys_come_back_by_creation(ports: Ports):
    earlier = msgspec.structs.replace(
        KEY, prefix="co_z", created=CREATED - timedelta(seconds=1), expires=None
    )
    ports.keys.add(KEY)
    ports.keys.add(earlier)
    assert ports.keys.all() == [earlier, KEY]


def test_a_prefix_stands_once(ports: Ports):
    ports.keys.add(KEY)
    with pytest.raises(ConflictError):
        ports.keys.add(msgspec.structs.replace(KEY, service="statechat"))
    assert ports.keys.all() == [KEY]


def test_scopes_and_what_a_key_replaces_come_back(ports: Ports):
    narrow = msgspec.structs.replace(KEY, scopes=("models",), replaces="co_a")
    ports.keys.add(narrow)
    assert ports.keys.all() == [narrow]


def test_a_key_ends_sooner_and_never_later(ports: Ports):
    ports.keys.add(KEY)
    sooner = CREATED + timedelta(days=7)
    assert ports.keys.expire("co_b", sooner).expires == sooner
    assert ports.keys.expire("co_b", sooner + timedelta(days=1)).expires == sooner
    assert ports.keys.all() == [msgspec.structs.replace(KEY, expires=sooner)]


def test_a_key_without_an_end_gets_one(ports: Ports):
    ports.keys.add(msgspec.structs.replace(KEY, expires=None))
    assert ports.keys.expire("co_b", CREATED).expires == CREATED


def test_an_unknown_key_cannot_end(ports: Ports):
    with pytest.raises(NotFoundError, match="co_none"):
        ports.keys.expire("co_none", CREATED)


def test_a_revoked_key_keeps_its_first_instant(ports: Ports):
    ports.keys.add(KEY)
    first = CREATED + timedelta(hours=1)
    assert ports.keys.revoke("co_b", first).revoked == first
    assert ports.keys.revoke("co_b", first + timedelta(hours=1)).revoked == first
    assert ports.keys.all() == [msgspec.structs.replace(KEY, revoked=first)]


def test_an_unknown_key_cannot_be_revoked(ports: Ports):
    with pytest.raises(NotFoundError, match="co_none"):
        ports.keys.revoke("co_none", CREATED)
