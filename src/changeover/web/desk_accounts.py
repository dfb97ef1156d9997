"""The desk's operations on people's accounts."""

from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.basics.text import Language
from changeover.identity.accounts import AccountOffice, AccountRequest
from changeover.identity.people import Account, Role
from changeover.identity.secret import Secret
from changeover.orders.usecases import Office
from changeover.web.desk_routes import get_route, post_route


class CreateAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to create, and by whom."""

    login: str
    name: str
    party: str
    roles: tuple[Role, ...]
    password: str
    by: str
    language: Language = "en"


class DisableAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who disables."""

    by: str


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """An account as listed."""

    id: str
    login: str
    name: str
    party: str
    roles: tuple[Role, ...]
    language: Language
    created: datetime
    disabled: datetime | None


def account_routes(accounts: AccountOffice, office: Office) -> list[Route]:
    """`/accounts` and `/accounts/{login}/disablement`."""

    def all_(_: Request) -> Any:
        return [_line(account) for account in accounts.all()]

    def create(_: Request, body: CreateAccount) -> Any:
        request = AccountRequest(
            login=body.login,
            name=body.name,
            party=body.party,
            roles=body.roles,
            language=body.language,
        )
        directory = office.rules.current.directory
        return _line(accounts.create(directory, request, Secret(body.password), by=body.by))

    def disable(request: Request, body: DisableAccount) -> Any:
        return _line(accounts.disable(request.path_params["login"], by=body.by))

    return [
        get_route("/accounts", all_),
        post_route("/accounts", CreateAccount, create),
        post_route("/accounts/{login}/disablement", DisableAccount, disable),
    ]


def _line(account: Account) -> AccountLine:
    return AccountLine(**msgspec.structs.asdict(account))
