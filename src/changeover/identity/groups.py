"""Which groups of the organisation open Changeover: to what party, in which roles.

The operator declares it in a file; nothing is derived from a group's name. Rules:

1. A group counts by its name, exactly as the provider or provisioning gives it.
2. An account belongs to one party: that of the first rule, in the file's order, that one of
   the person's groups fits and whose party is on record. Its roles are those of all rules
   for that party that fit; rules for other parties add nothing.
3. Where no rule fits, nothing opens.
"""

from collections.abc import Collection, Iterable

import msgspec

from changeover.basics.shapes import shape
from changeover.basics.yaml_source import Problem, SourceError, read_yaml
from changeover.identity.people import Role

MOST_GROUPS = 2_000


class GroupRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the file: who is in this group gets these roles in this party."""

    group: str
    party: str
    roles: tuple[Role, ...]


class Grant(msgspec.Struct, frozen=True):
    """What a person's groups open."""

    party: str
    roles: tuple[Role, ...]


class GroupRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: its rules in order."""

    groups: tuple[GroupRule, ...] = ()

    def grant(self, groups: Iterable[str], parties: Collection[str]) -> Grant | None:
        """What these groups open, among the parties on record; None for nothing."""
        held = frozenset(groups)
        fitting = [each for each in self.groups if each.group in held and each.party in parties]
        if not fitting:
            return None
        party = fitting[0].party
        roles = [role for each in fitting if each.party == party for role in each.roles]
        return Grant(party, tuple(dict.fromkeys(roles)))


def read_groups(name: str, text: str) -> GroupRules:
    """The rules that a file's text holds; `SourceError` with every mistake and its line."""
    source = read_yaml(name, text)
    problems: list[Problem] = []
    rules = shape(source, (), source.value, GroupRules, problems)
    if rules is not None:
        for number, rule in enumerate(rules.groups):
            if not rule.roles:
                path = ("groups", number, "roles")
                problems.append(source.problem(path, "The group gives no role.", "Name one."))
    if rules is None or problems:
        raise SourceError(problems)
    return rules
