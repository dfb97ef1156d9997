"""How long temporary conversations last, as the environment sets it."""

from changeover.basics.errors import InvalidInputError

HOURS_VARIABLE = "CHANGEOVER_TEMPORARY_HOURS"
"""What sets how many hours one lasts at most; 0 for none at all."""
_HOURS = 24
_MOST_HOURS = 24 * 365


def read_hours(text: str | None) -> int:
    """How many hours they last, as the setting says it; `InvalidInputError` for another text."""
    if text is None or not text.strip():
        return _HOURS
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= _MOST_HOURS):
        raise InvalidInputError(
            f"{HOURS_VARIABLE} is {text!r}, which is no number of hours.",
            means="Nothing was started.",
            do=f"Give 0 for no temporary conversations, or 1 to {_MOST_HOURS}.",
        )
    return int(text)
