"""People's accounts, for administrators: where each comes from, and what may be done with it here.

What provisioning rules is changed by the organisation's directory and refused here. Nobody
disables or removes their own account, so that one administrator is always left.
"""

from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError
from changeover.basics.text import Bilingual
from changeover.identity.accounts import AccountOffice
from changeover.identity.key_states import works_at
from changeover.identity.model import Key
from changeover.identity.office import KeyOffice
from changeover.identity.people import Account, Role
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.desk_accounts import AccountLine, AccountRemoved, account_line, removed
from changeover.web.enforced import Enforced, EnforcementTold, tell_enforcement

ADMINISTRATORS: tuple[Role, ...] = ("administrator",)


class ListedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account; `keys` are those that work and were created under its person's name."""

    line: AccountLine
    party_name: Bilingual
    keys: tuple[str, ...]


class AccountsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every account by login, those that were removed last."""

    demonstration: bool
    now: datetime
    zone: str
    accounts: tuple[ListedAccount, ...]


class Removal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the keys end, too, that were created under the person's name."""

    end_keys: bool


class AccountDisabled(msgspec.Struct, frozen=True, kw_only=True):
    """An account that was disabled, and how that came into force."""

    line: AccountLine
    enforcement: EnforcementTold | None


class AccountParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with."""

    accounts: AccountOffice
    keys: KeyOffice
    office: Office
    clock: Clock
    enforced: Enforced
    demonstration: bool


def operations(parts: AccountParts) -> list[Operation | Stream]:
    """`/accounts`."""
    desk = _AccountDesk(parts)
    one = "/accounts/{login}"
    return [
        Operation(
            "GET",
            "/accounts",
            None,
            AccountsPage,
            ADMINISTRATORS,
            desk.all,
            "People's accounts, and where each comes from.",
        ),
        Operation(
            "POST",
            one + "/disablement",
            Done,
            AccountDisabled,
            ADMINISTRATORS,
            desk.disable,
            "Disable an account; its sessions end at once.",
        ),
        Operation(
            "POST",
            one + "/removal",
            Removal,
            AccountRemoved,
            ADMINISTRATORS,
            desk.remove,
            "Remove an account; what must be kept stays, without the person's name.",
        ),
    ]


class _AccountDesk:
    def __init__(self, parts: AccountParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> AccountsPage:
        now = self._parts.clock.now()
        directory = self._parts.office.directory()
        keys = [key for key in self._parts.keys.all() if works_at(key, now)]
        accounts = self._parts.accounts.all()
        return AccountsPage(
            demonstration=self._parts.demonstration,
            now=now,
            zone="UTC" if directory is None else directory.zone,
            accounts=tuple(
                self._listed(account, keys)
                for account in sorted(accounts, key=lambda each: each.removed is not None)
            ),
        )

    def disable(self, caller: Caller, _: Done, params: Params) -> AccountDisabled:
        login = params["login"]
        _check_another(caller, login)
        account = self._parts.accounts.disable(login, by=caller.account.name)
        enforcement = tell_enforcement(self._parts.enforced(account.id))
        return AccountDisabled(line=account_line(account), enforcement=enforcement)

    def remove(self, caller: Caller, body: Removal, params: Params) -> AccountRemoved:
        login = params["login"]
        _check_another(caller, login)
        by = caller.account.name
        return removed(self._parts.accounts, login, by, end_keys=body.end_keys)

    def _listed(self, account: Account, keys: list[Key]) -> ListedAccount:
        directory = self._parts.office.directory()
        party = None if directory is None else directory.parties.get(account.party)
        name = Bilingual(account.party, account.party) if party is None else party.name
        created = tuple(key.prefix for key in keys if key.created_by == account.name)
        return ListedAccount(line=account_line(account), party_name=name, keys=created)


def _check_another(caller: Caller, login: str) -> None:
    if caller.account.login == login:
        raise ConflictError(
            "This is your own account.",
            means="Nothing was changed.",
            do="Have another administrator do it.",
        )
