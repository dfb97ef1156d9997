"""Answers under idempotency keys, in memory."""

from changeover.gateway.once import Claim, Claimed


class FakeKeptAnswers:
    """Implements `gateway.once.KeptAnswers`; `living` are other processes that are at work."""

    def __init__(self, *living: str) -> None:
        self.rows: dict[tuple[str, str], tuple[Claim, bytes | None, int]] = {}
        self._living = {*living}

    def claim(self, claim: Claim) -> Claimed:
        place = (claim.caller, claim.name)
        held, sealed, until = self.rows.get(place, (claim, None, 0))
        if until > claim.now:
            if held.asked != claim.asked:
                return Claimed("another-request")
            if sealed is not None:
                return Claimed("kept", sealed)
            if held.start in self._living | {claim.start}:
                return Claimed("under-way")
        self.rows[place] = (claim, None, claim.until)
        return Claimed("yours")

    def keep(self, claim: Claim, sealed: bytes, until: int) -> None:
        if self._holds(claim):
            self.rows[claim.caller, claim.name] = (claim, sealed, until)

    def release(self, claim: Claim) -> None:
        if self._holds(claim):
            del self.rows[claim.caller, claim.name]

    def forget(self, now: int) -> None:
        self.rows = {place: row for place, row in self.rows.items() if row[2] > now}

    def _holds(self, claim: Claim) -> bool:
        row = self.rows.get((claim.caller, claim.name))
        return row is not None and row[0] == claim and row[1] is None
