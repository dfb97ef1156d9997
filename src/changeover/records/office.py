"""Retention rules and legal holds as officers set them. Each is a paper: every version is kept,
told to the ledger by its digest, and can be undone.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.basics.nearest import advice
from changeover.directory.model import Directory
from changeover.orders.in_force import Rules
from changeover.orders.model import Issued
from changeover.orders.papers import Folder, Kept, Writer
from changeover.orders.ports import Works
from changeover.orders.ruleset import Ruleset
from changeover.records.model import (
    LONGEST_DAYS,
    LONGEST_NAME,
    LONGEST_WHY,
    LegalHold,
    RetentionRule,
    holding,
    rule_for,
)

PROPOSED_FOR = timedelta(days=60)
"""How long an order that was recorded proposes a hold."""


class ProposedHold(msgspec.Struct, frozen=True, kw_only=True):
    """An order that bars something, and the parties that a hold because of it would reach."""

    issued: Issued
    parties: tuple[str, ...]


class RecordsOffice:
    """What is kept, and for how long."""

    def __init__(self, works: Works, rules: Rules, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._retention = Folder(works, clock, "retention", RetentionRule)
        self._holds = Folder(works, clock, "legal-hold", LegalHold)

    def rules(self) -> list[Kept[RetentionRule]]:
        """The rules that stand, one for each party that has one; a paper's id is its party."""
        return self._retention.all()

    def set_rule(self, rule: RetentionRule, by: Writer, *, seen: int) -> Kept[RetentionRule]:
        """Sets a party's rule; `InvalidInputError`, `OvertakenError`.

        `seen` is the version that stood when it was written, 0 where no rule did.
        """
        _check_parties(self._directory, (rule.party,))
        if rule.days is not None and not 1 <= rule.days <= LONGEST_DAYS:
            raise InvalidInputError(
                f"Conversations are kept for 1 to {LONGEST_DAYS} days, and not for {rule.days}.",
                means="The rule was not changed.",
            )
        gone = (kept for kept in self._retention.every() if kept.value is None)
        versions = {kept.id: kept.version for kept in gone}
        return self._retention.write(rule.party, rule, by, seen=seen or versions.get(rule.party, 0))

    def remove_rule(self, party: str, by: Writer, *, seen: int) -> None:
        """Takes a party's rule away: that of the next above counts; raises as `Folder.write`."""
        self._retention.remove(party, by, seen=seen)

    def holds(self) -> list[Kept[LegalHold]]:
        """All holds, also those that ended, and what was declined; the earliest first."""
        return self._holds.all()

    def hold(self, wanted: LegalHold, by: Writer) -> Kept[LegalHold]:
        """Begins a hold, or declines one for an order; `InvalidInputError`, `ConflictError`."""
        if wanted.state == "ended":
            raise InvalidInputError("A hold begins before it ends.")
        if not 0 < len(wanted.name.strip()) <= LONGEST_NAME:
            raise InvalidInputError(
                f"A hold's name has 1 to {LONGEST_NAME} characters.", means="Nothing was changed."
            )
        _check_reason(wanted.why)
        if wanted.order is not None and wanted.order not in self._rules.current.issued:
            raise InvalidInputError(f"There is no order {wanted.order!r} on record.")
        if wanted.state == "held":
            if not wanted.parties:
                raise InvalidInputError(
                    "A hold names at least one party.",
                    do="Name the organisation itself to hold all of it.",
                )
            _check_parties(self._directory, wanted.parties)
        return self._holds.begin(wanted, by)

    def end(self, hold: str, why: str, by: Writer, *, seen: int) -> Kept[LegalHold]:
        """Ends a hold; what it kept goes by the rules again. `NotFoundError`, `ConflictError`."""
        _check_reason(why)
        standing = self._standing(hold, ended=False)
        ended = msgspec.structs.replace(standing, state="ended", ended_why=why.strip())
        return self._holds.write(hold, ended, by, seen=seen)

    def resume(self, hold: str, by: Writer, *, seen: int) -> Kept[LegalHold]:
        """Takes an end back; `NotFoundError`, `ConflictError`."""
        ended = self._standing(hold, ended=True)
        resumed = msgspec.structs.replace(ended, state="held", ended_why="")
        return self._holds.write(hold, resumed, by, seen=seen)

    def proposed(self) -> list[ProposedHold]:
        """The orders of late that bar something, for which nobody has begun or declined a hold."""
        ruleset, now = self._rules.current, self._clock.now()
        answered = {kept.value.order for kept in self.holds() if kept.value is not None}
        return [
            ProposedHold(issued=issued, parties=parties)
            for issued in ruleset.issued.values()
            if issued.instrument.id not in answered
            and now - issued.recorded <= PROPOSED_FOR
            and (parties := _barred_for(ruleset, issued))
        ]

    # What the chat asks (`chat.removing.Keeping`). Each may block.

    def held(self, party: str) -> bool:
        """Whether a hold reaches the party: then nothing of its people may be removed."""
        holds = [kept.value for kept in self.holds() if kept.value is not None]
        return bool(holding(holds, self._directory, party))

    def rule(self, party: str) -> RetentionRule | None:
        """The rule that counts for the party."""
        rules = [kept.value for kept in self.rules() if kept.value is not None]
        return rule_for(rules, self._directory, party)

    def days(self, party: str) -> int | None:
        """After how many days without change a conversation is removed; None: not by time."""
        rule = self.rule(party)
        return None if rule is None else rule.days

    def staff_may_remove(self, party: str) -> bool:
        """Whether the party's people may remove their own conversations."""
        rule = self.rule(party)
        return rule is None or rule.staff_may_remove

    @property
    def _directory(self) -> Directory:
        return self._rules.current.directory

    def _standing(self, hold: str, *, ended: bool) -> LegalHold:
        found = self._holds.get(hold).value
        if found is None or found.state != ("ended" if ended else "held"):
            raise ConflictError(
                f"The hold {hold} has not ended." if ended else f"The hold {hold} does not stand.",
                means="Nothing was changed.",
                do="Load the page again to see how it stands.",
            )
        return found


def _barred_for(ruleset: Ruleset, issued: Issued) -> tuple[str, ...]:
    """The parties for which the instrument prohibits something; none where it does not."""
    directory = ruleset.directory
    found: set[str] = set()
    issuer = directory.issuers.get(issued.instrument.issuer)
    for clause in issued.instrument.clauses:
        reading = clause.reading()
        if reading.modality == "prohibit":
            bound = () if issuer is None else issuer.binds
            found.update(reading.scope.parties or bound)
    return tuple(sorted(found & directory.parties.keys()))


def _check_parties(directory: Directory, parties: Sequence[str]) -> None:
    for party in parties:
        if party not in directory.parties:
            raise InvalidInputError(
                f"There is no party {party!r} in the directory.",
                means="Nothing was changed.",
                do=advice(party, directory.parties),
            )


def _check_reason(text: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST_WHY:
        raise InvalidInputError(
            f"A reason has 1 to {LONGEST_WHY} characters.", means="Nothing was changed."
        )
