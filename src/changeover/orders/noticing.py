"""What a person is told about orders now, and that they have read it."""

from collections.abc import Callable, Mapping

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.basics.text import Bilingual
from changeover.orders.notice import SLOT, Notice, Reader, notices, services_for
from changeover.orders.ports import Works
from changeover.orders.ruleset import Ruleset
from changeover.orders.turnovers import Turnover, turnovers
from changeover.orders.usecases import Office


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Notices under one version of the rules.

    `next_in` is how many seconds until the next of them comes into force by the
    clock; None where none will.
    """

    ruleset: str
    notices: tuple[Notice, ...]
    next_in: float | None = None


class NoticeOffice:
    """Tells people, and keeps what they acknowledged. Safe to call from any thread.

    `messages` gives what officers wrote to staff beside an order's notices, by its id; it
    is asked once for each ruleset.
    """

    def __init__(
        self,
        works: Works,
        office: Office,
        clock: Clock,
        messages: Callable[[], Mapping[str, Bilingual]] = dict,
    ) -> None:
        self._works = works
        self._office = office
        self._clock = clock
        self._messages = messages
        self._turned: tuple[Ruleset, dict[str, tuple[Turnover, ...]]] | None = None
        self._said: Mapping[str, Bilingual] = {}

    def of(self, reader: Reader) -> Told:
        """What the person is told now; nothing before a directory is recorded."""
        if not self._office.rules.ready:
            return Told(ruleset="", notices=())
        ruleset, now = self._office.rules.current, self._clock.now()
        with self._works.reading() as work:
            acknowledged = work.acknowledgements.of(reader.account)
        found = tuple(
            msgspec.structs.replace(notice, message=self._said.get(notice.order.id))
            for notice in notices(
                ruleset, self._turnovers(ruleset, reader.party), reader, now, acknowledged
            )
        )
        ahead = [n.effective - now for n in found if not n.in_force]
        return Told(
            ruleset=ruleset.version,
            notices=found,
            next_in=min(ahead).total_seconds() if ahead else None,
        )

    def acknowledge(self, reader: Reader, notice: str) -> None:
        """Notes that the person read a notice; `NotFoundError` for one they are not told."""
        if notice not in {told.id for told in self.of(reader).notices}:
            raise NotFoundError(
                f"There is no notice {notice!r} for you.",
                means="It is not yours, or it is no longer told.",
            )
        with self._works.begin() as work:
            work.acknowledgements.add(reader.account, notice, self._clock.now())

    def _turnovers(self, ruleset: Ruleset, party: str) -> list[Turnover]:
        """Those of the services that the party uses; worked out once for each ruleset."""
        turned = self._turned
        if turned is None or turned[0] is not ruleset:
            self._said = self._messages()
            self._turned = turned = (ruleset, {})
        known = turned[1]
        found: list[Turnover] = []
        for service in services_for(ruleset.directory, party):
            if service.id not in known:
                known[service.id] = turnovers(ruleset, service.id, SLOT)
            found += known[service.id]
        return found
