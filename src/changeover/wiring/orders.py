"""The operations on prepared orders and notices, over an installation."""

from collections.abc import Iterable

from changeover.web import drafts, notices, prepared
from changeover.web.announcing import Announcer
from changeover.web.api import Operation, Stream
from changeover.wiring.installation import Installation


def order_operations(installation: Installation) -> list[Operation | Stream]:
    """What officers do with prepared orders, and what everybody is told of orders."""
    concerned = _Concerned(installation)
    parts = prepared.PreparedParts(
        proposals=installation.proposals,
        office=installation.office,
        enforced=installation.enforcer.of,
        people=concerned.people,
        conversations=concerned.conversations,
    )
    drafting = drafts.DraftParts(
        drafts=installation.drafts,
        office=installation.office,
        intake=installation.intake,
        clock=installation.clock,
        people=concerned.people,
        conversations=concerned.conversations,
        demonstration=installation.demonstration,
    )
    announcer = Announcer(installation.office.rules)
    return [
        *prepared.operations(parts),
        *drafts.operations(drafting),
        *notices.operations(installation.notices, announcer),
    ]


class _Concerned:
    """Counts whom a change concerns."""

    def __init__(self, installation: Installation) -> None:
        self._database = installation.database

    def people(self, parties: Iterable[str]) -> int:
        with self._database.reading() as work:
            return work.concerned.people(parties)

    def conversations(self, services: Iterable[str]) -> int:
        with self._database.reading() as work:
            return work.concerned.conversations(services)
