"""Accounts as administrators handle them: created, listed, disabled, and told to the ledger."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.ids import new_id
from changeover.basics.text import Language
from changeover.directory.model import Directory
from changeover.identity.key_states import works_at
from changeover.identity.model import Key
from changeover.identity.passwords import Passwords
from changeover.identity.people import Account, Role, plain_login, read_login
from changeover.identity.ports import PeopleWork, PeopleWorks
from changeover.identity.removing import Held, check_not_held, remove_account
from changeover.identity.secret import Secret

Settle = Callable[[Sequence[Any]], object]


class AccountRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The account that somebody asks for."""

    login: str
    name: str
    party: str
    roles: tuple[Role, ...]
    language: Language = "en"


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of an account that was removed, and the prefixes of keys that ended with it."""

    account: Account
    keys: tuple[str, ...]


class AccountOffice:
    """Creates, lists, disables and removes accounts. Each act is in force when it returns.

    `forget` is called when sessions, or keys, were ended with an account; `settle` waits for
    one of the acts that `enact` gave to be in force elsewhere.
    """

    def __init__(
        self,
        works: PeopleWorks,
        passwords: Passwords,
        clock: Clock,
        forget: Callable[[], None],
        settle: Settle | None = None,
    ) -> None:
        self._held: Held = _no_holds
        self._works = works
        self._passwords = passwords
        self._clock = clock
        self._forget = forget
        self._settle = settle

    def ask_for_holds(self, held: Held) -> None:
        """Has nothing removed of a party's people while `held` says that a hold applies."""
        self._held = held

    def all(self) -> list[Account]:
        """Every account, disabled ones too, by login."""
        with self._works.reading() as work:
            return work.accounts.all()

    def create(
        self, directory: Directory, request: AccountRequest, password: Secret, *, by: str
    ) -> Account:
        """A new account. `InvalidInputError`, `NotFoundError` for a party, `ConflictError`."""
        (account,) = self.create_all(directory, [request], password, by=by)
        return account

    def create_all(
        self,
        directory: Directory,
        requests: Iterable[AccountRequest],
        password: Secret,
        *,
        by: str,
    ) -> list[Account]:
        """New accounts with one password, all of them or none."""
        now = self._clock.now()
        made = [
            (_account(directory, each, now), self._passwords.hash(password)) for each in requests
        ]
        with self._works.begin() as work:
            for account, kept in made:
                work.accounts.add(account, kept)
                told = {
                    "id": account.id,
                    "party": account.party,
                    "roles": account.roles,
                    "by": by,
                }
                work.tell("account-created", now, told)
        return [account for account, _ in made]

    def disable(self, login: str, *, by: str) -> Account:
        """Disables an account and ends its sessions; `NotFoundError`, `ConflictError`.

        One that is disabled already keeps its instant, and nothing is told.
        """
        now = self._clock.now()
        with self._works.begin() as work:
            standing = _named(work, login)
            _check_ruled_here(standing)
            account = work.accounts.disable(standing.id, now)
            work.sessions.end_of_account(account.id)
            if standing.disabled is None:
                work.tell("account-disabled", now, {"id": account.id, "by": by})
            enacted = work.enact("account", (account.id,), now)
        self._bring_into_force(enacted)
        return account

    def leaving(self, login: str) -> list[Key]:
        """The keys that work and were created under this person's name; `NotFoundError`.

        A key's creator is a name, which two people may share.
        """
        now = self._clock.now()
        with self._works.reading() as work:
            return _keys_by(work, _named(work, login), now)

    def remove(self, login: str, *, by: str, end_keys: bool = False) -> Removed:
        """Removes an account (`removing`); `NotFoundError`, `ConflictError`.

        With `end_keys`, the keys that `leaving` tells are revoked too.
        """
        now = self._clock.now()
        with self._works.reading() as work:
            standing = _named(work, login)
        check_not_held(standing, self._held)
        with self._works.begin() as work:
            standing = _named(work, login)
            _check_ruled_here(standing)
            if standing.removed is not None:
                raise ConflictError("This account was removed already.")
            keys = _keys_by(work, standing, now) if end_keys else []
            for key in keys:
                work.keys.revoke(key.prefix, now)
                told = {"prefix": key.prefix, "service": key.service, "by": by}
                work.tell("key-revoked", now, told)
            account = remove_account(work, standing, now, by=by)
            enacted = [*work.enact("account", (account.id,), now)]
            if keys:
                enacted += work.enact("key", tuple(key.prefix for key in keys), now)
        self._bring_into_force(enacted)
        return Removed(account=account, keys=tuple(key.prefix for key in keys))

    def _bring_into_force(self, enacted: Sequence[Any]) -> None:
        self._forget()
        if self._settle is not None:
            self._settle(enacted)


def _account(directory: Directory, request: AccountRequest, now: datetime) -> Account:
    if request.party not in directory.parties:
        raise NotFoundError(
            f"There is no party {request.party!r}.",
            do="Name one of the directory: " + (", ".join(sorted(directory.parties)) or "none yet"),
        )
    name = request.name.strip()
    if not name:
        raise InvalidInputError("The account has no name.", do="Give the person's name.")
    if not request.roles:
        raise InvalidInputError("The account has no role.", do="Give at least one, such as staff.")
    return Account(
        id=new_id("person"),
        login=read_login(request.login),
        name=name,
        party=request.party,
        roles=tuple(dict.fromkeys(request.roles)),
        language=request.language,
        created=now,
    )


def _no_holds(_: str) -> bool:
    return False


def _check_ruled_here(account: Account) -> None:
    if account.source == "provisioned":
        raise ConflictError(
            f"The account {account.login} is ruled by provisioning.",
            means="What is changed here would be undone with its next change there. "
            "Nothing was changed.",
            do="Deactivate or delete the person in your organisation's directory.",
        )


def _keys_by(work: PeopleWork, account: Account, now: datetime) -> list[Key]:
    keys = work.keys.all()
    return [key for key in keys if key.created_by == account.name and works_at(key, now)]


def _named(work: PeopleWork, login: str) -> Account:
    account = work.accounts.named(plain_login(login))
    if account is None:
        raise NotFoundError(f"There is no account {login!r}.", do="See `changeover accounts list`.")
    return account
