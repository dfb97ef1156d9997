from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from changeover.basics.errors import NotFoundError
from changeover.identity.credentials import Credential
from tests.contracts.conftest import Ports

SET = datetime(2026, 2, 26, 14, tzinfo=UTC)
CREDENTIAL = Credential(
    host="openai",
    protocol="openai-chat",
    base_url="https://api.openai.com/v1",
    sealed=bytes(range(64)),
    set_by="ada",
    set_at=SET,
)


def test_credentials_come_back_by_host_and_protocol(ports: Ports):
    other = msgspec.structs.replace(CREDENTIAL, protocol="anthropic-messages")
    first = msgspec.structs.replace(CREDENTIAL, host="aws")
    for each in (CREDENTIAL, other, first):
        ports.credentials.put(each)
    assert ports.credentials.all() == [first, other, CREDENTIAL]


def test_a_credential_takes_the_place_of_the_one_that_stood(ports: Ports):
    later = msgspec.structs.replace(
        CREDENTIAL, sealed=b"x", base_url="https://a", set_by="bo", set_at=SET + timedelta(days=1)
    )
    ports.credentials.put(CREDENTIAL)
    ports.credentials.put(later)
    assert ports.credentials.all() == [later]


def test_a_removed_credential_is_gone_and_no_other_is(ports: Ports):
    other = msgspec.structs.replace(CREDENTIAL, protocol="anthropic-messages")
    ports.credentials.put(CREDENTIAL)
    ports.credentials.put(other)
    assert ports.credentials.remove("openai", "openai-chat") == CREDENTIAL
    assert ports.credentials.all() == [other]
    with pytest.raises(NotFoundError, match="openai-chat"):
        ports.credentials.remove("openai", "openai-chat")
