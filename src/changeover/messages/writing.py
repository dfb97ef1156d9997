"""What owners are told of an order: a letter for each contact, in both languages.

Whom an order touches is what `orders.reach` finds. A service's own contacts are told,
else those of its party, else of the nearest party above that has any. The words are those
of the decision itself (`orders.explain`), so that a letter says nothing else than what a
refused call says.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.basics.text import LANGUAGES, Bilingual, Language
from changeover.directory.model import Contact, Directory, Service
from changeover.directory.rules import ancestors
from changeover.messages.model import Letter, Message
from changeover.orders.differences import differences, listed
from changeover.orders.names import model_with_maker
from changeover.orders.query import Question, answer
from changeover.orders.reach import TouchedSlot, reach
from changeover.orders.ruleset import Ruleset


def contacts_of(directory: Directory, service: Service) -> tuple[Contact, ...]:
    """Who is told of a service; nobody where neither it nor a party above names anybody."""
    if service.contacts:
        return service.contacts
    for party in ancestors(directory, service.party):
        if directory.parties[party].contacts:
            return directory.parties[party].contacts
    return ()


def prepare(ruleset: Ruleset, name: str, title: Bilingual, at: datetime, asks: str) -> Message:
    """The message about a vendor, model or order, as it stands at an instant.

    `title` is what it is called, `asks` the person whom owners may ask. `NotFoundError`
    when `name` is none of them.
    """
    directory = ruleset.directory
    told: dict[Contact, dict[str, list[TouchedSlot]]] = {}
    unreached: dict[str, None] = {}
    for slot in reach(ruleset, name, at).slots:
        contacts = contacts_of(directory, directory.services[slot.service])
        if not contacts:
            unreached[slot.service] = None
        for contact in contacts:
            told.setdefault(contact, {}).setdefault(slot.service, []).append(slot)
    return Message(
        about=name,
        letters=tuple(
            _letter(ruleset, contact, services, _Subject(title=title, at=at, asks=asks))
            for contact, services in told.items()
        ),
        unreached=tuple(unreached),
    )


class _Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a message is about, at which instant, and who answers questions."""

    title: Bilingual
    at: datetime
    asks: str


def _letter(
    ruleset: Ruleset, contact: Contact, services: dict[str, list[TouchedSlot]], about: _Subject
) -> Letter:
    names = listed(ruleset.directory.services[name].name for name in services)
    subject = Bilingual(
        en=f"{about.title.en}: {names.en}", fr=f"{about.title.fr}\u00a0: {names.fr}"
    )
    parts = [_service(ruleset, name, slots, about.at) for name, slots in services.items()]
    return Letter(
        contact=contact,
        services=tuple(services),
        subject=subject,
        text=_both(
            Bilingual(en=f"To {contact.name}", fr=f"À l'attention de {contact.name}"),
            Bilingual(
                en=f"This concerns {about.title.en} and services that you answer for.",
                fr=f"Ceci concerne {about.title.fr} et des services dont vous répondez.",
            ),
            *parts,
            Bilingual(
                en=f"Questions go to {about.asks}.", fr=f"Pour toute question\u00a0: {about.asks}."
            ),
        ),
    )


def _service(ruleset: Ruleset, name: str, slots: list[TouchedSlot], at: datetime) -> Bilingual:
    """What becomes of a service: its decision in words, what may replace it, what to do."""
    directory = ruleset.directory
    service = directory.services[name]
    lines = [service.name]
    seen: set[str] = set()
    for slot in slots:
        model = directory.routes[slot.route].model
        if model in seen:
            continue
        seen.add(model)
        asked = Question(service=name, slot=slot.slot, model=slot.route, at=at)
        lines.append(answer(ruleset, asked, at).explanation)
        lines.append(_instead(ruleset, model, slot))
    return Bilingual(
        en="\n".join(line.en for line in lines), fr="\n".join(line.fr for line in lines)
    )


def _instead(ruleset: Ruleset, model: str, slot: TouchedSlot) -> Bilingual:
    directory = ruleset.directory
    if slot.outcome == "allow":
        return Bilingual(en="Nothing must be done now.", fr="Il n'y a rien à faire pour l'instant.")
    if slot.replacement is None:
        return Bilingual(
            en="No other model may lawfully take its place. Tell us whether the service can "
            "stop, or whether a waiver is to be asked for.",
            fr="Aucun autre modèle ne peut licitement le remplacer. Dites-nous si le service "
            "peut s'arrêter, ou s'il faut demander une dérogation.",
        )
    other = directory.routes[slot.replacement].model
    named = model_with_maker(directory, other)
    notes = differences(directory, model, other)
    return Bilingual(
        en=" ".join([f"{named.en} may take its place.", *(note.en for note in notes)])
        + " Try it with your work, and tell us when you are ready.",
        fr=" ".join([f"{named.fr} peut le remplacer.", *(note.fr for note in notes)])
        + " Essayez-le avec vos travaux, et dites-nous quand vous êtes prêts.",
    )


def _both(*paragraphs: Bilingual) -> Bilingual:
    return Bilingual(
        en="\n\n".join(one.en for one in paragraphs), fr="\n\n".join(one.fr for one in paragraphs)
    )


def in_order(letter: Letter) -> Iterable[tuple[Language, str, str]]:
    """Language, subject and text of a letter, the contact's own language first."""
    first = letter.contact.language
    for language in (first, *(other for other in LANGUAGES if other != first)):
        yield language, letter.subject.in_language(language), letter.text.in_language(language)
