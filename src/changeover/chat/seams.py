"""Where another model took over, with what went along. Pure over a path.

A seam stands before the first answer of another model than the last answer's.
Turns that nobody answered (refused before anything was sent) leave none. It is
read from the turns themselves, so it says the same for ever.
"""

from collections.abc import Sequence
from typing import NamedTuple

from changeover.basics.text import Bilingual
from changeover.chat.context import visible_from
from changeover.chat.imported import SOURCE_NAMES
from changeover.chat.model import Seam, Served, StoredTurn

_NOTHING_YET = Bilingual(
    en="Only your new message went along.", fr="Seul votre nouveau message a été transmis."
)
_ONE = Bilingual(
    en="The text of the one turn before it went along with your message.",
    fr="Le texte du seul échange précédent a été transmis avec votre message.",
)
_MANY = Bilingual(
    en="The text of all {count} turns before it went along with your message.",
    fr="Le texte des {count} interventions précédentes a été transmis avec votre message.",
)
_GONE_ON = Bilingual(
    en="The text of all {count} turns before it went along, the kept beginning of this answer too.",
    fr="Le texte des {count} interventions précédentes a été transmis, y compris le début conservé "
    "de cette réponse.",
)
_ALL = Bilingual(en="Nothing was left behind.", fr="Rien n'a été laissé de côté.")
_FRESH = Bilingual(
    en="A fresh start: {count} earlier turns were not sent to {maker}.",
    fr="Nouveau départ : {count} interventions antérieures n'ont pas été transmises à {maker}.",
)
_LOSSES = Bilingual(
    en="Not carried over, because {maker} does not take them: {losses}.",
    fr="Non repris, car {maker} ne les accepte pas : {losses}.",
)


class _Answerer(NamedTuple):
    """Who answered, as far as a seam names them."""

    model: str
    name: str
    maker_name: Bilingual


def seams(path: Sequence[StoredTurn]) -> tuple[Seam, ...]:
    """The seams of a path, oldest first."""
    found: list[Seam] = []
    last: _Answerer | None = None
    for place, turn in enumerate(path):
        answerer = _answerer(turn)
        if turn.role != "assistant" or answerer is None:
            continue
        served = answered_by(turn)
        # What another program sent along when its own model changed, no file tells.
        if served is not None and last is not None and last.model != served.model:
            found.append(_seam(path[:place], turn, last, served))
        last = answerer
    return tuple(found)


def answered_by(turn: StoredTurn) -> Served | None:
    """Who answered; of a turn that was said elsewhere, who its file states."""
    return turn.origin.stated if turn.origin is not None else turn.served


def _answerer(turn: StoredTurn) -> _Answerer | None:
    served, origin = answered_by(turn), turn.origin
    if served is not None:
        return _Answerer(served.model, served.model_name, served.maker_name)
    if origin is None or origin.model is None:
        return None
    program = SOURCE_NAMES[origin.source]
    return _Answerer(f"{origin.source}:{origin.model}", origin.model, Bilingual(program, program))


def _seam(before: Sequence[StoredTurn], turn: StoredTurn, last: _Answerer, now: Served) -> Seam:
    begins = visible_from(before)
    said = [one for one in before if one.text]
    sent = [one for one in before[begins:] if one.text]
    left = len(said) - len(sent)
    return Seam(
        before=turn.id,
        from_model=last.name,
        from_maker_name=last.maker_name,
        to_model=now.model_name,
        to_maker_name=now.maker_name,
        carried=_carried(sent),
        not_carried=_not_carried(left, now),
        order=turn.cause,
    )


def _carried(sent: Sequence[StoredTurn]) -> Bilingual:
    gone_on = bool(sent) and sent[-1].role == "assistant"
    earlier = len(sent) if gone_on else len(sent) - 1
    if gone_on:
        return _filled(_GONE_ON, count=str(earlier))
    if earlier < 1:
        return _NOTHING_YET
    return _ONE if earlier == 1 else _filled(_MANY, count=str(earlier))


def _not_carried(left: int, now: Served) -> Bilingual:
    parts: list[Bilingual] = []
    maker = now.maker_name
    if left:
        parts.append(
            Bilingual(
                en=_FRESH.en.format(count=left, maker=maker.en),
                fr=_FRESH.fr.format(count=left, maker=maker.fr),
            )
        )
    if now.losses:
        losses = ", ".join(now.losses)
        parts.append(
            Bilingual(
                en=_LOSSES.en.format(maker=maker.en, losses=losses),
                fr=_LOSSES.fr.format(maker=maker.fr, losses=losses),
            )
        )
    if not parts:
        return _ALL
    return Bilingual(en=" ".join(p.en for p in parts), fr=" ".join(p.fr for p in parts))


def _filled(template: Bilingual, *, count: str) -> Bilingual:
    return Bilingual(en=template.en.format(count=count), fr=template.fr.format(count=count))
