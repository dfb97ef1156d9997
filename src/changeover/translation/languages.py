"""The languages that are translated from and into: their names, direction, and telling them apart.

Names and direction are Unicode's (CLDR, through Babel). A text's language is told by `py3langid`,
whose 97 languages hold all of these.
"""

from functools import cache
from typing import Final, Literal

import msgspec
from babel import Locale
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from changeover.basics.text import LANGUAGES, Bilingual

Direction = Literal["ltr", "rtl"]
CODES: Final = (
    "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr",
    "hu", "hy", "id", "is", "it", "ja", "ka", "km", "ko", "lt", "lv", "mk", "ms", "nl", "no", "pl",
    "ps", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi",
    "zh",
)  # fmt: skip
_LOOKED_AT = 5_000
_FEWEST_LETTERS = 3


class TranslationLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """A language: its code (BCP 47), its names, and which way it is written."""

    code: str
    name: Bilingual
    direction: Direction


@cache
def languages() -> tuple[TranslationLanguage, ...]:
    """All languages, by code."""
    return tuple(_language(code) for code in CODES)


def language(code: str) -> TranslationLanguage | None:
    """The language of a code; None for one that is not among them."""
    return next((one for one in languages() if one.code == code), None)


def detected(text: str) -> str | None:
    """The code of the language that a text is most likely in; None where too little is said."""
    looked_at = text[:_LOOKED_AT]
    if sum(map(str.isalpha, looked_at)) < _FEWEST_LETTERS:
        return None
    code, _ = _identifier().classify(looked_at)
    return str(code)


def _language(code: str) -> TranslationLanguage:
    locale = Locale.parse(code)
    en, fr = (str(locale.get_display_name(one)) for one in LANGUAGES)
    right_to_left = locale.character_order == "right-to-left"
    return TranslationLanguage(
        code=code, name=Bilingual(en=en, fr=fr), direction="rtl" if right_to_left else "ltr"
    )


@cache
def _identifier() -> LanguageIdentifier:
    known = LanguageIdentifier.from_model_file(MODEL_FILE)
    known.set_languages([code for code in CODES if code in known.labels])
    return known
