"""Glossaries of parties: proposed by anybody in one, used once an administrator has approved them.

1. A glossary is a party's, from one language into another, and holds for the party's parts too.
2. Who is in the party proposes one. It is used only when an administrator of the party, or of one
   that it is part of, has approved it.
3. Two approved glossaries that reach the same people never contradict each other: who would
   approve the second is told which terms stand against which, and nothing is approved.
4. Each version is a paper, told to the ledger by its digest; a removal can be undone.

A translation uses the terms that were approved when it was begun.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.directory.model import Directory
from changeover.directory.rules import ancestors, descendants
from changeover.identity.people import Account
from changeover.orders.in_force import Rules
from changeover.orders.papers import Folder, Kept, Writer
from changeover.orders.ports import Works
from changeover.translation.glossary_file import RowFault, read_glossary
from changeover.translation.model import Term
from changeover.translation.usecases import ApprovedTerms

LONGEST_NAME = 80
_TOLD = 5
"""Contradictions that are told at once."""


class Glossary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party's terms from one language into another."""

    party: str
    name: str
    source: str
    target: str
    terms: tuple[Term, ...]
    proposed_by: str
    state: Literal["proposed", "approved"] = "proposed"
    approved_by: str = ""


class Proposed(msgspec.Struct, frozen=True):
    """A proposed glossary, or everything that is wrong with its file."""

    kept: Kept[Glossary] | None
    faults: tuple[RowFault, ...] = ()


class Glossaries:
    """The glossaries of parties. Methods may block."""

    def __init__(self, works: Works, rules: Rules, clock: Clock) -> None:
        self._rules = rules
        self._folder = Folder(works, clock, "glossary", Glossary)

    def visible(self, account: Account) -> list[Kept[Glossary]]:
        """Those that reach the account's party, and those that it may approve."""
        return [kept for kept in self._folder.all() if self._sees(account, _value(kept))]

    def propose(self, account: Account, name: str, content: bytes, by: Writer) -> Proposed:
        """A new glossary of the account's party, or what is wrong with its file."""
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise InvalidInputError(
                f"A glossary's name has 1 to {LONGEST_NAME} characters.",
                means="Nothing was taken.",
            )
        read = read_glossary(content)
        if read.faults:
            return Proposed(None, read.faults)
        glossary = Glossary(
            party=account.party,
            name=name,
            source=read.source,
            target=read.target,
            terms=read.terms,
            proposed_by=by.name,
        )
        return Proposed(self._folder.begin(glossary, by))

    def approve(self, account: Account, glossary: str, by: Writer, *, seen: int) -> Kept[Glossary]:
        """Has it used from now on; `NotAuthorisedError`, and `ConflictError` if contradicted."""
        wanted = self._found(account, glossary)
        if not self.may_approve(account, wanted):
            raise NotAuthorisedError(
                "Glossaries are approved by administrators of their party.",
                means="Nothing was changed.",
                do="Ask one of them.",
            )
        self._check_contradictions(glossary, wanted)
        approved = msgspec.structs.replace(wanted, state="approved", approved_by=by.name)
        return self._folder.write(glossary, approved, by, seen=seen)

    def remove(self, account: Account, glossary: str, by: Writer, *, seen: int) -> None:
        """Takes it away: its proposer while it is proposed, an administrator always."""
        self._check_removal(account, self._found(account, glossary), by)
        self._folder.remove(glossary, by, seen=seen)

    def _check_removal(self, account: Account, glossary: Glossary, by: Writer) -> None:
        own = glossary.state == "proposed" and glossary.proposed_by == by.name
        if not own and not self.may_approve(account, glossary):
            raise NotAuthorisedError(
                "Glossaries are removed by administrators of their party.",
                means="Nothing was changed.",
                do="Ask one of them.",
            )

    def bring_back(self, account: Account, glossary: str, by: Writer) -> Kept[Glossary]:
        """Undoes a removal: it stands as a proposal again; raises as `remove`."""
        versions = self._folder.versions(glossary)
        last = [kept.value for kept in versions if kept.value is not None][-1]
        if not self._sees(account, last):
            raise NotFoundError(f"There is no glossary {glossary} that is open to you.")
        if versions[-1].value is not None:
            raise ConflictError("This glossary was not removed.", means="Nothing was changed.")
        self._check_removal(account, last, by)
        again = msgspec.structs.replace(last, state="proposed", approved_by="")
        return self._folder.write(glossary, again, by, seen=versions[-1].version)

    def terms(self, party: str, source: str, target: str) -> ApprovedTerms:
        """The approved terms that reach a party's people, from one language into another."""
        reaching = frozenset(self._above(party))
        found = [
            glossary
            for glossary in map(_value, self._folder.all())
            if glossary.state == "approved"
            and glossary.party in reaching
            and (glossary.source, glossary.target) == (source, target)
        ]
        terms = {term.source.casefold(): term for one in found for term in one.terms}
        return ApprovedTerms(tuple(terms.values()), tuple(one.name for one in found))

    def may_approve(self, account: Account, glossary: Glossary) -> bool:
        """Whether an account may have a glossary used, or not used any more."""
        return "administrator" in account.roles and account.party in self._above(glossary.party)

    def _sees(self, account: Account, glossary: Glossary) -> bool:
        reached = glossary.party in self._above(account.party)
        return reached or self.may_approve(account, glossary)

    def _found(self, account: Account, glossary: str) -> Glossary:
        kept = self._folder.get(glossary)
        if kept.value is None or not self._sees(account, kept.value):
            raise NotFoundError(f"There is no glossary {glossary} that is open to you.")
        return kept.value

    def _check_contradictions(self, glossary: str, wanted: Glossary) -> None:
        near = {*self._above(wanted.party), *_parts(self._directory, wanted.party)}
        targets = {term.source.casefold(): term for term in wanted.terms}
        against: list[str] = []
        for kept in self._folder.all():
            other = _value(kept)
            if kept.id == glossary or other.state != "approved" or other.party not in near:
                continue
            if (other.source, other.target) != (wanted.source, wanted.target):
                continue
            against += _against(targets, other)
        if against:
            told = "; ".join(against[:_TOLD])
            raise ConflictError(
                f"It contradicts what is approved, {len(against)} times: {told}.",
                means="It was not approved.",
                do="Have the same translation in both, or remove the one that is out of date.",
            )

    def _above(self, party: str) -> tuple[str, ...]:
        directory = self._directory
        return ancestors(directory, party) if party in directory.parties else (party,)

    @property
    def _directory(self) -> Directory:
        return self._rules.current.directory


def _against(mine: Mapping[str, Term], other: Glossary) -> Iterator[str]:
    """Which of its terms say otherwise."""
    for term in other.terms:
        own = mine.get(term.source.casefold())
        if own is not None and own.target.casefold() != term.target.casefold():
            yield f"“{term.source}” is “{own.target}” here and “{term.target}” in {other.name}"


def _parts(directory: Directory, party: str) -> frozenset[str]:
    return descendants(directory, party) if party in directory.parties else frozenset({party})


def _value(kept: Kept[Glossary]) -> Glossary:
    """The body of one that was not removed."""
    assert kept.value is not None
    return kept.value
