"""Languages: their names and direction, and telling them apart."""

import pytest

from changeover.translation.languages import CODES, detected, language, languages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The memo takes effect tomorrow.", "en"),
        ("La note prend effet demain.", "fr"),
        ("تدخل المذكرة حيز التنفيذ غدا", "ar"),
        ("Das Memo tritt morgen in Kraft.", "de"),
        ("备忘录明天生效。", "zh"),
        ("12 + 3", None),
        ("", None),
    ],
)
def test_a_texts_language_is_told_or_said_to_be_unknown(text: str, code: str | None):
    assert detected(text) == code


def test_each_language_has_names_and_a_direction():
    assert [one.code for one in languages()] == list(CODES)
    right_to_left = {one.code for one in languages() if one.direction == "rtl"}
    assert right_to_left == {"ar", "fa", "he", "ps", "ur"}
    german = language("de")
    assert german is not None
    assert (german.name.en, german.name.fr) == ("German", "allemand")
    assert language("xx") is None
