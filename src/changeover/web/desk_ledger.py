"""The desk's operations on the ledger: explaining gaps, and joining ledgers that were apart."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.ledger.joining import Joining, Other
from changeover.ledger.lives import Lives
from changeover.web.desk_routes import get_route, post_route


class ExplainGap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of a start's calls are missing, why, and who says so."""

    first: int
    last: int
    why: str
    by: str


class JoinLedger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another installation's ledger, verified by whoever asks, and who says so."""

    key: str
    note: str
    since: int
    proof: tuple[str, ...]
    by: str


def ledger_routes(lives: Lives, joining: Joining) -> list[Route]:
    """`/ledger/starts/{start}/gaps`, `/ledger/joined`."""

    def explain(request: Request, body: ExplainGap) -> Any:
        start = request.path_params["start"]
        return lives.explain(start, (body.first, body.last), why=body.why, by=body.by)

    def joined(request: Request) -> Any:
        return {"size": joining.joined(request.query_params.get("key", ""))}

    def join(_: Request, body: JoinLedger) -> Any:
        other = Other(key=body.key, note=body.note, since=body.since, proof=body.proof)
        return joining.join(other, by=body.by)

    return [
        post_route("/ledger/starts/{start}/gaps", ExplainGap, explain),
        get_route("/ledger/joined", joined),
        post_route("/ledger/joined", JoinLedger, join),
    ]
