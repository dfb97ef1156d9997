"""Who answered and why, in words that outlive the directory they came from."""

from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.instants import microseconds
from changeover.basics.text import Bilingual, Language
from changeover.chat.choices import DEFAULT, deciding_instruments, order_ref
from changeover.chat.model import OrderRef, Served
from changeover.conversation.model import Usage
from changeover.gateway.exchange import ServedBy
from changeover.orders.explain import in_words
from changeover.orders.ruleset import Ruleset
from changeover.orders.vendor_terms import merely_permits

_BOUND = Bilingual(
    en="{service} uses {model} by default.", fr="{service} utilise {model} par défaut."
)
_BOUND_BY = Bilingual(
    en="{service} uses {model} by “{order}”.", fr="{service} utilise {model} selon « {order} »."
)
_ASKED = Bilingual(en="You asked for {model}.", fr="Vous avez demandé {model}.")
_REPLACES = Bilingual(
    en="{model} answers in place of {asked}, which “{order}” does not let {service} use.",
    fr="{model} répond à la place de {asked}, dont « {order} » ne permet pas l'usage à {service}.",
)
_REPLACES_UNNAMED = Bilingual(
    en="{model} answers in place of {asked}, which {service} may not use.",
    fr="{model} répond à la place de {asked}, que {service} n'a pas le droit d'utiliser.",
)
_REPLACES_SILENT = Bilingual(
    en="{model} answers in place of {asked}, which gave no answer.",
    fr="{model} répond à la place de {asked}, qui n'a pas donné de réponse.",
)
_UNTIL = Bilingual(
    en="It may be used until {deadline} (“{order}”).",
    fr="Son usage est permis jusqu'au {deadline} (« {order} »).",
)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the answer itself told: the vendor's name for the model, figures, losses."""

    version: str | None = None
    usage: Usage = Usage()
    losses: tuple[str, ...] = ()


class Stamp:
    """What is said of an answer that a slot's call was given."""

    def __init__(self, ruleset: Ruleset, slot: str, by: ServedBy) -> None:
        self._ruleset = ruleset
        self._by = by
        binding = ruleset.binding(by.call.service, slot, microseconds(by.decision.at))
        bound_by = None if binding is None else binding.instrument
        if by.replaced is not None:
            self._causes = deciding_instruments(by.replaced)
        elif by.instead_of is None and by.asked == DEFAULT and bound_by is not None:
            self._causes = (bound_by,)
        else:
            self._causes = ()

    @property
    def cause(self) -> OrderRef | None:
        """The order because of which this model answers; None when none chose it."""
        return order_ref(self._ruleset, self._causes[0]) if self._causes else None

    def served(self, seen: Seen, *, demonstration: bool) -> Served:
        """The stamp with what the answer told so far; complete once the answer is."""
        by, directory = self._by, self._ruleset.directory
        model = directory.models[by.route.model]
        issued = self._ruleset.issued
        mattered = (
            c.instrument
            for c in by.decision.citations
            if not merely_permits(directory, issued[c.instrument].instrument, c)
        )
        cited = dict.fromkeys((*self._causes, *mattered))
        return Served(
            route=by.route.id,
            model=model.id,
            model_name=model.name,
            version=seen.version,
            maker=model.maker,
            maker_name=directory.vendors[model.maker].name,
            host=by.route.host,
            host_name=directory.vendors[by.route.host].name,
            stand_in=by.stand_in,
            requested=by.asked,
            replaced=by.instead_of,
            ruleset=by.decision.ruleset,
            instruments=tuple(order_ref(self._ruleset, name) for name in cited),
            why=Bilingual(en=self._why("en"), fr=self._why("fr")),
            losses=seen.losses,
            deadline=by.decision.deadline,
            input_tokens=seen.usage.input_tokens,
            output_tokens=seen.usage.output_tokens,
            demonstration=demonstration,
        )

    def _why(self, language: Language) -> str:
        by, directory = self._by, self._ruleset.directory
        replaced = directory.routes.get(by.instead_of or "")
        words = (
            self._template()
            .in_language(language)
            .format(
                service=directory.services[by.call.service].name.in_language(language),
                model=directory.models[by.route.model].name,
                asked=directory.models[replaced.model].name if replaced else by.asked,
                order=self._title(self._causes, language),
            )
        )
        if by.decision.deadline is None:
            return words
        until = _UNTIL.in_language(language).format(
            deadline=in_words(by.decision.deadline, ZoneInfo(directory.zone), language),
            order=self._title(deciding_instruments(by.decision), language),
        )
        return f"{words} {until}"

    def _template(self) -> Bilingual:
        if self._by.instead_of is not None:
            refused = _REPLACES if self._causes else _REPLACES_UNNAMED
            return _REPLACES_SILENT if self._by.replaced is None else refused
        if self._by.asked == DEFAULT:
            return _BOUND_BY if self._causes else _BOUND
        return _ASKED

    def _title(self, instruments: tuple[str, ...], language: Language) -> str:
        if not instruments:
            return ""
        return self._ruleset.issued[instruments[0]].instrument.title.in_language(language)
