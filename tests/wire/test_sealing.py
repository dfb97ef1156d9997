"""What leaves wrapped comes back as it was, and nothing else does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.model import Sealed
from changeover.wire.sealing import PREFIX, Wrapping, is_wrapped

WRAPPING = Wrapping(b"a secret of the installation")
OTHER = Wrapping(b"a secret of another installation")
WORDS = "Let me see. Né?"

seals = st.builds(
    Sealed,
    form=st.sampled_from(["signature", "redacted", "encrypted", "thought"]),
    value=st.text(),
    bound=st.sampled_from(["model", "account", "route"]),
    of=st.text(),
    id=st.text(),
    on=st.sampled_from(["self", "next", "previous"]),
)
SIGNED = Sealed(form="signature", value="EqQB+/==", bound="model", of="anthropic/claude")


@given(sealed=seals, words=st.text())
def test_what_is_wrapped_comes_back_as_it_was(sealed: Sealed, words: str):
    wrapped = WRAPPING.wrap(sealed, words)
    assert (wrapped.form, wrapped.on, wrapped.id) == ("wrapped", sealed.on, sealed.id)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", wrapped.value)
    assert is_wrapped(wrapped.value)
    assert WRAPPING.unwrap(wrapped.value, words) == sealed


@given(value=st.text())
def test_what_another_wrote_is_foreign(value: str):
    if not value.startswith(PREFIX):
        assert WRAPPING.unwrap(value, "") == "foreign"
    assert WRAPPING.unwrap(PREFIX + value, "") == "not-ours"


@given(sealed=seals, place=st.integers(min_value=0), character=st.characters())
def test_a_text_that_was_altered_anywhere_is_not_ours(sealed: Sealed, place: int, character: str):
    value = WRAPPING.wrap(sealed, WORDS).value
    place = len(PREFIX) + place % (len(value) - len(PREFIX))
    altered = value[:place] + character + value[place + 1 :]
    if altered != value:
        assert WRAPPING.unwrap(altered, WORDS) == "not-ours"


def test_another_installations_text_is_not_ours():
    assert WRAPPING.unwrap(OTHER.wrap(SIGNED, WORDS).value, WORDS) == "not-ours"


def test_a_signature_holds_for_its_words_alone():
    value = WRAPPING.wrap(SIGNED, WORDS).value
    assert WRAPPING.unwrap(value, WORDS + " ") == "altered"
    assert WRAPPING.unwrap(value, "") == "altered"


@pytest.mark.parametrize("form", ["redacted", "encrypted", "thought"])
def test_the_words_beside_other_seals_may_differ(form):
    sealed = Sealed(form=form, value="x", of="m")
    assert WRAPPING.unwrap(WRAPPING.wrap(sealed, "shown").value, "") == sealed


def test_a_secret_has_a_length():
    with pytest.raises(ValueError, match="short"):
        Wrapping(b"short")
