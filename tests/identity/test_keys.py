import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.errors import ChangeoverError
from changeover.identity.keys import (
    ExpiredKeyError,
    KeyRing,
    MalformedKeyError,
    RevokedKeyError,
    UnknownKeyError,
    create_key,
    prefix_of,
)
from changeover.identity.model import Key, KeyRequest
from changeover.identity.secret import Secret

NOW = datetime(2026, 2, 26, 14, tzinfo=UTC)


def _new(expires: datetime | None = None) -> tuple[Secret, Key]:
    request = KeyRequest(service="treasury-code", slot="chat", label="laptop", expires=expires)
    return create_key(request, now=NOW, by="ada")


def test_a_new_key_has_its_form_and_only_its_digest_is_kept():
    secret, key = _new()
    co, prefix, rest = secret.reveal().split("_")
    assert (co, prefix, len(prefix), len(rest)) == ("co", key.prefix, 8, 40)
    assert key.digest == hashlib.sha256(secret.reveal().encode()).digest()
    assert (key.service, key.slot, key.label, key.created, key.created_by) == (
        "treasury-code", "chat", "laptop", NOW, "ada",
    )  # fmt: skip
    assert rest not in repr((secret, key))
    assert rest.encode() not in msgspec.json.encode(key)


def test_two_keys_differ_in_prefix_and_secret():
    (one, first), (two, second) = _new(), _new()
    assert first.prefix != second.prefix
    assert one.reveal()[12:] != two.reveal()[12:]


def test_a_key_opens():
    (secret, key), (_, other) = _new(), _new()
    assert KeyRing([other, key]).authenticate(secret.reveal(), NOW) == key


def test_an_unknown_prefix_and_a_wrong_secret_get_the_same_answer():
    secret, key = _new()
    wrong = secret.reveal()[:-1] + ("0" if secret.reveal()[-1] != "0" else "1")
    with pytest.raises(UnknownKeyError) as of_ring:
        KeyRing([key]).authenticate(wrong, NOW)
    with pytest.raises(UnknownKeyError) as of_empty:
        KeyRing().authenticate(wrong, NOW)
    assert str(of_ring.value) == str(of_empty.value)
    assert wrong[12:] not in str(of_ring.value)


def test_an_unknown_prefix_compares_digests_all_the_same(monkeypatch):
    compared = []
    genuine = hmac.compare_digest

    def watched(one, other):
        compared.append((len(one), len(other)))
        return genuine(one, other)

    monkeypatch.setattr("hmac.compare_digest", watched)
    secret, key = _new()
    stranger, _ = _new()
    KeyRing([key]).authenticate(secret.reveal(), NOW)
    with pytest.raises(UnknownKeyError):
        KeyRing([key]).authenticate(stranger.reveal(), NOW)
    assert compared == [(32, 32), (32, 32)]


def test_a_revoked_key_says_when_and_only_to_its_holder():
    secret, key = _new(expires=NOW + timedelta(days=1))
    revoked = msgspec.structs.replace(key, revoked=NOW)
    later = NOW + timedelta(days=2)
    with pytest.raises(RevokedKeyError, match="2026-02-26T14:00:00") as caught:
        KeyRing([revoked]).authenticate(secret.reveal(), later)
    assert caught.value.revoked == NOW
    with pytest.raises(UnknownKeyError):
        KeyRing([revoked]).authenticate(f"co_{key.prefix}_{'0' * 40}", later)


def test_an_expiry_is_exclusive():
    expires = NOW + timedelta(hours=1)
    secret, key = _new(expires=expires)
    ring = KeyRing([key])
    assert ring.authenticate(secret.reveal(), expires - timedelta(microseconds=1)) == key
    with pytest.raises(ExpiredKeyError, match="2026-02-26T15:00:00") as caught:
        ring.authenticate(secret.reveal(), expires)
    assert caught.value.expires == expires


def test_a_ring_is_replaced_as_a_whole():
    (one, first), (two, second) = _new(), _new()
    ring = KeyRing([first])
    ring.replace([second])
    assert ring.authenticate(two.reveal(), NOW) == second
    with pytest.raises(UnknownKeyError):
        ring.authenticate(one.reveal(), NOW)


_SECRET, _KEY = _new()


@settings(max_examples=200)
@given(
    st.one_of(
        st.text(),
        st.text("co_0123456789abcdefghjkmnpqrstvwxyz", max_size=60),
        st.tuples(st.text(max_size=3), st.text(max_size=3))
        .filter(any)
        .map(lambda ends: ends[0] + _SECRET.reveal() + ends[1]),
        st.integers(0, 51).map(lambda cut: _SECRET.reveal()[:cut]),
        st.just(_SECRET.reveal().upper()),
        st.just(_SECRET.reveal() + "\n"),
    )
)
def test_anything_but_the_key_is_refused_and_not_repeated(presented):
    ring = KeyRing([_KEY])
    with pytest.raises((MalformedKeyError, UnknownKeyError)) as caught:
        ring.authenticate(presented, NOW)
    assert isinstance(caught.value, ChangeoverError)
    assert caught.value.do
    assert _SECRET.reveal()[12:] not in str(caught.value)


@pytest.mark.parametrize("form", ["{prefix}", "co_{prefix}", " co_{prefix}_…\n", "{whole}"])
def test_a_person_may_name_a_key_in_any_of_these_forms(form):
    secret, key = _new()
    assert prefix_of(form.format(prefix=key.prefix, whole=secret.reveal())) == key.prefix
