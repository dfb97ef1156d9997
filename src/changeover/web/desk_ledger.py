"""The desk's operation on the ledger: explaining a gap in a start's calls."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.ledger.lives import Lives
from changeover.web.desk_routes import post_route


class ExplainGap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of a start's calls are missing, why, and who says so."""

    first: int
    last: int
    why: str
    by: str


def ledger_routes(lives: Lives) -> list[Route]:
    """`/ledger/starts/{start}/gaps`."""

    def explain(request: Request, body: ExplainGap) -> Any:
        start = request.path_params["start"]
        return lives.explain(start, (body.first, body.last), why=body.why, by=body.by)

    return [post_route("/ledger/starts/{start}/gaps", ExplainGap, explain)]
