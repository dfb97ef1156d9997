"""How a draft of each act begins: the form with what can be known already filled in.

Which office may do an act to an order is asked of the directory; where several may,
the first is proposed and the officer chooses. Titles say what the act does to what.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.calendars import zone
from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Bilingual
from changeover.orders.drawing_up import derived_id
from changeover.orders.form_of import clause_form, written
from changeover.orders.may_change import Changers
from changeover.orders.model import Instrument, Waive
from changeover.orders.ruleset import Ruleset

DraftAct = Literal[
    "order",
    "designation",
    "authorisation",
    "agreement",
    "memo",
    "terms",
    "stay",
    "decline",
    "lift",
    "vacate",
    "amend",
    "sign",
    "supersede",
    "rescind",
    "request",
    "waive",
    "renew",
    "delegate",
    "find",
    "judge",
    "freeze",
    "confirm",
]
"""What a draft is begun as. `sign` is counsel's signature under a reading of a clause,
`request` a waiver that is asked for, `renew` one that is to last longer."""

ACTS: tuple[DraftAct, ...] = get_args(DraftAct)
NEEDS_AN_ORDER: frozenset[DraftAct] = frozenset(
    {"stay", "decline", "lift", "vacate", "amend", "sign", "supersede", "rescind", "request",
     "waive", "renew", "delegate", "find", "judge", "confirm"}
)  # fmt: skip
_KINDS: Mapping[DraftAct, str] = {
    "stay": "ruling",
    "decline": "ruling",
    "lift": "ruling",
    "vacate": "ruling",
    "request": "waiver",
    "waive": "waiver",
    "renew": "waiver",
    "delegate": "delegation",
    "find": "finding",
    "judge": "finding",
}
_AS_ITS_OBJECT: frozenset[DraftAct] = frozenset(
    {"amend", "sign", "supersede", "rescind", "confirm"}
)
_TITLES: Mapping[DraftAct, tuple[str, str]] = {
    "stay": ("Stay of: {en}", "Suspension de : {fr}"),
    "decline": ("Stay denied of: {en}", "Suspension refusée de : {fr}"),
    "lift": ("End of what kept off: {en}", "Levée de : {fr}"),
    "vacate": ("Vacatur of: {en}", "Annulation de : {fr}"),
    "amend": ("Amendment of: {en}", "Modification de : {fr}"),
    "sign": ("Counsel's reading of: {en}", "Lecture du conseil de : {fr}"),
    "supersede": ("In place of: {en}", "En remplacement de : {fr}"),
    "rescind": ("Rescission of: {en}", "Abrogation de : {fr}"),
    "request": ("Request for a waiver of: {en}", "Demande de dérogation à : {fr}"),
    "waive": ("Waiver of: {en}", "Dérogation à : {fr}"),
    "renew": ("Renewed waiver: {en}", "Dérogation renouvelée : {fr}"),
    "delegate": ("Who may waive: {en}", "Qui peut déroger à : {fr}"),
    "find": ("Finding on: {en}", "Constatation sur : {fr}"),
    "judge": ("Judgement of a use under: {en}", "Appréciation d'un usage au titre de : {fr}"),
    "confirm": ("Confirmation of: {en}", "Confirmation de : {fr}"),
}
_FREEZE_HOURS = 72


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What a draft begins from: the rules, the instant, who writes, and about which order."""

    ruleset: Ruleset
    now: datetime
    by: str
    about: Instrument | None = None

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.ruleset.directory.zone)

    @property
    def today(self) -> str:
        """The present instant to the minute, local."""
        return self.now.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")


def begin(act: DraftAct, beginning: Beginning) -> dict[str, Any]:
    """The form that a draft of an act begins with.

    `InvalidInputError` where the act is about an order and none is named.
    """
    about = beginning.about
    if act in NEEDS_AN_ORDER and about is None:
        raise InvalidInputError(
            f"To {act} is done to an order, and none was named.",
            means="Nothing was begun.",
            do="Choose the order that it is about.",
        )
    form: dict[str, Any] = {
        "id": _id(act, beginning),
        "kind": _kind(act, about),
        "issuer": _issuer(act, beginning),
        "title": _title(act, about),
        "published": beginning.today,
    }
    if about is None or act == "supersede":
        form["clauses"] = _clauses(act, beginning)
    if act == "freeze":
        until = beginning.now + timedelta(hours=_FREEZE_HOURS)
        form["provisional_until"] = until.astimezone(beginning.zone).strftime("%Y-%m-%dT%H:%M")
    if about is not None:
        form |= _FIELDS[act](beginning, about) if act in _FIELDS else {"implements": [about.id]}
    return form


def _id(act: DraftAct, beginning: Beginning) -> str:
    day = beginning.now.astimezone(beginning.zone).strftime("%Y-%m-%d")
    if beginning.about is None:
        wanted = f"{act}-{day}"
    else:
        wanted = derived_id(beginning.about, f"-{act}-{day}")
    taken, number, found = beginning.ruleset.issued, 2, wanted
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def _kind(act: DraftAct, about: Instrument | None) -> str:
    """As the office's own acts are: of the kind of what they act on, and a freeze's an order."""
    if act in _AS_ITS_OBJECT and about is not None:
        return "order" if about.kind == "freeze" else about.kind
    return _KINDS.get(act, act)


def _title(act: DraftAct, about: Instrument | None) -> dict[str, str]:
    if about is None or act not in _TITLES:
        return {"en": "", "fr": ""}
    en, fr = _TITLES[act]
    title: Bilingual = about.title
    return {"en": en.format(en=title.en), "fr": fr.format(fr=title.fr)}


def issuers_for(act: DraftAct, beginning: Beginning) -> tuple[str, ...]:
    """The offices that may do an act to the order that the draft is about."""
    about = beginning.about
    if about is None:
        return ()
    changers = Changers(beginning.ruleset, beginning.now)
    may = changers.of(about.id)
    match act:
        case "stay" | "decline" | "vacate":
            return may.stay
        case "lift":
            return (about.issuer, *may.stay)
        case "request" | "waive" | "renew":
            return (about.issuer, *may.waive)
        case "find" | "judge" | "confirm":
            return changers.judges(about.id)
        case _:
            return (about.issuer,)


def _issuer(act: DraftAct, beginning: Beginning) -> str:
    return next(iter(issuers_for(act, beginning)), "")


def _clauses(act: DraftAct, beginning: Beginning) -> dict[str, Any]:
    if act == "supersede" and beginning.about is not None:
        return {c.id: clause_form(c, beginning.zone) for c in beginning.about.clauses}
    if act == "memo":
        return {}
    permits = act in {"authorisation", "agreement", "terms"}
    clause: dict[str, Any] = {
        "words": "",
        "chosen_by": beginning.by,
        "modality": "permit" if permits else "prohibit",
        "targets": [{}],
        "scope": {},
    }
    return {"one": clause | ({"in_flight": "cut"} if act == "freeze" else {})}


def _listed(field: str) -> Callable[[Beginning, Instrument], dict[str, Any]]:
    def listed(_: Beginning, about: Instrument) -> dict[str, Any]:
        return {field: [about.id]}

    return listed


def _each(field: str, **more: Any) -> Callable[[Beginning, Instrument], dict[str, Any]]:
    def each(_: Beginning, about: Instrument) -> dict[str, Any]:
        return {field: [{"instruments": [about.id], **more}]}

    return each


def _amends(beginning: Beginning, about: Instrument) -> dict[str, Any]:
    first = next(iter(about.clauses), None)
    if first is None:
        return {"amends": [{"instruments": [about.id], "clause": ""}]}
    becomes = clause_form(first, beginning.zone)
    return {"amends": [{"instruments": [about.id], "clause": first.id, "becomes": becomes}]}


def _signs(beginning: Beginning, about: Instrument) -> dict[str, Any]:
    """Each clause with several readings as it reads, and signed."""
    several = [clause for clause in about.clauses if len(clause.readings) > 1] or about.clauses
    return {
        "amends": [
            {
                "instruments": [about.id],
                "clause": clause.id,
                "becomes": clause_form(clause, beginning.zone)
                | {"signed_by_counsel": True, "chosen_by": beginning.by},
            }
            for clause in several
        ]
    }


def _renews(beginning: Beginning, about: Instrument) -> dict[str, Any]:
    """The waivers of the instrument once more, their ends left to be said."""
    return {
        "waives": [
            {
                "instruments": list(act.instruments),
                "parties": list(act.parties),
                "services": list(act.services),
                "routes": list(act.routes),
                "purposes": list(act.purposes),
                "conditions": act.conditions,
                "plan": act.plan,
                "approver": act.approver,
            }
            | ({} if act.until is None else {"since": written(act.until, beginning.zone)})
            for act in about.acts
            if isinstance(act, Waive)
        ]
    }


_FIELDS: Mapping[DraftAct, Callable[[Beginning, Instrument], dict[str, Any]]] = {
    "stay": _each("stays"),
    "decline": _listed("declines"),
    "lift": _each("lifts"),
    "vacate": _each("vacates"),
    "amend": _amends,
    "sign": _signs,
    "supersede": _listed("supersedes"),
    "rescind": _listed("rescinds"),
    "request": _each("waives", requested=True),
    "waive": _each("waives"),
    "renew": _renews,
    "delegate": _each("delegates", to=""),
    "find": _each("finds", result="stands"),
    "judge": _each("judges", service="", result="existing"),
    "confirm": _listed("confirms"),
}
