"""The desk's acts in an emergency and on uses: freezes, their confirmations, judgements."""

from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.intake.office import IntakeOffice
from changeover.orders.drawing_up import Freeze, Judgement
from changeover.orders.unmatched import unmatched
from changeover.orders.usecases import Office
from changeover.web.acted import acted
from changeover.web.desk import File
from changeover.web.desk_routes import post_route


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class EnterFreeze(_Body, frozen=True, kw_only=True):
    """A freeze of a vendor or a model for parties; answers on their way are cut, or finish."""

    name: str
    issuer: str
    parties: tuple[str, ...]
    by: str
    hours: int = 72
    in_flight: Literal["finish", "cut"] = "cut"


class ConfirmFreeze(_Body, frozen=True, kw_only=True):
    """The confirmation of a freeze: by which issuer (the freeze's own, if none), on what text."""

    by: str
    issuer: str | None = None
    source: File | None = None


class JudgeUse(_Body, frozen=True, kw_only=True):
    """A judgement on a service's use, by which issuer (the order's own, if none), on what text."""

    service: str
    result: Literal["existing", "new"]
    by: str
    purposes: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    issuer: str | None = None
    confirmed_by: str | None = None
    source: File | None = None


def act_routes(office: Office, intake: IntakeOffice) -> list[Route]:
    """`/freezes`, `/orders/{id}/confirmation` and `/orders/{id}/judgement`."""

    def freeze(_: Request, body: EnterFreeze) -> Any:
        asked = Freeze(
            name=body.name,
            issuer=body.issuer,
            parties=body.parties,
            by=body.by,
            hours=body.hours,
            in_flight=body.in_flight,
        )
        issued = office.freeze(asked, by=body.by)
        directory = office.rules.current.directory
        warnings = tuple(unmatched(directory, issued.instrument))
        return acted(office, issued, zone=directory.zone, warnings=warnings)

    def confirm(request: Request, body: ConfirmFreeze) -> Any:
        name, by, issuer = request.path_params["id"], body.by, body.issuer
        if body.source is None:
            issued = office.confirm(name, by=by, issuer=issuer, source=None)
        else:
            source = body.source.name, body.source.content
            issued = intake.confirm(name, source, by=by, issuer=issuer)
        return acted(office, issued)

    def judge(request: Request, body: JudgeUse) -> Any:
        judgement = Judgement(
            instrument=request.path_params["id"],
            service=body.service,
            result=body.result,
            purposes=body.purposes,
            routes=body.routes,
            issuer=body.issuer,
        )
        by, confirmed_by = body.by, body.confirmed_by
        if body.source is None:
            issued = office.judge(judgement, by=by, confirmed_by=confirmed_by, source=None)
        else:
            source = body.source.name, body.source.content
            issued = intake.judge(judgement, source, by=by, confirmed_by=confirmed_by)
        return acted(office, issued)

    return [
        post_route("/freezes", EnterFreeze, freeze),
        post_route("/orders/{id}/confirmation", ConfirmFreeze, confirm),
        post_route("/orders/{id}/judgement", JudgeUse, judge),
    ]
