"""The notice: that a machine translated, which models, and what people did to it since.

It stands on the page and in every file. In a file it is in the language of the translation where
that is one of the product's, else in English.
"""

from collections.abc import Iterable

from changeover.basics.text import Bilingual, Language
from changeover.translation.languages import language
from changeover.translation.model import Counts, Job

_BY = Bilingual(
    en="This text was translated by a machine from {source} into {target}: {models}.",
    fr="Ce texte a été traduit par une machine ({source} → {target}) : {models}.",
)
_MODEL = Bilingual(
    en="{model} by {maker}{version}, served by {host}",
    fr="{model} ({maker}{version}), servi par {host}",
)
_VERSION = Bilingual(en=" (version {version})", fr=", version {version}")
_STAND_IN = Bilingual(
    en=" – where a stand-in answered in its place, so that this is no real translation",
    fr=" – une doublure a répondu à sa place : ce n'est pas une vraie traduction",
)
_NONE = Bilingual(
    en="Nothing of this text was translated yet.", fr="Rien de ce texte n'est encore traduit."
)
_THEN = Bilingual(en=", then ", fr=", puis ")
_PEOPLE = Bilingual(
    en=" Segments: {all}; edited by people: {edited}; approved by people: {approved}.",
    fr=" Segments : {all} ; modifiés par des personnes : {edited} ; approuvés : {approved}.",
)
_LEFT = Bilingual(
    en=" Left in the original language: {left}.",
    fr=" Laissés dans la langue d'origine : {left}.",
)


def notice(job: Job, counts: Counts) -> Bilingual:
    """The notice in both languages."""
    return Bilingual(_said(job, counts, "en"), _said(job, counts, "fr"))


def notice_in_file(job: Job, counts: Counts) -> str:
    """The notice as it stands in the translation's file."""
    return _said(job, counts, "fr" if job.wish.target == "fr" else "en")


def _said(job: Job, counts: Counts, tongue: Language) -> str:
    if not job.served:
        return _NONE.in_language(tongue)
    words = _BY.in_language(tongue).format(
        source=_name(job.wish.source, tongue),
        target=_name(job.wish.target, tongue),
        models=_THEN.in_language(tongue).join(dict.fromkeys(_models(job, tongue))),
    )
    words += _PEOPLE.in_language(tongue).format(
        all=counts.all, edited=counts.edited, approved=counts.approved
    )
    if left := counts.waiting + counts.failed:
        words += _LEFT.in_language(tongue).format(left=left)
    return words


def _models(job: Job, tongue: Language) -> Iterable[str]:
    for served in job.served:
        version = _VERSION.in_language(tongue).format(version=served.version)
        yield _MODEL.in_language(tongue).format(
            model=served.model_name,
            maker=served.maker_name.in_language(tongue),
            version=version if served.version else "",
            host=served.host_name.in_language(tongue),
        ) + (_STAND_IN.in_language(tongue) if served.stand_in else "")


def _name(code: str, tongue: Language) -> str:
    found = language(code)
    return code if found is None else found.name.in_language(tongue)
