"""The operations of the desk's areas, over an installation.

They are the API's, for officers who are signed in, and the local socket's, for those who
name themselves there (`web.named`).
"""

from collections.abc import Iterable

from changeover.basics.clock import SystemClock
from changeover.evidence.papers import Attestation, ExitList
from changeover.evidence.register import StatedUse
from changeover.orders.papers import Folder
from changeover.web import (
    board,
    changeovers,
    compliance,
    costs,
    documents,
    drafts,
    editing,
    limits,
    messages,
    networks,
    prepared,
    reach,
    records,
    terms,
)
from changeover.web.api import Operation, Stream
from changeover.web.compliance_parts import ComplianceParts
from changeover.wiring.installation import Installation
from changeover.wiring.prices import open_prices
from changeover.wiring.reached import (
    RecordedConversations,
    RecordedFeedback,
    RecordedKeys,
    RecordedVolumes,
)
from changeover.wiring.spending import RecordedSpending
from changeover.wiring.suggesting import service
from changeover.wiring.ways import SMTP_URL


def area_operations(installation: Installation) -> list[Operation | Stream]:
    """What officers do at the desk."""
    concerned = _Concerned(installation)
    works, clock = installation.works, installation.clock
    volumes = RecordedVolumes(installation.database)
    spending = RecordedSpending(installation)
    said = RecordedFeedback(installation.database)
    termed = terms.TermsParts(
        office=installation.office,
        drafts=installation.drafts,
        seen=Folder(installation.works, installation.clock, "terms-seen", terms.TermsSeen),
        clock=installation.clock,
        demonstration=installation.demonstration,
    )
    return [
        *prepared.operations(
            prepared.PreparedParts(
                proposals=installation.proposals,
                office=installation.office,
                enforced=installation.enforcer.of,
                people=concerned.people,
                conversations=concerned.conversations,
            )
        ),
        *drafts.operations(
            drafts.DraftParts(
                drafts=installation.drafts,
                office=installation.office,
                intake=installation.intake,
                clock=installation.clock,
                people=concerned.people,
                conversations=concerned.conversations,
                demonstration=installation.demonstration,
            )
        ),
        *documents.operations(
            documents.DocumentParts(
                office=installation.office,
                intake=installation.intake,
                reviews=installation.reviews,
                demonstration=installation.demonstration,
                asks=service(installation.environment) is not None,
            )
        ),
        *editing.operations(
            editing.EditingParts(
                edits=installation.edits,
                office=installation.office,
                clock=clock,
                demonstration=installation.demonstration,
            )
        ),
        *changeovers.operations(
            changeovers.ChangeoverParts(
                changeovers=installation.changeovers,
                office=installation.office,
                clock=clock,
                volumes=volumes.since,
                costs=spending.costs,
                prices=open_prices(installation.environment),
                people=concerned.people,
                readers=concerned.readers,
                demonstration=installation.demonstration,
            )
        ),
        *messages.operations(
            messages.MessageParts(
                messages=installation.messages,
                office=installation.office,
                clock=clock,
                mail=lambda: SMTP_URL in installation.environment,
                demonstration=installation.demonstration,
            )
        ),
        *costs.operations(
            costs.CostParts(
                works=installation.works,
                costs=spending.costs,
                office=installation.office,
                clock=clock,
                demonstration=installation.demonstration,
            )
        ),
        *limits.operations(
            limits.LimitParts(
                limits=installation.limits,
                keys=installation.keys,
                office=installation.office,
                clock=clock,
                machine=SystemClock(),
                standing=spending.standing,
                demonstration=installation.demonstration,
            )
        ),
        *networks.operations(
            networks.NetworkParts(
                bundles=installation.bundles,
                office=installation.office,
                clock=clock,
                demonstration=installation.demonstration,
            )
        ),
        *reach.operations(
            reach.ReachParts(
                office=installation.office,
                drafts=installation.drafts,
                keys=RecordedKeys(installation.database),
                conversations=RecordedConversations(installation.database),
                volumes=volumes.since,
                clock=installation.clock,
                demonstration=installation.demonstration,
            )
        ),
        *compliance.operations(
            ComplianceParts(
                works=works,
                office=installation.office,
                clock=clock,
                uses=Folder(works, clock, "stated-use", StatedUse),
                attestations=Folder(works, clock, "attestation", Attestation),
                exits=Folder(works, clock, "exit", ExitList),
                volumes=volumes.since,
                weekly=volumes.weekly,
                demonstration=installation.demonstration,
            )
        ),
        *terms.operations(termed),
        *records.operations(
            records.RecordsParts(
                records=installation.records,
                office=installation.office,
                clock=clock,
                by_model=said.by_model,
                words=said.words,
                demonstration=installation.demonstration,
            )
        ),
        *board.operations(
            board.BoardParts(
                office=installation.office,
                proposals=installation.proposals,
                drafts=installation.drafts,
                intake=installation.intake,
                reviews=installation.reviews,
                alerts=terms.TermsDesk(termed).alerts,
                edits=installation.edits.all,
                messages=installation.messages.all,
                holds=installation.records.proposed,
                clock=installation.clock,
                demonstration=installation.demonstration,
            )
        ),
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

    def readers(self, order: str) -> int:
        with self._database.reading() as work:
            return work.acknowledgements.readers(order)
