"""What of an ODRL 2.2 policy is read, and the vocabulary of Changeover's own profile.

Source: ODRL Information Model 2.2 and ODRL Vocabulary & Expression 2.2, W3C
Recommendations of 15 February 2018. The model is a policy of rules (permission,
prohibition, obligation); a rule has an action, a target, parties in functions, and
constraints; what stands at the policy counts for each of its rules (section 2.7.1).
"""

from typing import Literal

import msgspec

ODRL = "http://www.w3.org/ns/odrl/2/"
CONTEXT = "http://www.w3.org/ns/odrl.jsonld"
PROFILE = "urn:changeover:odrl:"
"""Changeover's own operands and the action `assure`; the rest is ODRL's."""

Deontic = Literal["permission", "prohibition", "obligation"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of these values."""


class Constraint(_Value, frozen=True, kw_only=True):
    """`left` and `operator` are local names where they are ODRL's or the profile's, else IRIs."""

    left: str
    operator: str
    right: tuple[str, ...]


class Asset(_Value, frozen=True, kw_only=True):
    """A target: its IRI (empty where it has none), and what refines a collection of assets."""

    iri: str = ""
    refinements: tuple[Constraint, ...] = ()


class Rule(_Value, frozen=True, kw_only=True):
    """A rule with what it has of its policy. `untold` are properties that are not read."""

    kind: Deontic
    iri: str
    actions: tuple[str, ...]
    action_refinements: tuple[Constraint, ...] = ()
    targets: tuple[Asset, ...] = ()
    assigners: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    duties: tuple["Rule", ...] = ()
    words: str = ""
    untold: tuple[str, ...] = ()


class Policy(_Value, frozen=True, kw_only=True):
    """A policy with its rules. `kind` is `Offer`, `Agreement`, `Set` or another class's name."""

    iri: str
    kind: str
    rules: tuple[Rule, ...]
    titles: tuple[tuple[str, str], ...] = ()
    issued: str = ""
    effective: str = ""
    replaces: tuple[str, ...] = ()
    conflict: str = ""
    untold: tuple[str, ...] = ()
