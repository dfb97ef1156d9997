"""Terms and agreements on record written as ODRL 2.2, in JSON-LD.

A clause becomes a permission, a prohibition or, where it requires, an obligation to
`assure` what it asks for, under the reading that was chosen. Its targets are
collections of models, refined by lineage; whom it names is an assignee, purposes and
times are ODRL's own constraints, the rest operands of the profile. What ODRL cannot
say is told, and not left out unsaid: readings that were rejected, time to wind down,
what else an instrument does to others.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from changeover.intake.odrl.model import CONTEXT, PROFILE
from changeover.intake.odrl.names import urn
from changeover.orders.model import Clause, Instrument, Reading, Scope, Supersede, Target

_KINDS = {"permit": "permission", "prohibit": "prohibition", "require": "obligation"}
_TYPES = {"agreement": "Agreement", "terms": "Offer"}
_OPERANDS = {
    "regulated": "changeover:regulated",
    "contracts": "changeover:contract",
    "networks": "changeover:network",
    "services": "changeover:service",
    "purposes": "purpose",
    "data_classes": "changeover:dataClass",
    "attributes": "changeover:attribute",
}
_TARGETS = {
    "makers": "changeover:maker",
    "models": "changeover:model",
    "hosts": "changeover:host",
    "resellers": "changeover:reseller",
    "routes": "changeover:route",
}


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The policy, as JSON-LD, and what of the instrument it does not say."""

    policy: dict[str, Any]
    untold: tuple[str, ...]


def write_odrl(instrument: Instrument) -> Written:
    """The instrument as a policy."""
    policy: dict[str, Any] = {
        "@context": [
            CONTEXT,
            {"dcterms": "http://purl.org/dc/terms/", "changeover": PROFILE},
        ],
        "@type": _TYPES.get(instrument.kind, "Set"),
        "uid": urn("instrument", instrument.id),
        "profile": PROFILE,
        "conflict": "prohibit",
        "assigner": urn("issuer", instrument.issuer),
        "dcterms:title": [
            {"@value": instrument.title.en, "@language": "en"},
            {"@value": instrument.title.fr, "@language": "fr"},
        ],
    }
    replaced = [
        urn("instrument", name)
        for act in instrument.acts
        if isinstance(act, Supersede)
        for name in act.instruments
    ]
    optional = {
        "dcterms:issued": _instant(instrument.published),
        "changeover:effective": _instant(instrument.effective),
        "dcterms:replaces": [{"@id": name} for name in replaced] or None,
    }
    policy |= {name: value for name, value in optional.items() if value is not None}
    for clause in instrument.clauses:
        reading = clause.reading()
        policy.setdefault(_KINDS[reading.modality], []).append(_rule(instrument, clause, reading))
    return Written(policy=policy, untold=tuple(_untold(instrument)))


def _rule(instrument: Instrument, clause: Clause, reading: Reading) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "uid": f"{urn('instrument', instrument.id)}:{clause.id}",
        "dcterms:description": clause.words,
        "action": _action(reading),
        "target": [_asset(target) for target in reading.targets],
    }
    if reading.scope.parties:
        rule["assignee"] = [urn("party", party) for party in reading.scope.parties]
    constraints = [*_constraints(reading.scope), *_times(reading)]
    if constraints:
        rule["constraint"] = constraints
    return rule


def _action(reading: Reading) -> Any:
    if reading.modality != "require":
        return "use"
    return {
        "rdf:value": {"@id": PROFILE + "assure"},
        "refinement": [_constraint("changeover:assurance", "isAllOf", reading.requirements)],
    }


def _asset(target: Target) -> dict[str, Any]:
    refinements = [
        _constraint(operand, "isAnyOf", getattr(target, field))
        for field, operand in _TARGETS.items()
        if getattr(target, field)
    ]
    return {
        "@type": "AssetCollection",
        "source": urn("models", "all"),
        "refinement": refinements,
    }


def _constraints(scope: Scope) -> Iterator[dict[str, Any]]:
    for field, operand in _OPERANDS.items():
        named = getattr(scope, field)
        if named:
            yield _constraint(operand, "isAllOf" if field == "attributes" else "isAnyOf", named)


def _times(reading: Reading) -> Iterator[dict[str, Any]]:
    until = None if reading.until is None else reading.until.at
    for operator, instant in (("gteq", reading.since), ("lt", until)):
        if instant is not None:
            yield {
                "leftOperand": "dateTime",
                "operator": operator,
                "rightOperand": {"@value": _instant(instant), "@type": "xsd:dateTime"},
            }


def _constraint(left: str, operator: str, right: Iterable[str]) -> dict[str, Any]:
    return {"leftOperand": left, "operator": operator, "rightOperand": list(right)}


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _untold(instrument: Instrument) -> Iterator[str]:
    others = [act for act in instrument.acts if not isinstance(act, Supersede)]
    told: Mapping[str, bool] = {
        "what it does to other orders, but for superseding them": bool(others),
        "the models that it binds services to": bool(instrument.rebindings),
        "where its text was found": bool(instrument.sources),
        "to whom it was served": bool(instrument.served),
    }
    yield from (what for what, is_so in told.items() if is_so)
    for clause in instrument.clauses:
        reading = clause.reading()
        if len(clause.readings) > 1:
            yield f"the readings of {clause.id} that were rejected"
        if reading.wind_down is not None:
            yield f"the time to wind down of {clause.id}"
        if reading.in_flight == "cut":
            yield f"that {clause.id} cuts answers on their way"
        if reading.until is not None and reading.until.period is not None:
            yield f"how the end of {clause.id} was counted"
