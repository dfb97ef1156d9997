"""What staff are told when an order changes which model answers them.

A person is told about the services that they may use: those with a chat slot
that belong to the person's party or to one that it is part of. One notice goes
with one turnover: of several orders that take effect at one instant it names the
one that made the new binding, otherwise the one that barred the model.

A turnover is told from 30 days before it, or from the order's issue if that is
later, until 30 days after it; not when it took place before the person's account
was made, because that person never knew anything else.

Vendors alike: the same sentences serve whoever leaves and whoever comes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, format_time, get_timezone_name

from changeover.basics.text import Bilingual, Language
from changeover.directory.model import Directory, Service
from changeover.directory.rules import ancestors
from changeover.orders.differences import LOCALES, month_in_words, months_between
from changeover.orders.names import (
    ModelRef,
    NamedOrder,
    model_ref,
    model_with_maker,
    named_order,
)
from changeover.orders.ruleset import Ruleset
from changeover.orders.turnovers import Turnover

SLOT = "chat"
TOLD = timedelta(days=30)
"""How long before and after a turnover it is told."""


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told: an account's id, its party, and when it was made."""

    account: str
    party: str
    created: datetime


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A turnover as one person is told of it.

    `id` is the order's id; a further turnover that the same order makes for the
    same person has `~` and the service behind it. `no_longer_knows` is None where the newer
    model knows as much. `whom_to_ask` is the service's owner. `message` is what officers
    wrote to staff beside it, if anything.
    """

    id: str
    order: NamedOrder
    service: str
    service_name: Bilingual
    effective: datetime
    in_force: bool
    provisional: bool
    from_models: tuple[ModelRef, ...]
    to_models: tuple[ModelRef, ...]
    what: Bilingual
    when: Bilingual
    must_do: Bilingual
    no_longer_knows: Bilingual | None
    conversations: Bilingual
    earlier_text: Bilingual
    whom_to_ask: Bilingual
    acknowledged: bool
    message: Bilingual | None = None


def services_for(directory: Directory, party: str) -> tuple[Service, ...]:
    """The services that people of a party chat with: its own and those of parties above it."""
    above = ancestors(directory, party)
    return tuple(
        service
        for service in directory.services.values()
        if service.party in above and any(slot.name == SLOT for slot in service.slots)
    )


def notices(
    ruleset: Ruleset,
    turned: Iterable[Turnover],
    reader: Reader,
    now: datetime,
    acknowledged: frozenset[str] = frozenset(),
) -> tuple[Notice, ...]:
    """What a person is told now, the latest turnover first.

    `turned` are turnovers of the ruleset; those of services that the person does
    not use are passed over. `acknowledged` are ids of notices.
    """
    used = {service.id for service in services_for(ruleset.directory, reader.party)}
    concerned = [turn for turn in turned if turn.service in used]
    found = [
        _notice(ruleset, turn, id_, now, acknowledged)
        for turn, id_ in zip(concerned, _ids(concerned), strict=True)
        if _is_told(turn, reader, now)
    ]
    return tuple(sorted(found, key=lambda notice: notice.effective, reverse=True))


def _is_told(turn: Turnover, reader: Reader, now: datetime) -> bool:
    return turn.at >= reader.created and abs(turn.at - now) <= TOLD


def _ids(concerned: Sequence[Turnover]) -> list[str]:
    """The notices' ids, which do not depend on what is told today."""
    ids: list[str] = []
    for turn in concerned:
        id_ = turn.instrument
        while id_ in ids:
            id_ = f"{id_}~{turn.service}"
        ids.append(id_)
    return ids


def _notice(
    ruleset: Ruleset, turn: Turnover, id_: str, now: datetime, acknowledged: frozenset[str]
) -> Notice:
    directory = ruleset.directory
    service = directory.services[turn.service]
    in_force = turn.at <= now
    old, new = _model(directory, turn.before), _model(directory, turn.after)
    return Notice(
        id=id_,
        order=named_order(directory, ruleset.issued[turn.instrument].instrument),
        service=service.id,
        service_name=service.name,
        effective=turn.at,
        in_force=in_force,
        provisional=turn.provisional,
        from_models=() if old is None else (old,),
        to_models=() if new is None else (new,),
        what=_what(directory, service, turn, in_force=in_force),
        when=_when(turn.at, ZoneInfo(directory.zone), in_force=in_force),
        must_do=Bilingual(en="Nothing.", fr="Rien."),
        no_longer_knows=None if old is None or new is None else _knowledge(old, new),
        conversations=_conversations(turn, in_force=in_force),
        earlier_text=_earlier_text(directory, turn),
        whom_to_ask=_whom(service),
        acknowledged=id_ in acknowledged,
    )


def _model(directory: Directory, route: str | None) -> ModelRef | None:
    return None if route is None else model_ref(directory, directory.routes[route].model)


def _what(directory: Directory, service: Service, turn: Turnover, *, in_force: bool) -> Bilingual:
    name = service.name
    if turn.after is None:
        return _nobody(directory, service, turn, in_force=in_force)
    to = directory.routes[turn.after]
    answers = model_with_maker(directory, to.model)
    verb = Bilingual(
        en="now answers" if in_force else "will answer",
        fr="répond désormais" if in_force else "répondra",
    )
    if turn.before is None:
        return Bilingual(
            en=f"{name.en}: {answers.en} {verb.en}.", fr=f"{name.fr} : {answers.fr} {verb.fr}."
        )
    was = directory.routes[turn.before]
    if was.model == to.model:
        hosts = directory.vendors[to.host].name, directory.vendors[was.host].name
        return Bilingual(
            en=f"{name.en}: {answers.en} {verb.en} at {hosts[0].en} instead of {hosts[1].en}.",
            fr=f"{name.fr} : {answers.fr} {verb.fr} chez {hosts[0].fr} au lieu de {hosts[1].fr}.",
        )
    left = model_with_maker(directory, was.model)
    return Bilingual(
        en=f"{name.en}: {answers.en} {verb.en} instead of {left.en}.",
        fr=f"{name.fr} : {answers.fr} {verb.fr} à la place de {left.fr}.",
    )


def _nobody(directory: Directory, service: Service, turn: Turnover, *, in_force: bool) -> Bilingual:
    name = service.name
    if turn.before is None:
        left = Bilingual(en="the model", fr="le modèle")
    else:
        left = model_with_maker(directory, directory.routes[turn.before].model)
    if in_force:
        return Bilingual(
            en=f"{name.en}: {left.en} may no longer answer, and no other model has been named yet.",
            fr=f"{name.fr} : {left.fr} ne peut plus répondre, et aucun autre modèle n'est encore "
            "désigné.",
        )
    return Bilingual(
        en=f"{name.en}: {left.en} will no longer answer, and no other model has been named yet.",
        fr=f"{name.fr} : {left.fr} ne répondra plus, et aucun autre modèle n'est encore désigné.",
    )


def _when(at: datetime, zone: ZoneInfo, *, in_force: bool) -> Bilingual:
    en, fr = _moment(at, zone, "en"), _moment(at, zone, "fr")
    if in_force:
        return Bilingual(en=f"Since {en}.", fr=f"Depuis le {fr}.")
    return Bilingual(en=f"From {en}.", fr=f"À partir du {fr}.")


def _moment(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """`2 March 2026 at 12:00 (Eastern Time)`."""
    local, locale = at.astimezone(zone), LOCALES[language]
    day = format_date(local, "d MMMM y", locale=locale)
    if local.day == 1 and language == "fr":
        day = day.replace("1 ", "1er ", 1)
    time = format_time(local, "HH:mm", locale=locale)
    name = "UTC" if zone.key == "UTC" else get_timezone_name(zone, locale=locale)
    return f"{day} at {time} ({name})" if language == "en" else f"{day} à {time} ({name})"


def _knowledge(old: ModelRef, new: ModelRef) -> Bilingual | None:
    if old.id == new.id or old.knowledge_cutoff is None:
        return None
    if new.knowledge_cutoff is None:
        return Bilingual(
            en=f"It is not stated up to when {new.name} knows the world.",
            fr=f"Il n'est pas indiqué jusqu'à quand {new.name} connaît le monde.",
        )
    fewer = months_between(new.knowledge_cutoff, old.knowledge_cutoff)
    if fewer <= 0:
        return None
    months = "1 month" if fewer == 1 else f"{fewer} months"
    return Bilingual(
        en=f"{new.name} knows the world up to {month_in_words(new.knowledge_cutoff, 'en')}, "
        f"{months} less than {old.name}. Check what has happened since.",
        fr=f"{new.name} connaît le monde jusqu'en {month_in_words(new.knowledge_cutoff, 'fr')}, "
        f"soit {fewer} mois de moins que {old.name}. Vérifiez ce qui s'est passé depuis.",
    )


def _conversations(turn: Turnover, *, in_force: bool) -> Bilingual:
    if turn.after is not None:
        return Bilingual(
            en="Your conversations stay, whole and readable, and you can go on with each of them.",
            fr="Vos conversations restent, entières et lisibles, et vous pouvez les poursuivre.",
        )
    if not in_force:
        return Bilingual(
            en="Your conversations stay, whole and readable.",
            fr="Vos conversations restent, entières et lisibles.",
        )
    return Bilingual(
        en="Your conversations stay, whole and readable. New questions get no answer until a "
        "model is named.",
        fr="Vos conversations restent, entières et lisibles. Les nouvelles questions restent sans "
        "réponse jusqu'à ce qu'un modèle soit désigné.",
    )


def _earlier_text(directory: Directory, turn: Turnover) -> Bilingual:
    if turn.after is None:
        return Bilingual(
            en="No earlier text goes to another vendor.",
            fr="Aucun texte antérieur n'est transmis à un autre fournisseur.",
        )
    host = directory.vendors[directory.routes[turn.after].host].name
    return Bilingual(
        en=f"When you go on with a conversation, its earlier text is sent to {host.en}. To send "
        "none of it, choose a fresh start.",
        fr=f"Quand vous poursuivez une conversation, son texte antérieur est transmis à {host.fr}. "
        "Pour n'en rien transmettre, repartez de zéro.",
    )


def _whom(service: Service) -> Bilingual:
    if service.owner:
        return Bilingual(en=service.owner, fr=service.owner)
    return Bilingual(en="Your administrator", fr="Votre administrateur")
