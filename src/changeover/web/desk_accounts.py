"""The desk's operations on people's accounts."""

from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.basics.text import Language
from changeover.identity.accounts import AccountOffice, AccountRequest
from changeover.identity.people import Account, Role, Source
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
    source: Source
    removed: datetime | None


class RemoveAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who removes, and whether the keys end that were created under the person's name."""

    by: str
    end_keys: bool = False


class AccountRemoved(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of the account, and the keys: that ended, and that go on."""

    account: AccountLine
    ended_keys: tuple[str, ...]
    other_keys: tuple[str, ...]


def account_routes(accounts: AccountOffice, office: Office) -> list[Route]:
    """`/accounts`, `/accounts/{login}/disablement` and `/accounts/{login}/removal`."""

    def all_(_: Request) -> Any:
        return [account_line(account) for account in accounts.all()]

    def create(_: Request, body: CreateAccount) -> Any:
        request = AccountRequest(
            login=body.login,
            name=body.name,
            party=body.party,
            roles=body.roles,
            language=body.language,
        )
        directory = office.rules.current.directory
        return account_line(accounts.create(directory, request, Secret(body.password), by=body.by))

    def disable(request: Request, body: DisableAccount) -> Any:
        return account_line(accounts.disable(request.path_params["login"], by=body.by))

    def remove(request: Request, body: RemoveAccount) -> Any:
        return removed(accounts, request.path_params["login"], body.by, end_keys=body.end_keys)

    return [
        get_route("/accounts", all_),
        post_route("/accounts", CreateAccount, create),
        post_route("/accounts/{login}/disablement", DisableAccount, disable),
        post_route("/accounts/{login}/removal", RemoveAccount, remove),
    ]


def removed(accounts: AccountOffice, login: str, by: str, *, end_keys: bool) -> AccountRemoved:
    """Removes the account, and tells what became of its keys."""
    keys = [key.prefix for key in accounts.leaving(login)]
    done = accounts.remove(login, by=by, end_keys=end_keys)
    return AccountRemoved(
        account=account_line(done.account),
        ended_keys=done.keys,
        other_keys=tuple(prefix for prefix in keys if prefix not in done.keys),
    )


def account_line(account: Account) -> AccountLine:
    """An account as listed."""
    told = msgspec.structs.asdict(account)
    return AccountLine(**{name: told[name] for name in AccountLine.__struct_fields__})
