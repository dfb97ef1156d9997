"""One citation in words: the instrument, its status, what moved or keeps it off, who may change it.

Every sentence comes from a fact of the citation or of the instruments that it
names. Of attributes of persons it is said only whether they matched or are
unknown.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.text import Bilingual, Language
from changeover.orders.cited import (
    CitedWaiver,
    cited_clause,
    provisional_until,
    selected,
    waivers,
)
from changeover.orders.decision import Citation, Person
from changeover.orders.may_change import Changers, MayChange
from changeover.orders.names import issuer_name
from changeover.orders.ruleset import Ruleset
from changeover.orders.wording import colon, either, in_words, quoted, semicolon, together

STATUS = {
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
_INSTEAD_OF_STATUS = {
    "no-grace": Bilingual(
        en="in force for this party, which is given no time to wind down",
        fr="en vigueur pour cette entité, qui n'a pas de délai de retrait",
    ),
    "met": Bilingual(
        en="in force, and this route meets what it requires",
        fr="en vigueur, et cette route satisfait à ce qu'il exige",
    ),
    "amended": Bilingual(
        en="replaced here by an agreement with the vendor",
        fr="remplacé ici par un accord avec le fournisseur",
    ),
}
_UNMET = Bilingual(
    en="{status}, and this route cannot be shown to meet what it requires ({requirements})",
    fr="{status}, et il n'est pas établi que cette route satisfait à ce qu'il exige "
    "({requirements})",
)
_FROM = Bilingual(en="by {issuer}", fr="émis par : {issuer}")
_BY = Bilingual(en=" by {by}", fr=" par {by}")
_WAIVED_TOO = Bilingual(en=", waived by {by}", fr=", levé par dérogation par {by}")
_AMENDED = Bilingual(en=", as amended by {by}", fr=", dans sa version modifiée par {by}")
_DECLINED = Bilingual(
    en="A stay of {order} was asked for and denied ({rulings}).",
    fr="La suspension de {order} a été demandée et refusée ({rulings}).",
)
_PROVISIONAL = Bilingual(
    en="{order} is provisional: it ends by itself on {when} unless it is confirmed before.",
    fr="{order} est provisoire : il prend fin de lui-même le {when} s'il n'est pas confirmé avant.",
)
_AWAITS = Bilingual(
    en="Whether this is an existing use must be judged by a person, because {why}; until then it "
    "counts as a new one.",
    fr="Une personne doit juger s'il s'agit d'un usage existant, parce que {why} ; d'ici là, il "
    "compte comme nouveau.",
)
_WHY = {
    "another-host": Bilingual(
        en="it was not bound to this host before",
        fr="il n'était pas lié à cet hébergeur auparavant",
    ),
    "newer-version": Bilingual(
        en="the model or its version is not the one that was used before",
        fr="le modèle ou sa version n'est pas celui qui servait auparavant",
    ),
    "more-users": Bilingual(
        en="the service has more than half as many users again",
        fr="le nombre d'utilisateurs du service a augmenté de plus de moitié",
    ),
    "raised-budget": Bilingual(
        en="the service's budget was raised", fr="le budget du service a été relevé"
    ),
}
_SELECTED = {
    "matched": Bilingual(
        en="It selects persons by attributes, and this person's match.",
        fr="Il vise des personnes selon des attributs, et ceux de cette personne correspondent.",
    ),
    "unknown": Bilingual(
        en="It selects persons by attributes, and of this person they are not all known: a "
        "prohibition counts all the same.",
        fr="Il vise des personnes selon des attributs, et ceux de cette personne ne sont pas tous "
        "connus : une interdiction vaut tout de même.",
    ),
}
_WAIVER = Bilingual(en="The waiver {waiver} {terms}.", fr="La dérogation {waiver} {terms}.")
_WAIVER_TERMS = {
    "until": Bilingual(en="expires on {value}", fr="expire le {value}"),
    "conditions": Bilingual(en="has conditions: {value}", fr="a des conditions : {value}"),
    "plan": Bilingual(en="rests on a plan: {value}", fr="repose sur un plan : {value}"),
    "approver": Bilingual(en="was approved by {value}", fr="a été approuvée par {value}"),
}
_MAY_CHANGE = Bilingual(
    en="It may be changed by its issuer, {issuer}", fr="Peut le changer : son émetteur, {issuer}"
)
_MAY_WAIVE = Bilingual(en="{who} may also waive it", fr="peut aussi y déroger : {who}")
_MAY_STAY = Bilingual(en="{who} may stay or vacate it", fr="peut le suspendre ou l'annuler : {who}")


class CitationTeller(msgspec.Struct, frozen=True, kw_only=True):
    """What citations are told by; `changers` is None where nobody asks who may change them."""

    ruleset: Ruleset
    zone: ZoneInfo
    language: Language
    at: datetime
    person: Person | None = None
    changers: Changers | None = None

    def sentences(self, citation: Citation) -> Iterable[str]:
        """The citation, and what more there is to say of it."""
        order = citation.instrument
        yield self._standing(citation)
        yield from self._provisional(citation)
        yield from self._person(citation)
        yield from self._judged(citation)
        for waiver in waivers(self.ruleset, citation):
            yield from self._waiver(waiver)
        if citation.declined_by:
            rulings = together(citation.declined_by, self.language)
            yield self._say(_DECLINED, order=order, rulings=rulings)
        if self.changers is not None and citation.effect in {"refuses", "notice"}:
            yield self._may_change(self.changers.of(order))

    def _say(self, words: Bilingual, **values: str) -> str:
        return words.in_language(self.language).format(**values)

    def _when(self, instant: datetime | None) -> str:
        return "" if instant is None else in_words(instant, self.zone, self.language)

    def _issuer(self, issuer: str) -> str:
        return issuer_name(self.ruleset.directory, issuer).in_language(self.language)

    def _standing(self, citation: Citation) -> str:
        instrument = self.ruleset.issued[citation.instrument].instrument
        source = self._say(_FROM, issuer=self._issuer(instrument.issuer))
        amended = ""
        if citation.amended_by is not None:
            amended = self._say(_AMENDED, by=citation.amended_by)
        words = quoted(cited_clause(self.ruleset, citation).words, self.language)
        end = "" if words.rstrip("” »").endswith((".", "!", "?")) else "."
        return (
            f"{instrument.title.in_language(self.language)} ({citation.instrument}, {source})"
            f"{amended}, {self._status(citation)}{colon(self.language)}{words}{end}"
        )

    def _status(self, citation: Citation) -> str:
        status = STATUS[citation.status]
        status = _INSTEAD_OF_STATUS.get(citation.because, status)
        told = self._say(status, deadline=self._when(citation.deadline))
        if citation.modality == "require" and citation.effect in {"refuses", "notice"}:
            required = cited_clause(self.ruleset, citation).reading(citation.reading).requirements
            names = together(required, self.language)
            return self._say(_UNMET, status=told, requirements=names)
        if citation.kept_off_by:
            return told + self._kept_off(citation)
        return told

    def _kept_off(self, citation: Citation) -> str:
        """By what it is kept off; where stays do so, the waivers are told apart from them."""
        waiving = {waiver.instrument for waiver in waivers(self.ruleset, citation)}
        staying = [name for name in citation.kept_off_by if name not in waiving]
        first = staying or citation.kept_off_by
        told = self._say(_BY, by=together(first, self.language))
        if staying and waiving:
            waived = (name for name in citation.kept_off_by if name in waiving)
            told += self._say(_WAIVED_TOO, by=together(waived, self.language))
        return told

    def _provisional(self, citation: Citation) -> Iterable[str]:
        until = provisional_until(self.ruleset, self.ruleset.issued[citation.instrument])
        if until is not None and self.at < until:
            yield self._say(_PROVISIONAL, order=citation.instrument, when=self._when(until))

    def _person(self, citation: Citation) -> Iterable[str]:
        scope = cited_clause(self.ruleset, citation).reading(citation.reading).scope
        how = selected(scope.attributes, self.person)
        if how is not None and citation.effect != "none":
            yield self._say(_SELECTED[how])

    def _judged(self, citation: Citation) -> Iterable[str]:
        if citation.awaits:
            why = together((self._say(_WHY[reason]) for reason in citation.awaits), self.language)
            yield self._say(_AWAITS, why=why)

    def _waiver(self, waiver: CitedWaiver) -> Iterable[str]:
        values = {
            "until": self._when(waiver.until),
            "conditions": quoted(waiver.conditions, self.language) if waiver.conditions else "",
            "plan": quoted(waiver.plan, self.language) if waiver.plan else "",
            "approver": waiver.approver,
        }
        told = [self._say(_WAIVER_TERMS[n], value=value) for n, value in values.items() if value]
        if told:
            terms = together(told, self.language)
            yield self._say(_WAIVER, waiver=waiver.instrument, terms=terms)

    def _may_change(self, may: MayChange) -> str:
        told = [self._say(_MAY_CHANGE, issuer=self._issuer(may.issuer))]
        for words, issuers in ((_MAY_WAIVE, may.waive), (_MAY_STAY, may.stay)):
            if issuers:
                who = either((self._issuer(issuer) for issuer in issuers), self.language)
                told.append(self._say(words, who=who))
        return semicolon(self.language).join(told) + "."
