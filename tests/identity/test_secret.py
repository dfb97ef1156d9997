import logging
import pickle

import msgspec
import pytest

from changeover.identity.secret import Secret

TEXT = "sk-very-hidden"


class _Holder(msgspec.Struct, frozen=True):
    secret: Secret


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        "{}".format,
        "{:>40}".format,
        "{!r}".format,
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
        lambda secret: repr([{"secret": secret}]),
        lambda secret: repr(_Holder(secret)),
        lambda secret: logging.makeLogRecord({"msg": "%s", "args": (secret,)}).getMessage(),
    ],
)
def test_no_way_of_showing_a_secret_shows_its_text(show):
    shown = show(Secret(TEXT))
    assert "Secret(…)" in shown
    assert TEXT not in shown


@pytest.mark.parametrize("serialise", [pickle.dumps, msgspec.json.encode])
def test_a_secret_is_not_serialised(serialise):
    with pytest.raises(TypeError):
        serialise(Secret(TEXT))


def test_secrets_are_equal_by_their_text():
    assert Secret(TEXT) == Secret(TEXT)
    assert hash(Secret(TEXT)) == hash(Secret(TEXT))
    assert Secret(TEXT) != Secret("é")
    assert Secret(TEXT) != TEXT
    assert Secret(TEXT).reveal() == TEXT
