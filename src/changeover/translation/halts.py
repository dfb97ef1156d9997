"""Why a translation does not go on, in words for people; what is translated is kept."""

from zoneinfo import ZoneInfo

from changeover.basics.text import Bilingual
from changeover.chat import problems
from changeover.chat.choices import Choosing
from changeover.gateway.refusal import Refusal
from changeover.translation.model import Halt

_KEPT = Bilingual(
    en=" What is translated is kept, and it can go on from there.",
    fr=" Ce qui est traduit est conservé ; la traduction peut reprendre de là.",
)
_BARRED = Bilingual(
    en="No model may translate here at the moment. {why}",
    fr="Aucun modèle ne peut traduire ici pour le moment. {why}",
)
_UNAVAILABLE = Bilingual(
    en="{model} gave no translation: it cannot be reached, or broke off.",
    fr="{model} n'a pas donné de traduction : il est injoignable ou s'est interrompu.",
)
_FORM = Bilingual(
    en="{model} answered in another form than it was asked for, so that nothing could be kept.",
    fr="{model} a répondu sous une autre forme que celle demandée : rien n'a pu être conservé.",
)
_UNBOUND = Bilingual(
    en="No model that can be reached is bound to translation here. An operator binds one.",
    fr="Aucun modèle joignable n'est lié ici à la traduction. Un exploitant en lie un.",
)
_FAULT = Bilingual(
    en="Something went wrong in Changeover itself; the server's log says what.",
    fr="Une erreur est survenue dans Changeover ; le journal du serveur en donne la cause.",
)


def refused(choosing: Choosing, refusal: Refusal, zone: ZoneInfo) -> Halt:
    """No answer could be had: by a rule, a limit, or because vendors fail."""
    choice = choosing.default()
    if refusal.status in problems.BY_RULES:
        order = None if choice.order is None else choice.order.id
        why = choice.explanation
        words = Bilingual(_BARRED.en.format(why=why.en), _BARRED.fr.format(why=why.fr))
        return Halt(kind="barred", words=_kept(words), order=order)
    if (limited := problems.limited(choice.name, refusal, zone)) is not None:
        return Halt(kind="limited", words=_kept(limited.words))
    return unavailable(choice.name)


def unavailable(model: str) -> Halt:
    return Halt(kind="unavailable", words=_kept(_named(_UNAVAILABLE, model)))


def not_in_form(model: str) -> Halt:
    return Halt(kind="form", words=_kept(_named(_FORM, model)))


def unbound() -> Halt:
    return Halt(kind="unavailable", words=_kept(_UNBOUND))


def at_fault() -> Halt:
    return Halt(kind="fault", words=_kept(_FAULT))


def _named(words: Bilingual, model: str) -> Bilingual:
    return Bilingual(words.en.format(model=model), words.fr.format(model=model))


def _kept(words: Bilingual) -> Bilingual:
    return Bilingual(words.en + _KEPT.en, words.fr + _KEPT.fr)
