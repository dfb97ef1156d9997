import msgspec
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.identity.sealing import Seal, UnsealableError
from changeover.identity.secret import Secret

OLD, NEW = Secret("o" * 32), Secret("n" * 32)
TEXT = Secret("sk-the-credential")
PLACE = ("credential", "openai", "openai-chat", "https://api.openai.com/v1")


def test_what_is_sealed_opens_in_its_place_and_does_not_show():
    sealed = Seal([OLD]).seal(TEXT, PLACE)
    assert Seal([OLD]).open(sealed, PLACE) == TEXT
    for shown in (TEXT.reveal().encode(), b"openai"):
        assert shown not in sealed


@pytest.mark.parametrize("changed", range(len(PLACE)))
def test_what_is_moved_to_another_place_does_not_open_there(changed: int):
    sealed = Seal([OLD]).seal(TEXT, PLACE)
    elsewhere = tuple("other" if n == changed else part for n, part in enumerate(PLACE))
    with pytest.raises(UnsealableError):
        Seal([OLD]).open(sealed, elsewhere)


def test_the_first_secret_seals_and_every_one_opens():
    both, sealed_before = Seal([NEW, OLD]), Seal([OLD]).seal(TEXT, PLACE)
    assert both.open(sealed_before, PLACE) == TEXT
    sealed_now = both.seal(TEXT, PLACE)
    assert Seal([NEW]).open(sealed_now, PLACE) == TEXT
    with pytest.raises(UnsealableError):
        Seal([OLD]).open(sealed_now, PLACE)


@pytest.mark.parametrize("at", [0, 1, 40, -1])
def test_what_was_altered_does_not_open_and_says_nothing_of_itself(at: int):
    sealed = bytearray(Seal([OLD]).seal(TEXT, PLACE))
    sealed[at] ^= 1
    with pytest.raises(UnsealableError) as caught:
        Seal([OLD]).open(bytes(sealed), PLACE)
    assert TEXT.reveal() not in str(caught.value)


@pytest.mark.parametrize("sealed", [b"", b"gAAAA", b"\xff" * 80])
def test_what_was_never_sealed_does_not_open(sealed: bytes):
    with pytest.raises(UnsealableError):
        Seal([OLD]).open(sealed, PLACE)


@pytest.mark.parametrize("secrets", [[], [Secret("short")], [OLD, Secret("s" * 31)]])
def test_a_secret_that_is_too_short_is_refused_and_not_repeated(secrets: list[Secret]):
    with pytest.raises(InvalidInputError, match="32 characters") as caught:
        Seal(secrets)
    assert "short" not in str(caught.value).replace("shorter", "")


def test_an_ending_tells_little_and_of_a_short_text_nothing():
    assert Secret("sk-0123456789abcd").ending() == "abcd"
    assert Secret("sk-0123456789ab").ending() == ""
    with pytest.raises(TypeError):
        msgspec.json.encode(TEXT)
