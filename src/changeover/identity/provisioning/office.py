"""People and groups as provisioning clients change them.

A client rules the accounts that it made: their login, name, language, whether they are open, and
by their groups their party and roles (`groups`). Rules:

1. A person whose login is free gets a new account. One who signed in with the provider before
   keeps theirs, which provisioning rules from then on. The login of another account is refused.
2. After each change, what it opens is worked out anew for everybody whom it concerns. Who is
   not active, or whose groups open nothing, has no session any more when the change returns,
   on any replica.
3. A person that is deleted is removed, or under a legal hold shut (`removing`); a group that is
   deleted opens nothing.
4. A change that names the version it was made from is refused where that is not the newest.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.ids import new_id
from changeover.basics.text import Language
from changeover.directory.model import Directory
from changeover.identity.groups import GroupRules
from changeover.identity.people import Account, read_provided_login
from changeover.identity.ports import PeopleWork, PeopleWorks, Provisioned
from changeover.identity.provisioned import (
    BY,
    GroupTold,
    ProvisionedGroup,
    ProvisionedUser,
    UserTold,
)
from changeover.identity.removing import Held, remove_account, shut_account

Settle = Callable[[Sequence[Any]], object]
_LONGEST_GROUP = 256


class StaleVersionError(ConflictError):
    """What was to be changed has changed since it was read."""

    code = "stale_version"


class TakenError(ConflictError):
    """A name that may stand once stands already."""

    code = "taken"


class ProvisioningOffice:
    """Creates, changes and removes what provisioning rules. Each act is in force on return.

    `directory` gives the record's; None before there is one.
    """

    def __init__(
        self,
        works: PeopleWorks,
        rules: GroupRules,
        clock: Clock,
        directory: Callable[[], Directory | None],
        enforce: tuple[Callable[[], None], Settle],
        *,
        held: Held,
    ) -> None:
        self._held = held
        self._works = works
        self._rules = rules
        self._clock = clock
        self._directory = directory
        self._forget, self._settle = enforce

    def read(self, asking: Callable[[Provisioned], Any]) -> Any:
        """What is asked of what provisioning keeps, as it stands at one moment."""
        with self._works.reading() as work:
            return asking(work.provisioned)

    def create_user(self, told: UserTold) -> ProvisionedUser:
        """A new person; `TakenError`, `InvalidInputError`."""
        now = self._clock.now()
        with self._works.begin() as work:
            account = self._new_account(work, told, now)
            user = ProvisionedUser(account=account, told=told, created=now, changed=now)
            work.provisioned.add_user(user)
            enacted = self._bring_up_to_date(work, [account.id], now)
            made = _user(work, account.id)
        self._bring_into_force(enacted)
        return made

    def replace_user(self, name: str, told: UserTold, version: int | None) -> ProvisionedUser:
        """The person as told now; `NotFoundError`, `TakenError`, `StaleVersionError`."""
        now = self._clock.now()
        with self._works.begin() as work:
            standing = _user(work, name)
            _check_version(standing.version, version)
            account = standing.account
            login = read_provided_login(told.profile.login)
            if login != account.login and work.accounts.named(login) is not None:
                raise _taken(told.profile.login)
            work.accounts.put(_named(account, told, login))
            changed = msgspec.structs.replace(
                standing, told=told, changed=now, version=standing.version + 1
            )
            work.provisioned.put_user(changed)
            enacted = self._bring_up_to_date(work, [name], now)
            made = _user(work, name)
        self._bring_into_force(enacted)
        return made

    def remove_user(self, name: str, version: int | None) -> None:
        """Removes the person's account; `NotFoundError`, `StaleVersionError`."""
        now = self._clock.now()
        with self._works.reading() as work:
            party = _user(work, name).account.party
        leave = shut_account if party and self._held(party) else remove_account
        with self._works.begin() as work:
            standing = _user(work, name)
            _check_version(standing.version, version)
            leave(work, standing.account, now, by=BY)
            enacted = work.enact("account", (name,), now)
        self._bring_into_force(enacted)

    def create_group(self, told: GroupTold) -> ProvisionedGroup:
        """A new group; `InvalidInputError` for members that are nobody."""
        now = self._clock.now()
        group = ProvisionedGroup(id=new_id("group"), told=told, created=now, changed=now)
        with self._works.begin() as work:
            enacted = self._keep(work, group, told.members, now)
        self._bring_into_force(enacted)
        return group

    def replace_group(self, name: str, told: GroupTold, version: int | None) -> ProvisionedGroup:
        """The group as told now; `NotFoundError`, `InvalidInputError`, `StaleVersionError`."""
        now = self._clock.now()
        with self._works.begin() as work:
            standing = _group(work, name)
            _check_version(standing.version, version)
            group = msgspec.structs.replace(
                standing, told=told, changed=now, version=standing.version + 1
            )
            before, after = set(standing.told.members), set(told.members)
            renamed = standing.told.name != told.name
            concerned = sorted(before | after if renamed else before ^ after)
            enacted = self._keep(work, group, concerned, now)
        self._bring_into_force(enacted)
        return group

    def remove_group(self, name: str, version: int | None) -> None:
        """Deletes the group; `NotFoundError`, `StaleVersionError`."""
        now = self._clock.now()
        with self._works.begin() as work:
            standing = _group(work, name)
            _check_version(standing.version, version)
            work.provisioned.remove_group(name)
            enacted = self._bring_up_to_date(work, standing.told.members, now)
        self._bring_into_force(enacted)

    def _keep(
        self, work: PeopleWork, group: ProvisionedGroup, concerned: Sequence[str], now: datetime
    ) -> Sequence[Any]:
        if not 0 < len(group.told.name) <= _LONGEST_GROUP:
            raise InvalidInputError(
                f"A group's name has 1 to {_LONGEST_GROUP} characters.",
                do="Give it one.",
            )
        for member in group.told.members:
            if work.provisioned.user(member) is None:
                raise InvalidInputError(
                    f"There is no person {member} to be a member.", do="Create the person first."
                )
        work.provisioned.put_group(group)
        return self._bring_up_to_date(work, concerned, now)

    def _new_account(self, work: PeopleWork, told: UserTold, now: datetime) -> Account:
        """Step 1."""
        login = read_provided_login(told.profile.login)
        standing = work.accounts.named(login)
        if standing is not None and standing.source == "sign-on":
            account = msgspec.structs.replace(_named(standing, told, login), source="provisioned")
            work.accounts.put(account)
            return account
        if standing is not None:
            raise _taken(told.profile.login)
        account = Account(
            id=new_id("person"),
            login=login,
            name=told.profile.shown,
            party="",
            roles=(),
            language=_language(told),
            created=now,
            source="provisioned",
        )
        work.accounts.add(account, None)
        work.tell("account-created", now, _opens(account))
        return account

    def _bring_up_to_date(
        self, work: PeopleWork, names: Iterable[str], now: datetime
    ) -> Sequence[Any]:
        """Step 2; the last thing done in the work."""
        directory = self._directory()
        parties = () if directory is None else directory.parties
        shut, changed = [], False
        for name in names:
            standing = _user(work, name)
            groups = (group for _, group in work.provisioned.groups_of(name))
            grant = self._rules.grant(groups, parties)
            before = standing.account
            after = msgspec.structs.replace(
                before,
                party=before.party if grant is None else grant.party,
                roles=() if grant is None else grant.roles,
                disabled=(before.disabled or now) if standing.told.active is False else None,
            )
            if after == before:
                continue
            changed = True
            work.accounts.put(after)
            _tell(work, before, after, now)
            if not after.opens:
                work.sessions.end_of_account(name)
                shut.append(name)
        if shut:
            return work.enact("account", tuple(shut), now)
        if changed:
            work.revisions.touch()
        return ()

    def _bring_into_force(self, enacted: Sequence[Any]) -> None:
        self._forget()
        if enacted:
            self._settle(enacted)


def _tell(work: PeopleWork, before: Account, after: Account, now: datetime) -> None:
    if (before.party, before.roles) != (after.party, after.roles):
        work.tell("account-changed", now, _opens(after))
    if (before.disabled is None) != (after.disabled is None):
        kind = "account-enabled" if after.disabled is None else "account-disabled"
        work.tell(kind, now, {"id": after.id, "by": BY})


def _opens(account: Account) -> dict[str, Any]:
    return {"id": account.id, "party": account.party, "roles": account.roles, "by": BY}


def _named(account: Account, told: UserTold, login: str) -> Account:
    name = told.profile.shown
    language = _language(told) if told.profile.language else account.language
    return msgspec.structs.replace(account, login=login, name=name, language=language)


def _language(told: UserTold) -> Language:
    return "fr" if (told.profile.language or "").lower().startswith("fr") else "en"


def _user(work: PeopleWork, name: str) -> ProvisionedUser:
    found = work.provisioned.user(name)
    if found is None:
        raise NotFoundError(f"There is no person {name}.")
    return found


def _group(work: PeopleWork, name: str) -> ProvisionedGroup:
    found = work.provisioned.group(name)
    if found is None:
        raise NotFoundError(f"There is no group {name}.")
    return found


def _check_version(stands: int, expected: int | None) -> None:
    if expected is not None and expected != stands:
        raise StaleVersionError(
            "It has changed since it was read.", do="Read it again, and change that."
        )


def _taken(login: str) -> TakenError:
    return TakenError(f"There is an account {login} already.", do="Choose another userName.")
