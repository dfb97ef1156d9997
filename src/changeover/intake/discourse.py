"""What a reader of the document knows by now: who was last spoken of, who relays, who issues."""

from dataclasses import dataclass, field
from datetime import date

from changeover.directory.model import Directory
from changeover.intake.times import Time


@dataclass
class Discourse:
    """Grows while one document is read, sentence by sentence.

    `formal` is set for a text in the issuer's own voice, whose `issuer` and
    addressed `parties` come from its head. `dated_at` is where the document's own date
    stands. `relays` are names found in the place of those who report, and `relay` the
    last of them. `vendor` was last named, `vendors` last named together. `offices` are
    those named so far.
    """

    directory: Directory
    dated: date | None = None
    dated_at: int | None = None
    formal: bool = False
    issuer: str | None = None
    addressed: tuple[str, ...] = ()
    vendor: str | None = None
    vendors: tuple[str, ...] = ()
    party: str | None = None
    actor: str | None = None
    service: str | None = None
    relay: str | None = None
    relays: set[str] = field(default_factory=set)
    offices: dict[str, None] = field(default_factory=dict)

    def is_own_date(self, time: Time) -> bool:
        """Whether a time is the document's own date, where the document gives it."""
        return self.dated_at is not None and time.start <= self.dated_at < time.end

    def party_of(self, actor: str | None) -> str | None:
        """The party itself, or the party whose office an issuer is."""
        if actor is None or actor in self.directory.parties:
            return actor
        issuer = self.directory.issuers.get(actor)
        return issuer.party if issuer else None

    def speaker(self, *, binding: bool) -> str | None:
        """Who does what a text in its own voice tells, where nobody is named.

        A court binds nobody by itself: what binds is the act of the office before it, where
        one only is named that it may act on.
        """
        issuer = self.directory.issuers.get(self.issuer or "")
        if issuer is None or issuer.binds or not binding:
            return self.issuer
        before = [office for office in self.offices if office in issuer.may_act_on]
        return before[0] if len(before) == 1 else self.issuer

    def reached_before(self, court: str | None) -> tuple[str, ...]:
        """Whom the one office named so far binds on whose acts a court may act."""
        issuer = self.directory.issuers.get(court or "")
        if issuer is None or issuer.binds:
            return ()
        before = [office for office in self.offices if office in issuer.may_act_on]
        binding = [self.directory.issuers[office] for office in before]
        return binding[0].binds if len(binding) == 1 else ()

    def office_of(self, party: str) -> str | None:
        """The one issuer that binds the party by name, where there is exactly one."""
        offices = [i.id for i in self.directory.issuers.values() if party in i.binds]
        return offices[0] if len(offices) == 1 else None

    def regulators_of(self, party: str) -> tuple[str, ...]:
        found = self.directory.parties.get(party)
        if found is None:
            return ()
        return tuple(r.to for r in found.relations if r.kind == "regulated-by")

    def within(self, party: str, above: str) -> bool:
        """Whether `party` is `above` or a part of it."""
        current: str | None = party
        seen: set[str] = set()
        while current is not None and current not in seen:
            if current == above:
                return True
            seen.add(current)
            entry = self.directory.parties.get(current)
            current = entry.part_of if entry else None
        return False
