"""Why there is no whole answer, in words for people.

Vendors' own messages are in English and meant for programmers: they go to the
log, not here.
"""

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.basics.text import Bilingual
from changeover.chat.choices import Choosing
from changeover.chat.model import ModelChoice, Problem
from changeover.gateway.limited import NO_PRICE, Limited
from changeover.gateway.refusal import Refusal
from changeover.orders.explain import in_words

BY_RULES = frozenset({403, 451})
"""The statuses of a refusal that a rule demands, not a vendor's or our own trouble."""

_KEPT = Bilingual(
    en="What had arrived is kept; you can have it continued.",
    fr="Ce qui était arrivé est conservé ; vous pouvez faire continuer la réponse.",
)
_NOTHING = Bilingual(
    en="Nothing had arrived yet; you can ask again.",
    fr="Rien n'était encore arrivé ; vous pouvez redemander.",
)
_STOPPED = Bilingual(en="You stopped this answer.", fr="Vous avez arrêté cette réponse.")
_INTERRUPTED = Bilingual(
    en="The server stopped in the middle of this answer.",
    fr="Le serveur s'est arrêté au milieu de cette réponse.",
)
_CUT = Bilingual(
    en="“{order}” ended the use of {model} while this answer was being written.",
    fr="« {order} » a mis fin à l'usage de {model} pendant que cette réponse était rédigée.",
)
_CUT_UNNAMED = Bilingual(
    en="An order ended the use of {model} while this answer was being written.",
    fr="Un ordre a mis fin à l'usage de {model} pendant que cette réponse était rédigée.",
)
_BROKE = Bilingual(
    en="{model} broke off before its answer was whole.",
    fr="{model} s'est interrompu avant la fin de sa réponse.",
)
_SILENT = Bilingual(en="{model} stopped answering.", fr="{model} a cessé de répondre.")
_EMPTY = Bilingual(en="{model} answered without a word.", fr="{model} a répondu sans un mot.")
_UNAVAILABLE = Bilingual(
    en="No answer could be had from {model}: its vendor did not take the question.",
    fr="Aucune réponse de {model} : son fournisseur n'a pas pris la question.",
)
_ALL_DOWN = Bilingual(
    en="None of the models that may answer here can be reached at the moment ({names}). Your "
    "question is kept. Try again in a minute.",
    fr="Aucun des modèles qui peuvent répondre ici n'est joignable en ce moment ({names}). Votre "
    "question est conservée. Réessayez dans une minute.",
)
_BUSY = Bilingual(
    en="{model} has too much to do at the moment. Try again in a minute.",
    fr="{model} est trop sollicité en ce moment. Réessayez dans une minute.",
)
_SPENT = Bilingual(
    en="The budget for this assistant is used up until {until}, so {model} was not asked. Whoever "
    "looks after budgets here can raise it before then.",
    fr="Le budget de cet assistant est épuisé jusqu'au {until} : {model} n'a pas été interrogé. "
    "La personne qui gère les budgets ici peut l'augmenter avant cette date.",
)
_TOO_MUCH = Bilingual(
    en="More is being asked here than is allowed in one minute, so {model} was not asked. Try "
    "again in a minute.",
    fr="Il y a ici plus de demandes que permis en une minute : {model} n'a pas été interrogé. "
    "Réessayez dans une minute.",
)
_UNPRICED = Bilingual(
    en="{model} has no known price, and the budget here is counted in money, so it was not "
    "asked. Choose another model, or tell the operator.",
    fr="{model} n'a pas de prix connu, et le budget est ici compté en argent : il n'a pas été "
    "interrogé. Choisissez un autre modèle, ou prévenez l'exploitant.",
)
_BARRED = Bilingual(
    en="{model} may not be used here: “{order}” ({issuer}) forbids it. Your question was not sent.",
    fr="{model} ne peut pas être utilisé ici : « {order} » ({issuer}) l'interdit. "
    "Votre question n'a pas été envoyée.",
)
_BARRED_BY_RULE = Bilingual(
    en="{model} may not be used here. Your question was not sent. {explanation}",
    fr="{model} ne peut pas être utilisé ici. Votre question n'a pas été envoyée. {explanation}",
)
_OVERTAKEN = Bilingual(
    en="What was to go with your question may not go to {model} any more: an order took effect "
    "meanwhile. Nothing was sent. Ask again, and what may not go is left out.",
    fr="Ce qui devait accompagner votre question ne peut plus être transmis à {model} : un ordre a "
    "pris effet entre-temps. Rien n'a été envoyé. Redemandez : ce qui ne peut pas être transmis "
    "est laissé de côté.",
)
_INSTEAD = Bilingual(
    en="You can ask {names} instead.", fr="Vous pouvez demander {names} à la place."
)
_NO_OTHER = Bilingual(
    en="No other model may be asked at the moment.",
    fr="Aucun autre modèle ne peut être interrogé pour le moment.",
)
_TOO_LONG = Bilingual(
    en="This is too long for {model}: with what was said before it has about {tokens} tokens "
    "(4 characters each), and {model} takes {room} beside its answer. Your message has about "
    "{own} of them. Nothing was sent. {do}",
    fr="C'est trop long pour {model} : avec ce qui précède, il y a environ {tokens} jetons "
    "(de 4 caractères), et {model} en accepte {room} en plus de sa réponse. Votre message en "
    "compte environ {own}. Rien n'a été envoyé. {do}",
)
_SHORTEN = Bilingual(en="Shorten your message.", fr="Raccourcissez votre message.")
_RESTART = Bilingual(
    en="Start afresh, without the earlier text, or shorten your message.",
    fr="Repartez sans le texte antérieur, ou raccourcissez votre message.",
)


class GeneratingError(ConflictError):
    """An answer is being written in this conversation."""

    code = "generating"


class TooLongError(InvalidInputError):
    """The text does not fit the model; `problem` says so in both languages."""

    code = "too-long"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.words.en)
        self.problem = problem


class Length(NamedTuple):
    """Estimated tokens: of all that would be sent, of the new message, and the room for them."""

    tokens: int
    own: int
    room: int


def refused(choosing: Choosing, choice: ModelChoice) -> Problem:
    """The model may not be used: the order that says so, and what may be asked instead."""
    instead = choosing.instead(choice.id)
    order = choice.order
    template = _BARRED_BY_RULE if order is None else _BARRED
    words = _each(
        template,
        model=_same(choice.name),
        order=order.title if order else _same(""),
        issuer=order.issuer_name if order else _same(""),
        explanation=choice.explanation,
    )
    names = ", ".join(dict.fromkeys(c.name for c in instead))
    offer = _each(_INSTEAD, names=_same(names)) if instead else _NO_OTHER
    return Problem(kind="refused", words=_both(words, offer), order=order, instead=instead)


def overtaken(model: str) -> Problem:
    """An order took effect that bars the content which was to go along."""
    return Problem(kind="refused", words=_each(_OVERTAKEN, model=_same(model)), may_continue=True)


def cut(choosing: Choosing, choice: ModelChoice, *, kept: bool) -> Problem:
    """An order ended the answer on its way."""
    order = choice.order
    words = _each(
        _CUT_UNNAMED if order is None else _CUT,
        model=_same(choice.name),
        order=order.title if order else _same(""),
    )
    return Problem(
        kind="cut",
        words=_both(words, _KEPT if kept else _NOTHING),
        order=order,
        instead=choosing.instead(choice.id),
        may_continue=True,
    )


def stopped(*, kept: bool) -> Problem:
    """The person stopped it."""
    words = _both(_STOPPED, _KEPT if kept else _NOTHING)
    return Problem(kind="stopped", words=words, may_continue=True)


def interrupted(*, kept: bool) -> Problem:
    """The server went away."""
    words = _both(_INTERRUPTED, _KEPT if kept else _NOTHING)
    return Problem(kind="interrupted", words=words, may_continue=True)


def broke_off(model: str, *, kept: bool) -> Problem:
    """The vendor ended the answer with a fault."""
    return _failed(_BROKE, model, kept=kept)


def fell_silent(model: str, *, kept: bool) -> Problem:
    """The vendor sent nothing for too long."""
    return _failed(_SILENT, model, kept=kept)


def without_words(model: str) -> Problem:
    """The vendor's answer is whole and empty."""
    return _failed(_EMPTY, model, kept=False)


def unavailable(model: str, status: int) -> Problem:
    """No answer began: a vendor's trouble, or ours."""
    return _failed(_BUSY if status == 429 else _UNAVAILABLE, model, kept=False)


def all_down(models: Sequence[str]) -> Problem:
    """The model that was asked and those that may take its place failed together."""
    words = _each(_ALL_DOWN, names=_same(", ".join(models)))
    return Problem(kind="failed", words=words, may_continue=True)


def limited(model: str, refusal: Refusal, zone: ZoneInfo) -> Problem | None:
    """A limit of the organisation's own stands in the way; None where it is something else."""
    if refusal.kind == NO_PRICE:
        return Problem(kind="limited", words=_each(_UNPRICED, model=_same(model)))
    if not isinstance(refusal, Limited):
        return None
    account = refusal.account
    until = account.span.until
    words = _each(
        _SPENT if account.limit.measure == "money" else _TOO_MUCH,
        model=_same(model),
        until=Bilingual(en=in_words(until, zone, "en"), fr=in_words(until, zone, "fr")),
    )
    return Problem(kind="limited", words=words, may_continue=True)


def too_long(model: str, length: Length) -> Problem:
    """The text does not fit; said before anything is sent."""
    words = _each(
        _TOO_LONG,
        model=_same(model),
        tokens=_number(length.tokens),
        room=_number(length.room),
        own=_number(length.own),
        do=_SHORTEN if length.own > length.room else _RESTART,
    )
    return Problem(kind="too-long", words=words)


def _failed(template: Bilingual, model: str, *, kept: bool) -> Problem:
    words = _both(_each(template, model=_same(model)), _KEPT if kept else _NOTHING)
    return Problem(kind="failed", words=words, may_continue=True)


def _each(template: Bilingual, **values: Bilingual) -> Bilingual:
    return Bilingual(
        en=template.en.format(**{name: value.en for name, value in values.items()}),
        fr=template.fr.format(**{name: value.fr for name, value in values.items()}),
    )


def _both(first: Bilingual, then: Bilingual) -> Bilingual:
    return Bilingual(en=f"{first.en} {then.en}", fr=f"{first.fr} {then.fr}")


def _same(text: str) -> Bilingual:
    return Bilingual(en=text, fr=text)


def _number(count: int) -> Bilingual:
    return Bilingual(
        en=format_decimal(count, locale="en_GB"), fr=format_decimal(count, locale="fr_FR")
    )
