"""What an officer should know before issuing instruments, in plain words.

Each caution comes from a fact of the comparison. None of them forbids: what
cannot be issued is refused when it is issued, and said here beforehand.
"""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from changeover.basics.errors import InvalidInputError, NotAuthorisedError
from changeover.basics.text import Bilingual
from changeover.orders.answering import answering
from changeover.orders.authority import check_authority, frees, is_freeing
from changeover.orders.decision import Decision
from changeover.orders.differences import listed
from changeover.orders.explain import in_words
from changeover.orders.model import Clause, Instrument
from changeover.orders.names import issuer_name, model_with_maker
from changeover.orders.preview import Comparison, Effects, Place, PreviewChange
from changeover.orders.ruleset import call_of
from changeover.orders.status import Standing
from changeover.orders.unmatched import unmatched


def cautions(comparison: Comparison, effects: Effects) -> tuple[Bilingual, ...]:
    """Every caution about the instruments of a comparison, those about issuing first."""
    chosen = comparison.added[-1]
    directory = comparison.after.directory
    return tuple(
        dict.fromkeys(
            (
                *_companions(comparison),
                *_authority(comparison),
                *(words for i in comparison.added for words in _sources(i)),
                *_times(comparison, effects),
                *(words for i in comparison.added for words in _readings(i)),
                *(words for i in comparison.added for words in unmatched(directory, i)),
                *_nothing(effects),
                *(words for change in effects.changes for words in _unserved(change)),
                *_others(comparison, chosen),
            )
        )
    )


def _companions(comparison: Comparison) -> Iterator[Bilingual]:
    directory = comparison.before.directory
    zone = ZoneInfo(directory.zone)
    for companion in comparison.added[:-1]:
        issuer = issuer_name(directory, companion.issuer)
        effect = companion.takes_effect()
        en = (
            f"“{companion.title.en}” ({issuer.en}) is not on record yet, and this order rests on "
            "it. The two are issued together, that one first, and its effects are counted here."
        )
        fr = (
            f"« {companion.title.fr} » ({issuer.fr}) n'est pas encore au registre, et cet ordre "
            "s'y rattache. Les deux sont émis ensemble, celui-là d'abord, et ses effets sont "
            "comptés ici."
        )
        if effect is None:
            yield Bilingual(en=en, fr=fr)
        else:
            yield Bilingual(
                en=f"{en} It takes effect on {in_words(effect, zone, 'en')}.",
                fr=f"{fr} Il prend effet le {in_words(effect, zone, 'fr')}.",
            )


def _authority(comparison: Comparison) -> Iterator[Bilingual]:
    directory = comparison.before.directory
    standing = dict(comparison.before.issued)
    for instrument in comparison.added:
        try:
            check_authority(directory, standing, instrument, comparison.now)
        except NotAuthorisedError as error:
            issuer = issuer_name(directory, instrument.issuer)
            yield Bilingual(
                en=f"This cannot be issued as it is: {error.what}",
                fr=f"Ceci ne peut pas être émis en l'état : « {instrument.title.fr} » dépasse "
                f"les pouvoirs de l'autorité émettrice ({issuer.fr}).",
            )
        except InvalidInputError as error:
            yield Bilingual(
                en=f"This cannot be issued as it is: {error.what}",
                fr=f"Ceci ne peut pas être émis en l'état : « {instrument.title.fr} » se réfère à "
                "ce qui n'existe pas.",
            )
        standing[instrument.id] = comparison.after.issued[instrument.id]


def _sources(instrument: Instrument) -> Iterator[Bilingual]:
    if is_freeing(instrument) and not instrument.sources:
        yield Bilingual(
            en=f"“{instrument.title.en}” gives permission back and names no source: it cannot "
            "be issued without the text that it rests on.",
            fr=f"« {instrument.title.fr} » rend une autorisation et ne cite aucune source : il ne "
            "peut pas être émis sans le texte sur lequel il s'appuie.",
        )


def _times(comparison: Comparison, effects: Effects) -> Iterator[Bilingual]:
    zone = ZoneInfo(comparison.before.directory.zone)
    chosen = comparison.added[-1]
    if effects.at is None:
        yield Bilingual(
            en="It is only announced: it binds nobody and changes nothing.",
            fr="Il est seulement annoncé : il ne lie personne et ne change rien.",
        )
    effect = chosen.takes_effect()
    if effect is not None and effect < comparison.now:
        yield Bilingual(
            en=f"It has been in effect since {in_words(effect, zone, 'en')}. Calls made since "
            "then were decided without it.",
            fr=f"Il a pris effet le {in_words(effect, zone, 'fr')}. Les appels faits depuis ont "
            "été décidés sans lui.",
        )
    if effects.later:
        en, fr = (
            [in_words(instant, zone, language) for instant in effects.later]
            for language in ("en", "fr")
        )
        dates = listed(Bilingual(en=a, fr=b) for a, b in zip(en, fr, strict=True))
        yield Bilingual(
            en=f"More changes follow by themselves on {dates.en}.",
            fr=f"D'autres changements suivent d'eux-mêmes : {dates.fr}.",
        )


def _readings(instrument: Instrument) -> Iterator[Bilingual]:
    for clause in instrument.clauses:
        if not clause.signed_by_counsel:
            yield _unsigned(instrument, clause)


def _unsigned(instrument: Instrument, clause: Clause) -> Bilingual:
    others = len(clause.readings) - 1
    en = (
        f"Counsel has not signed how “{instrument.title.en}” is read "
        f"(clause {clause.id}, reading {clause.chosen})"
    )
    fr = (
        f"La lecture de « {instrument.title.fr} » n'est pas signée par le service juridique "
        f"(clause {clause.id}, lecture {clause.chosen})"
    )
    if others == 0:
        return Bilingual(en=f"{en}.", fr=f"{fr}.")
    return Bilingual(
        en=f"{en}. {others} other reading{'s were' if others > 1 else ' was'} proposed.",
        fr=f"{fr}. {others} autre{'s' if others > 1 else ''} lecture{'s' if others > 1 else ''} "
        f"{'ont été proposées' if others > 1 else 'a été proposée'}.",
    )


def _nothing(effects: Effects) -> Iterator[Bilingual]:
    if effects.at is not None and not effects.changes:
        yield Bilingual(
            en="Nothing that is bound to a service changes at that moment.",
            fr="Rien de ce qui est affecté à un service ne change à ce moment.",
        )


def _unserved(change: PreviewChange) -> Iterator[Bilingual]:
    if change.outcome_after != "refuse" or change.outcome_before == "refuse":
        return
    if change.replacement is None:
        yield Bilingual(
            en=f"Nothing may lawfully replace what {change.service_name.en} is bound to "
            f"({change.slot}): it stops.",
            fr=f"Rien ne peut légalement remplacer le modèle affecté à {change.service_name.fr} "
            f"({change.slot}) : le service s'arrête.",
        )


def _others(comparison: Comparison, chosen: Instrument) -> Iterator[Bilingual]:
    """Where something else still refuses what the instruments bind or free."""
    if comparison.at is None:
        return
    added = {instrument.id for instrument in comparison.added}
    for place in _aimed_at(comparison, chosen):
        found = answering(comparison.after, *place, comparison.at)
        if found is not None and found.decision.outcome == "refuse":
            yield from _standing_in_the_way(comparison, place, found.decision, added)


def _aimed_at(comparison: Comparison, chosen: Instrument) -> Iterable[Place]:
    """The slots that the instrument binds anew, or whose bound model it gives back."""
    named = {(r.service, slot) for r in chosen.rebindings for slot in r.slots}
    freed = {i for act in chosen.acts if frees(act) for i in act.instruments}
    for place in comparison.places():
        if place in named or _frees(comparison, chosen, freed, place):
            yield place


def _frees(comparison: Comparison, chosen: Instrument, freed: set[str], place: Place) -> bool:
    if comparison.at is None or not is_freeing(chosen):
        return False
    found = answering(comparison.after, *place, comparison.at)
    if found is None:
        return False
    call = call_of(comparison.after.directory.services[place[0]], place[1])
    collected = comparison.after.collect(call, found.decision.route)
    return any(_gives_back(standing, chosen.id, freed) for standing in collected)


def _gives_back(standing: Standing, chosen: str, freed: set[str]) -> bool:
    if standing.instrument in freed:
        return True
    return standing.instrument == chosen and standing.modality == "permit"


def _standing_in_the_way(
    comparison: Comparison, place: Place, decision: Decision, added: set[str]
) -> Iterator[Bilingual]:
    directory = comparison.after.directory
    service = directory.services[place[0]].name
    model = model_with_maker(directory, directory.routes[decision.route].model)
    for citation in decision.citations:
        if citation.effect == "refuses" and citation.instrument not in added:
            title = comparison.after.issued[citation.instrument].instrument.title
            yield Bilingual(
                en=f"“{title.en}” still prohibits {model.en} for {service.en}.",
                fr=f"« {title.fr} » interdit toujours {model.fr} pour {service.fr}.",
            )
    if decision.held_by:
        yield Bilingual(
            en=f"Permission returns, but {model.en} stays held for {service.en} until an "
            "officer releases it.",
            fr=f"L'autorisation revient, mais {model.fr} reste retenu pour {service.fr} jusqu'à "
            "ce qu'un agent le libère.",
        )
