"""Instants, lists and quotations in words, as explanations write them.

Dates are local to the directory's zone. English dates are written day first, the
form that both languages share; the first of a month is *1er* in French.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.lists import format_list

from changeover.basics.text import Language

_LOCALES = {"en": "en_GB", "fr": "fr_FR"}


def in_words(instant: datetime, zone: ZoneInfo, language: Language) -> str:
    """An instant in words: `27 August 2026`, with the time unless it is midnight."""
    local = instant.astimezone(zone)
    locale = _LOCALES[language]
    day: str = format_date(local, format="d MMMM y", locale=locale)
    if local.day == 1 and language == "fr":
        day = day.replace("1 ", "1er ", 1)
    if (local.hour, local.minute) == (0, 0):
        return day
    return f"{day}, {format_time(local, format='HH:mm', locale=locale)}"


def together(names: Iterable[str], language: Language) -> str:
    """`a, b and c`."""
    words: str = format_list(list(names), locale=_LOCALES[language])
    return words


def either(names: Iterable[str], language: Language) -> str:
    """`a, b or c`."""
    words: str = format_list(list(names), style="or", locale=_LOCALES[language])
    return words


def quoted(words: str, language: Language) -> str:
    return f"“{words}”" if language == "en" else f"« {words} »"


def colon(language: Language) -> str:
    return ": " if language == "en" else " : "


def semicolon(language: Language) -> str:
    return "; " if language == "en" else " ; "
