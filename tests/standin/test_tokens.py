from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.standin.tokens import count, cut, pieces


def test_words_and_marks_count_one_each():
    assert count("Don't go.") == 5
    assert count("") == 0


def test_the_limit_cuts_after_a_token():
    assert cut("One two, three.", 3, ()).text == "One two,"
    assert cut("One two, three.", 3, ()).stop == "length"
    assert cut("One two, three.", 5, ()).stop == "end"
    assert cut("One two, three.", None, ()).text == "One two, three."


def test_a_stop_sequence_ends_the_text_before_itself():
    stopped = cut("One two, three.", None, ("three", "two"))
    assert stopped.text == "One "
    assert (stopped.stop, stopped.stop_sequence) == ("stop-sequence", "two")


def test_a_stop_sequence_beyond_the_limit_is_not_reached():
    assert cut("One two, three.", 2, ("three",)).stop == "length"


@given(text=st.text(max_size=80))
@settings(max_examples=100)
def test_pieces_add_up_to_the_text(text):
    assert "".join(pieces(text)) == text


@given(text=st.text(max_size=80), limit=st.integers(1, 20))
@settings(max_examples=100)
def test_a_cut_text_is_a_beginning_within_the_limit(text, limit):
    kept = cut(text, limit, ())
    assert text.startswith(kept.text)
    assert count(kept.text) == min(limit, count(text))
