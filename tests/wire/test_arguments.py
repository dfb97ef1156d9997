import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.wire.arguments import as_object, is_object, says_nothing
from tests.strategies import arguments


@given(arguments)
def test_an_object_stays_as_it_is_written(text):
    assert is_object(text)
    given, whole = as_object(text)
    assert (bytes(given).decode(), whole) == (text, True)


@pytest.mark.parametrize("text", ["", "  \n", "null", " null "])
def test_what_says_nothing_is_an_empty_object(text):
    assert says_nothing(text)
    given, whole = as_object(text)
    assert (bytes(given), whole) == (b"{}", True)


@pytest.mark.parametrize("text", ['{"a": ', "[]", "5", "nul", '{"a": 1} {}', '{"a": "\\ud800"}'])
def test_what_is_no_object_stands_whole_within_one(text):
    assert not is_object(text)
    given, whole = as_object(text)
    assert (json.loads(bytes(given)), whole) == ({"INVALID_JSON": text}, False)


@given(st.text())
def test_whatever_the_text_there_is_an_object(text):
    assert isinstance(json.loads(bytes(as_object(text)[0])), dict)
