"""Decisions in words: one paragraph of plain English or French.

Every sentence comes from a fact of the decision; nothing is said that the
decision does not hold. Dates are local to the directory's zone.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.lists import format_list

from changeover.basics.text import Bilingual, Language
from changeover.orders.model import Citation, Decision, Issued, OpenQuestion
from changeover.orders.names import issuer_name
from changeover.orders.ruleset import Ruleset

_OUTCOME = {
    "allow": Bilingual(en="Allowed", fr="Autorisé"),
    "notice": Bilingual(en="Allowed with notice", fr="Autorisé avec avis"),
    "refuse": Bilingual(en="Refused", fr="Refusé"),
}

_BECAUSE = {
    "permitted": Bilingual(
        en="no order in force prohibits it", fr="aucun ordre en vigueur ne l'interdit"
    ),
    "admitted": Bilingual(
        en="{admissions} admits it to the network {network}, and no order in force prohibits it",
        fr="{admissions} l'admet sur le réseau {network}, et aucun ordre en vigueur ne l'interdit",
    ),
    "winding-down": Bilingual(
        en="this use existed before the order and may go on until {deadline}",
        fr="cet usage existait avant l'ordre et peut se poursuivre jusqu'au {deadline}",
    ),
    "prohibited": Bilingual(
        en="an order in force prohibits it", fr="un ordre en vigueur l'interdit"
    ),
    "new-use": Bilingual(
        en="it would be a new use of what is being wound down",
        fr="ce serait un nouvel usage de ce qui est en cours de retrait",
    ),
    "held": Bilingual(
        en="permission has returned, but the route is held until an officer releases it",
        fr="l'autorisation est revenue, mais la route est retenue jusqu'à ce qu'un agent la libère",
    ),
    "network-default": Bilingual(
        en="nothing admits this model to the network {network}, which denies by default",
        fr="rien n'admet ce modèle sur le réseau {network}, qui refuse par défaut",
    ),
}

_STATUS = {
    "announced": Bilingual(
        en="only announced, binds nobody", fr="seulement annoncé, ne lie personne"
    ),
    "pending": Bilingual(en="not yet in effect", fr="pas encore en vigueur"),
    "operative": Bilingual(en="in force", fr="en vigueur"),
    "winding-down": Bilingual(
        en="winding down until {deadline}", fr="en retrait jusqu'au {deadline}"
    ),
    "stayed": Bilingual(en="stayed", fr="suspendu"),
    "waived": Bilingual(en="waived", fr="levé par dérogation"),
    "ended": Bilingual(en="ended", fr="terminé"),
}

_NO_GRACE = Bilingual(
    en="in force for this party, which is given no time to wind down",
    fr="en vigueur pour cette entité, qui n'a pas de délai de retrait",
)
_DECLINED = Bilingual(
    en="A stay of {order} was asked for and denied ({rulings}).",
    fr="La suspension de {order} a été demandée et refusée ({rulings}).",
)
_OPEN = Bilingual(
    en="Open question: {order} implements {implemented}, which is {what} by {by}; it counts until "
    "a finding says that it falls.",
    fr="Question ouverte : {order} met en œuvre {implemented}, {what} par {by} ; il compte tant "
    "qu'aucune constatation ne dit qu'il tombe.",
)
_FOUND = Bilingual(
    en="{order} implements {implemented}, which is {what} by {by}; {finding} found that it stands.",
    fr="{order} met en œuvre {implemented}, {what} par {by} ; selon {finding}, il demeure.",
)
_CHANGES = Bilingual(
    en="By itself this changes on {when}.", fr="De soi-même, cela change le {when}."
)
_NEVER = Bilingual(
    en="Nothing on record changes this by itself.", fr="Rien au registre ne le change de soi-même."
)
_INSTEAD = Bilingual(en="Use {routes} instead.", fr="Utilisez plutôt {routes}.")
_FROM = Bilingual(en="by {issuer}", fr="émis par : {issuer}")


def explain(
    ruleset: Ruleset,
    decision: Decision,
    *,
    changes_at: datetime | None,
    instead: tuple[str, ...] = (),
) -> Bilingual:
    """The decision in a paragraph, in both languages."""
    return Bilingual(
        en=_paragraph(ruleset, decision, changes_at, instead, "en"),
        fr=_paragraph(ruleset, decision, changes_at, instead, "fr"),
    )


def _paragraph(
    ruleset: Ruleset,
    decision: Decision,
    changes_at: datetime | None,
    instead: tuple[str, ...],
    language: Language,
) -> str:
    zone = ZoneInfo(ruleset.directory.zone)
    sentences = [_verdict(ruleset, decision, zone, language)]
    sentences += [_cited(ruleset, c, zone, language) for c in decision.citations]
    sentences += [_asked(question, language) for question in decision.questions]
    if changes_at is None:
        sentences.append(_NEVER.in_language(language))
    else:
        when = in_words(changes_at, zone, language)
        sentences.append(_CHANGES.in_language(language).format(when=when))
    if decision.outcome == "refuse" and instead:
        routes = ", ".join(instead)
        sentences.append(_INSTEAD.in_language(language).format(routes=routes))
    return " ".join(sentences)


def _verdict(ruleset: Ruleset, decision: Decision, zone: ZoneInfo, language: Language) -> str:
    network = ruleset.directory.networks.get(decision.network or "")
    admissions = [c.instrument for c in decision.citations if c.because == "admits"]
    allowed_by = "admitted" if admissions and decision.because == "permitted" else decision.because
    because = _BECAUSE[allowed_by].in_language(language)
    because = because.format(
        admissions=_together(admissions, language),
        deadline=in_words(decision.deadline, zone, language) if decision.deadline else "",
        network=network.name.in_language(language) if network else "",
    )
    colon = ": " if language == "en" else " : "
    outcome = _OUTCOME[decision.outcome].in_language(language)
    return f"{outcome} ({decision.route}){colon}{because}."


def _cited(ruleset: Ruleset, citation: Citation, zone: ZoneInfo, language: Language) -> str:
    issued = ruleset.issued[citation.instrument]
    title = issued.instrument.title.in_language(language)
    issuer = issuer_name(ruleset.directory, issued.instrument.issuer).in_language(language)
    status = _NO_GRACE if citation.because == "no-grace" else _STATUS[citation.status]
    deadline = in_words(citation.deadline, zone, language) if citation.deadline else ""
    source = _FROM.in_language(language).format(issuer=issuer)
    words = _quoted(_words(issued, citation.clause), language)
    end = "" if words.rstrip("” »").endswith((".", "!", "?")) else "."
    colon = ": " if language == "en" else " : "
    sentence = (
        f"{title} ({citation.instrument}, {source}), "
        f"{status.in_language(language).format(deadline=deadline)}"
        f"{_kept_off(citation, language)}{colon}{words}{end}"
    )
    if not citation.declined_by:
        return sentence
    declined = _DECLINED.in_language(language).format(
        order=citation.instrument, rulings=_together(citation.declined_by, language)
    )
    return f"{sentence} {declined}"


def _asked(question: OpenQuestion, language: Language) -> str:
    words = _OPEN if question.finding is None else _FOUND
    return words.in_language(language).format(
        order=question.instrument,
        implemented=question.implements,
        what=_STATUS[question.status].in_language(language),
        by=_together(question.by, language),
        finding=question.finding,
    )


def _kept_off(citation: Citation, language: Language) -> str:
    """By what it is stayed or waived: ` by ruling-1`."""
    if not citation.kept_off_by:
        return ""
    by = _together(citation.kept_off_by, language)
    return f" by {by}" if language == "en" else f" par {by}"


def _together(names: Iterable[str], language: Language) -> str:
    return format_list(list(names), locale="en_GB" if language == "en" else "fr_FR")


def _words(issued: Issued, clause: str) -> str:
    return next(c.words for c in issued.instrument.clauses if c.id == clause)


def _quoted(words: str, language: Language) -> str:
    return f"“{words}”" if language == "en" else f"« {words} »"


def in_words(instant: datetime, zone: ZoneInfo, language: Language) -> str:
    """An instant in words: `27 August 2026`, with the time unless it is midnight.

    English dates are written day first, the form that both languages share.
    """
    local = instant.astimezone(zone)
    locale = "en_GB" if language == "en" else "fr_FR"
    day = format_date(local, format="d MMMM y", locale=locale)
    if (local.hour, local.minute) == (0, 0):
        return day
    return f"{day}, {format_time(local, format='HH:mm', locale=locale)}"
