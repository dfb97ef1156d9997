"""An ODRL policy as the form of an instrument, as people would write it in YAML.

A rule becomes a clause only as a whole. A rule of which any part has no place in a
clause (another action than use, a constraint that is not ours to decide by, a name
that the directory lacks, a remedy) is left to a person: without that part, a
permission would permit more than was written, and a prohibition forbid more. Each
is told, with why.

What a duty asks before a permission holds is a clause that requires, where it is to
`assure` something of a route; any other duty leaves its permission to a person.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from changeover.directory.model import Directory
from changeover.intake.odrl.model import PROFILE, Asset, Constraint, Policy, Rule
from changeover.intake.odrl.names import Kind, Names, last_segment

_MODALITIES = {"permission": "permit", "prohibition": "prohibit", "obligation": "require"}
_USES = frozenset({"use"})
_ANY_OF = frozenset({"eq", "isAnyOf", "isA", "isPartOf"})
_ALL_OF = frozenset({"eq", "isAllOf", "isA"})
_SINCE = frozenset({"gteq"})
_UNTIL = frozenset({"lt"})

_SCOPES: dict[str, tuple[str, Kind | None]] = {
    "purpose": ("purposes", None),
    "regulated": ("regulated", "party"),
    "contract": ("contracts", None),
    "network": ("networks", "network"),
    "service": ("services", "service"),
    "dataClass": ("data_classes", None),
    "attribute": ("attributes", None),
}
_LINEAGE: dict[str, tuple[str, Kind]] = {
    "maker": ("makers", "vendor"),
    "model": ("models", "model"),
    "host": ("hosts", "vendor"),
    "reseller": ("resellers", "vendor"),
    "route": ("routes", "route"),
}


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, or a part of the policy, that is not in the form, and why; `words` are its own."""

    rule: str
    words: str
    why: str


class Translated(msgspec.Struct, frozen=True, kw_only=True):
    """The form of the instrument, and what of the policy is left to a person."""

    form: dict[str, Any]
    left_out: tuple[LeftOut, ...]


class _Unfit(Exception):  # noqa: N818 - it says that a rule has no place in a clause, no more
    """Why a rule cannot be a clause."""


def to_form(
    policy: Policy, directory: Directory, *, issuer: str | None, instrument: str, chosen_by: str
) -> Translated:
    """The policy as the form of an instrument with the id `instrument`.

    `issuer` stands where the policy names none that the directory knows; then it may be
    missing from the form. `chosen_by` is who takes these readings for what they say.
    """
    translator = _Translator(directory, chosen_by)
    clauses: dict[str, Any] = {}
    for number, rule in enumerate(policy.rules, 1):
        translator.rule(clauses, rule, _clause_id(rule, number))
    titles = dict(policy.titles)
    title = titles.get("en") or titles.get("") or titles.get("fr") or last_segment(policy.iri)
    assigners = {name for rule in policy.rules for name in rule.assigners}
    form: dict[str, Any] = {
        "id": instrument,
        "kind": "agreement" if policy.kind == "Agreement" else "terms",
        "issuer": _issuer(translator.names, directory, assigners) or issuer,
        "title": {"en": title, "fr": titles.get("fr") or title},
        "published": policy.issued or None,
        "effective": policy.effective or None,
        "clauses": clauses,
        "supersedes": [last_segment(name) for name in policy.replaces],
    }
    left_out = [*translator.left_out, *_of_the_policy(policy)]
    return Translated(
        form={name: value for name, value in form.items() if value not in (None, [], {})},
        left_out=tuple(left_out),
    )


def _issuer(names: Names, directory: Directory, assigners: set[str]) -> str | None:
    """The vendor's office that the policy is of; None where it does not say one."""
    found = {names.find("issuer", said) for said in assigners}
    vendors = {names.find("vendor", said) for said in assigners}
    found |= {i.id for i in directory.issuers.values() if i.vendor and i.vendor in vendors}
    found.discard(None)
    return next(iter(found)) if len(found) == 1 else None


def _of_the_policy(policy: Policy) -> Iterator[LeftOut]:
    for name in policy.untold:
        yield LeftOut(rule=policy.iri, words="", why=f"The policy's {name} has no place here.")
    if policy.conflict not in ("", "prohibit"):
        why = f"The policy settles conflicts by “{policy.conflict}”; here a prohibition wins."
        yield LeftOut(rule=policy.iri, words="", why=why)


def _clause_id(rule: Rule, number: int) -> str:
    own = last_segment(rule.iri) if rule.iri else ""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in own)
    return plain.strip("-._") or f"{rule.kind}-{number}"


class _Translator:
    """Makes clauses of rules, and keeps what it could not."""

    def __init__(self, directory: Directory, chosen_by: str) -> None:
        self.names = Names(directory)
        self.chosen_by = chosen_by
        self.left_out: list[LeftOut] = []

    def rule(self, clauses: dict[str, Any], rule: Rule, name: str) -> None:
        """Adds the rule's clauses, with those of its duties, or says why there are none."""
        try:
            made = {name: self.clause(rule)}
            for number, duty in enumerate(rule.duties, 1):
                asked = msgspec.structs.replace(
                    duty,
                    targets=duty.targets or rule.targets,
                    assignees=rule.assignees,
                    constraints=(*rule.constraints, *duty.constraints),
                )
                made[f"{name}-duty-{number}"] = self.clause(asked)
        except _Unfit as unfit:
            self.left_out.append(LeftOut(rule=rule.iri or name, words=rule.words, why=str(unfit)))
            return
        for own, clause in made.items():
            unique, count = own, 2
            while unique in clauses:
                unique, count = f"{own}-{count}", count + 1
            clauses[unique] = clause

    def clause(self, rule: Rule) -> dict[str, Any]:
        if rule.untold:
            raise _Unfit(f"Its {', '.join(rule.untold)} has no place in a clause.")
        clause: dict[str, Any] = {
            "words": rule.words or f"ODRL {rule.kind} {rule.iri}".strip(),
            "chosen_by": self.chosen_by,
            "modality": _MODALITIES[rule.kind],
            "targets": [self.target(asset) for asset in rule.targets],
            "scope": {},
        }
        if not rule.targets:
            raise _Unfit("It names no target.")
        if rule.kind == "obligation":
            clause["requirements"] = self.requirements(rule)
        elif not _USES.issuperset(rule.actions) or rule.action_refinements or not rule.actions:
            raise _Unfit(f"Its action is {', '.join(rule.actions) or 'missing'}, not a plain use.")
        if rule.assignees:
            clause["scope"]["parties"] = [self.known("party", said) for said in rule.assignees]
        for constraint in rule.constraints:
            self.constrain(clause, constraint)
        return clause

    def requirements(self, rule: Rule) -> list[str]:
        """What a duty to `assure` asks for."""
        wanted = [c for c in rule.action_refinements if c.left == "assurance"]
        if rule.actions != ("assure",) or len(wanted) != len(rule.action_refinements):
            raise _Unfit(
                f"It is a duty to {', '.join(rule.actions) or 'do something'}, "
                "which no route is asked for."
            )
        if not wanted or any(c.operator not in _ALL_OF for c in wanted):
            raise _Unfit("It does not say what is to be assured.")
        return sorted({name for c in wanted for name in c.right})

    def target(self, asset: Asset) -> dict[str, list[str]]:
        if not asset.refinements:
            return self.single(asset.iri)
        found: dict[str, list[str]] = {}
        for refinement in asset.refinements:
            field, kind = _LINEAGE.get(refinement.left, (None, None))
            if field is None or kind is None or refinement.operator not in _ANY_OF:
                raise _Unfit(f"Its target is refined by {refinement.left or 'nothing known'}.")
            if field in found:
                raise _Unfit(f"Its target is refined by {refinement.left} twice.")
            found[field] = [self.known(kind, said) for said in refinement.right]
        return found

    def single(self, iri: str) -> dict[str, list[str]]:
        """A target that is one thing: a model, a route, or all that a vendor makes."""
        places: tuple[tuple[Kind, str], ...] = (
            ("route", "routes"),
            ("model", "models"),
            ("vendor", "makers"),
        )
        for kind, field in places:
            found = self.names.find(kind, iri)
            if found is not None:
                return {field: [found]}
        raise _Unfit(f"Its target {iri or 'without a name'} is not in the directory.")

    def known(self, kind: Kind, said: str) -> str:
        found = self.names.find(kind, said)
        if found is None:
            raise _Unfit(f"The directory has no {kind} {last_segment(said)!r}.")
        return found

    def constrain(self, clause: dict[str, Any], constraint: Constraint) -> None:
        """Adds what a constraint asks to the clause's scope or window."""
        if constraint.left == "dateTime":
            self.time(clause, constraint)
            return
        field, kind = _SCOPES.get(constraint.left, (None, None))
        operators = _ALL_OF if field == "attributes" else _ANY_OF
        if field is None or constraint.operator not in operators:
            raise _Unfit(
                f"Its constraint {constraint.left} {constraint.operator}".rstrip()
                + " has no place in a clause."
            )
        if field in clause["scope"]:
            raise _Unfit(f"It is constrained by {constraint.left} twice.")
        clause["scope"][field] = [
            self.named(said) if kind is None else self.known(kind, said)
            for said in constraint.right
        ]

    def named(self, said: str) -> str:
        return last_segment(said) if "://" in said or said.startswith(PROFILE) else said

    def time(self, clause: dict[str, Any], constraint: Constraint) -> None:
        place = "since" if constraint.operator in _SINCE else "until"
        if constraint.operator not in _SINCE | _UNTIL or len(constraint.right) != 1:
            raise _Unfit(
                f"Its times are given by “{constraint.operator}”: a clause begins at an "
                "instant and ends before one."
            )
        if place in clause:
            raise _Unfit("It begins or ends twice.")
        clause[place] = constraint.right[0]
