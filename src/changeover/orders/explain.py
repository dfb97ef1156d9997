"""Decisions in words: one paragraph of plain English or French.

Every sentence comes from a fact of the decision; nothing is said that the
decision does not hold. Dates are local to the directory's zone. What a vendor's terms
permit is not quoted: nearly every call has such a permit, and none is decided by it.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from changeover.basics.text import LANGUAGES, Bilingual, Language
from changeover.orders.decision import Decision, OpenQuestion, Person
from changeover.orders.explain_citation import STATUS, CitationTeller
from changeover.orders.may_change import Changers
from changeover.orders.ruleset import Ruleset
from changeover.orders.vendor_terms import merely_permits, vendor_names, vendor_of
from changeover.orders.wording import colon, in_words, together

__all__ = ["explain", "in_words"]

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
    "requirement": Bilingual(
        en="an order in force requires what this route cannot be shown to meet",
        fr="un ordre en vigueur exige ce à quoi il n'est pas établi que cette route satisfait",
    ),
    "terms": Bilingual(
        en="the terms of {vendors} do not allow this use",
        fr="les conditions du fournisseur ({vendors}) n'admettent pas cet usage",
    ),
    "terms-silent": Bilingual(
        en="no order in force prohibits it, and the terms of {vendors} say nothing of this purpose",
        fr="aucun ordre en vigueur ne l'interdit, et les conditions du fournisseur "
        "({vendors}) ne disent rien de cette finalité",
    ),
    "record-age": Bilingual(
        en="the record here is of {record}, which is older than the network allows",
        fr="le registre est ici du {record}, ce qui est plus ancien que le réseau ne l'admet",
    ),
    "network-default": Bilingual(
        en="nothing admits this model to the network {network}, which denies by default",
        fr="rien n'admet ce modèle sur le réseau {network}, qui refuse par défaut",
    ),
}

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
    en="By itself this changes on {when}.", fr="Sans autre acte, cela change le {when}."
)
_NEVER = Bilingual(
    en="Nothing on record changes this by itself.",
    fr="Sans autre acte, rien au registre ne le change.",
)
_SILENT_TOO = Bilingual(
    en="The terms of {vendors} say nothing of this purpose.",
    fr="Les conditions du fournisseur ({vendors}) ne disent rien de cette finalité.",
)
_RECORD = Bilingual(
    en="The record here came by import and is of {record}.",
    fr="Le registre est ici importé, et du {record}.",
)
_INSTEAD = Bilingual(en="Use {routes} instead.", fr="Utilisez plutôt {routes}.")


def explain(
    ruleset: Ruleset,
    decision: Decision,
    *,
    changes_at: datetime | None,
    instead: tuple[str, ...] = (),
    person: Person | None = None,
    changers: Changers | None = None,
) -> Bilingual:
    """The decision in a paragraph, in both languages.

    With `changers` it also says who may change what refuses or gives notice.
    """
    en, fr = (
        _paragraph(
            CitationTeller(
                ruleset=ruleset,
                zone=ZoneInfo(ruleset.directory.zone),
                language=language,
                at=decision.at,
                person=person,
                changers=changers,
            ),
            decision,
            changes_at,
            instead,
        )
        for language in LANGUAGES
    )
    return Bilingual(en=en, fr=fr)


def _paragraph(
    teller: CitationTeller,
    decision: Decision,
    changes_at: datetime | None,
    instead: tuple[str, ...],
) -> str:
    zone, language = teller.zone, teller.language
    sentences = [_verdict(teller.ruleset, decision, zone, language)]
    for citation in decision.citations:
        instrument = teller.ruleset.issued[citation.instrument].instrument
        if not merely_permits(teller.ruleset.directory, instrument, citation):
            sentences += teller.sentences(citation)
    if decision.silent and decision.because != "terms-silent":
        vendors = _vendors(teller.ruleset, decision.silent, language)
        sentences.append(_SILENT_TOO.in_language(language).format(vendors=vendors))
    sentences += [_asked(question, language) for question in decision.questions]
    if changes_at is None:
        sentences.append(_NEVER.in_language(language))
    else:
        when = in_words(changes_at, zone, language)
        sentences.append(_CHANGES.in_language(language).format(when=when))
    if (imported := teller.ruleset.imported) is not None:
        record = in_words(imported.made, zone, language)
        sentences.append(_RECORD.in_language(language).format(record=record))
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
        admissions=together(admissions, language),
        deadline=in_words(decision.deadline, zone, language) if decision.deadline else "",
        network=network.name.in_language(language) if network else "",
        record=in_words(ruleset.imported.made, zone, language) if ruleset.imported else "",
        vendors=_vendors(ruleset, _terms(ruleset, decision), language),
    )
    outcome = _OUTCOME[decision.outcome].in_language(language)
    return f"{outcome} ({decision.route}){colon(language)}{because}."


def _terms(ruleset: Ruleset, decision: Decision) -> Iterable[str]:
    """The issuers of the terms that decided: those that refuse, or those that say nothing."""
    if decision.because == "terms-silent":
        return decision.silent
    refusing = (c.instrument for c in decision.citations if c.effect == "refuses")
    instruments = (ruleset.issued[name].instrument for name in refusing)
    return [i.issuer for i in instruments if vendor_of(ruleset.directory, i) is not None]


def _vendors(ruleset: Ruleset, issuers: Iterable[str], language: Language) -> str:
    names = vendor_names(ruleset.directory, issuers)
    return together((name.in_language(language) for name in names), language)


def _asked(question: OpenQuestion, language: Language) -> str:
    words = _OPEN if question.finding is None else _FOUND
    return words.in_language(language).format(
        order=question.instrument,
        implemented=question.implements,
        what=STATUS[question.status].in_language(language),
        by=together(question.by, language),
        finding=question.finding,
    )
