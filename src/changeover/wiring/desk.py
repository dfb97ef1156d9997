"""The officers' desk on the local socket, over an installation."""

from collections.abc import Iterable

from starlette.applications import Starlette

from changeover.web.api import Operation, Stream
from changeover.web.desk import DeskParts, desk_app
from changeover.web.desk_accounts import account_routes
from changeover.web.desk_acts import act_routes
from changeover.web.desk_credentials import credential_routes
from changeover.web.desk_keys import key_routes
from changeover.web.desk_ledger import ledger_routes
from changeover.web.desk_previews import preview_routes
from changeover.web.desk_provisioning import provisioning_routes
from changeover.web.desk_questions import QuestionParts, question_routes
from changeover.web.desk_replicas import ReplicaParts, replica_routes
from changeover.web.named import named_routes
from changeover.wiring.areas import area_operations
from changeover.wiring.installation import Installation
from changeover.wiring.reached import RecordedCalls, RecordedConversations, RecordedKeys


def desk(installation: Installation, more: Iterable[Operation | Stream] = ()) -> Starlette:
    """The officers' desk over this installation; `more` is done where a server runs only."""
    return desk_app(
        DeskParts(
            office=installation.office,
            intake=installation.intake,
            clock=installation.clock,
            player=installation.player,
        ),
        [
            *named_routes([*area_operations(installation), *more]),
            *account_routes(installation.accounts, installation.office),
            *provisioning_routes(installation.provisioning_tokens),
            *ledger_routes(installation.lives, installation.joining),
            *act_routes(installation.office, installation.intake),
            *key_routes(installation.keys, installation.office, installation.clock),
            *credential_routes(installation.credential_parts),
            *preview_routes(installation.proposals, installation.office, installation.clock),
            *replica_routes(
                ReplicaParts(
                    office=installation.office,
                    replicas=installation.replicas,
                    calls=RecordedCalls(installation.database),
                    demonstration=installation.demonstration,
                )
            ),
            *question_routes(
                QuestionParts(
                    office=installation.office,
                    intake=installation.intake,
                    clock=installation.clock,
                    keys=RecordedKeys(installation.database),
                    conversations=RecordedConversations(installation.database),
                )
            ),
        ],
    )
