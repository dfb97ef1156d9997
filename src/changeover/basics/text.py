"""Words in the product's two languages."""

from typing import Literal

import msgspec

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")


class Bilingual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same text in English and French."""

    en: str
    fr: str

    def in_language(self, language: Language) -> str:
        return self.en if language == "en" else self.fr
