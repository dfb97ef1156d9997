"""What changes for the people who use a model when another takes its place, in words.

Only what the directory says of both models is compared. Where it says nothing of
the newer one's knowledge, that is said: silence would read as "no change".
"""

from collections.abc import Iterable
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from changeover.basics.text import Bilingual, Language
from changeover.directory.model import Capabilities, Directory

LOCALES: dict[Language, str] = {"en": "en_GB", "fr": "fr_FR"}

_MODALITIES = {
    "text": Bilingual(en="text", fr="le texte"),
    "image": Bilingual(en="images", fr="les images"),
    "audio": Bilingual(en="sound", fr="le son"),
    "video": Bilingual(en="video", fr="la vidéo"),
}


def differences(directory: Directory, before: str, after: str) -> tuple[Bilingual, ...]:
    """How the model `after` differs from `before`, the gravest first; none for the same model."""
    old = directory.models[before].capabilities
    new = directory.models[after].capabilities
    found = (
        _knowledge(old, new),
        _tokens(
            old.context,
            new.context,
            Bilingual(
                en="Reads up to {new} tokens at once", fr="Lit jusqu'à {new} jetons à la fois"
            ),
        ),
        _tokens(
            old.output,
            new.output,
            Bilingual(
                en="Writes up to {new} tokens in one answer",
                fr="Écrit jusqu'à {new} jetons par réponse",
            ),
        ),
        *_modalities(old, new),
        *_languages(old, new),
    )
    return tuple(words for words in found if words is not None)


def poorer(directory: Directory, before: str, after: str) -> int:
    """In how many ways the model `after` can do less than `before`, by what is stated of both."""
    old = directory.models[before].capabilities
    new = directory.models[after].capabilities
    return sum(
        (
            len(set(old.modalities) - set(new.modalities)),
            len(set(old.languages) - set(new.languages)),
            new.context < old.context,
            (new.output or old.output or 0) < (old.output or 0),
            (new.knowledge_cutoff or "") < (old.knowledge_cutoff or ""),
        )
    )


def months_between(earlier: str, later: str) -> int:
    """Whole months from one `YYYY-MM` to another; negative when the first is later."""
    return _months(later) - _months(earlier)


def month_in_words(month: str, language: Language) -> str:
    """`2024-05` as `May 2024`."""
    year, number = divmod(_months(month), 12)
    words: str = format_date(date(year, number + 1, 1), "MMMM y", locale=LOCALES[language])
    return words


def _months(month: str) -> int:
    year, number = month.split("-")[:2]
    return int(year) * 12 + int(number) - 1


def _knowledge(old: Capabilities, new: Capabilities) -> Bilingual | None:
    if old.knowledge_cutoff == new.knowledge_cutoff:
        return None
    if new.knowledge_cutoff is None:
        return Bilingual(
            en="It is not stated up to when it knows the world.",
            fr="Il n'est pas indiqué jusqu'à quand il connaît le monde.",
        )
    until = _both(new.knowledge_cutoff)
    if old.knowledge_cutoff is None:
        return Bilingual(
            en=f"Knows the world up to {until.en}.", fr=f"Connaît le monde jusqu'en {until.fr}."
        )
    more = months_between(old.knowledge_cutoff, new.knowledge_cutoff)
    count = abs(more)
    return Bilingual(
        en=f"Knows the world up to {until.en}, {count} month{'s' if count > 1 else ''} "
        f"{'more' if more > 0 else 'less'} than before.",
        fr=f"Connaît le monde jusqu'en {until.fr}, soit {count} mois de "
        f"{'plus' if more > 0 else 'moins'} qu'auparavant.",
    )


def _both(month: str) -> Bilingual:
    return Bilingual(en=month_in_words(month, "en"), fr=month_in_words(month, "fr"))


def _tokens(old: int | None, new: int | None, words: Bilingual) -> Bilingual | None:
    if old is None or new is None or old == new:
        return None
    en, fr = (
        words.in_language(language).format(new=_number(new, language)) for language in ("en", "fr")
    )
    return Bilingual(
        en=f"{en}; before, {_number(old, 'en')}.",
        fr=f"{fr}, contre {_number(old, 'fr')} auparavant.",
    )


def _number(count: int, language: Language) -> str:
    words: str = format_decimal(count, locale=LOCALES[language])
    return words


def _modalities(old: Capabilities, new: Capabilities) -> Iterable[Bilingual]:
    names = {
        m: _MODALITIES.get(m, Bilingual(en=m, fr=m)) for m in (*old.modalities, *new.modalities)
    }
    lost = [names[m] for m in old.modalities if m not in new.modalities]
    gained = [names[m] for m in new.modalities if m not in old.modalities]
    if lost:
        words = listed(lost)
        yield Bilingual(
            en=f"No longer takes {words.en}.", fr=f"Ne prend plus en charge {words.fr}."
        )
    if gained:
        words = listed(gained)
        yield Bilingual(en=f"Also takes {words.en}.", fr=f"Prend aussi en charge {words.fr}.")


def _languages(old: Capabilities, new: Capabilities) -> Iterable[Bilingual]:
    lost = [_language(code) for code in old.languages if code not in new.languages]
    gained = [_language(code) for code in new.languages if code not in old.languages]
    if lost:
        words = listed(lost)
        yield Bilingual(
            en=f"No longer stated to handle {words.en}.",
            fr=f"N'est plus indiqué pour ces langues : {words.fr}.",
        )
    if gained:
        words = listed(gained)
        yield Bilingual(
            en=f"Also stated to handle {words.en}.",
            fr=f"Est aussi indiqué pour ces langues : {words.fr}.",
        )


def _language(code: str) -> Bilingual:
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Bilingual(en=code, fr=code)
    return Bilingual(
        en=locale.get_display_name("en") or code, fr=locale.get_display_name("fr") or code
    )


def listed(names: Iterable[Bilingual]) -> Bilingual:
    """`a, b and c`."""
    every = list(names)
    return Bilingual(
        en=format_list([name.en for name in every], locale=LOCALES["en"]),
        fr=format_list([name.fr for name in every], locale=LOCALES["fr"]),
    )
