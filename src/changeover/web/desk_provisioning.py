"""The desk's operations on what lets provisioning clients in."""

from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.identity.provisioned import ProvisioningToken
from changeover.identity.provisioning.tokens import TokenOffice
from changeover.web.desk_routes import get_route, post_route


class CreateToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token to create, and by whom."""

    by: str
    label: str = ""


class RevokeToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who revokes."""

    by: str


class TokenLine(msgspec.Struct, frozen=True, kw_only=True):
    """A token as listed: its digest is told to nobody."""

    prefix: str
    label: str
    created: datetime
    created_by: str
    revoked: datetime | None


class TokenMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new token, whole, this once."""

    token: str
    line: TokenLine


def provisioning_routes(tokens: TokenOffice) -> list[Route]:
    """`/provisioning` and `/provisioning/{prefix}/revocation`."""

    def all_(_: Request) -> Any:
        return [_line(each) for each in tokens.all()]

    def create(_: Request, body: CreateToken) -> Any:
        made = tokens.create(body.label, by=body.by)
        return TokenMade(token=made.secret.reveal(), line=_line(made.kept))

    def revoke(request: Request, body: RevokeToken) -> Any:
        return _line(tokens.revoke(request.path_params["prefix"], by=body.by))

    return [
        get_route("/provisioning", all_),
        post_route("/provisioning", CreateToken, create),
        post_route("/provisioning/{prefix}/revocation", RevokeToken, revoke),
    ]


def _line(token: ProvisioningToken) -> TokenLine:
    told = msgspec.structs.asdict(token)
    return TokenLine(**{name: told[name] for name in TokenLine.__struct_fields__})
