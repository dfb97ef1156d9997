"""Which account a person gets whom the provider vouches for, and what it opens.

1. The account that has this subject is theirs. Nothing else about a person is as lasting:
   names, addresses and logins may be given to others.
2. Else the account that provisioning made under this login and that no subject has yet: the
   same organisation rules both, and which claim is compared is the operator's choice.
3. Else a login that stands already is refused: an account of this installation, or of another
   subject, is never taken over.
4. Else a new account, where first sign-ins make them and a group opens something.
5. A disabled account stays shut.
6. Where sign-in rules the account, its name, party and roles are what the provider tells now.
   Groups that open nothing take its roles away and end its sessions. Where provisioning rules
   it, what the provider tells of groups counts for nothing.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError
from changeover.basics.ids import new_id
from changeover.directory.model import Directory
from changeover.identity.groups import GroupRules
from changeover.identity.people import Account
from changeover.identity.ports import PeopleWork, PeopleWorks
from changeover.identity.sign_on.model import SignOnError, Told

BY = "sign-on"
"""Who changed an account, in the ledger, where the provider's word did."""


class Admitting:
    """Finds, makes and brings up to date the accounts of people who sign in by the provider.

    `forget` is called when sessions were ended.
    """

    def __init__(
        self,
        works: PeopleWorks,
        rules: GroupRules,
        clock: Clock,
        forget: Callable[[], None],
        *,
        makes_accounts: bool,
    ) -> None:
        self._works = works
        self._rules = rules
        self._clock = clock
        self._forget = forget
        self._makes_accounts = makes_accounts

    def admit(self, told: Told, directory: Directory) -> Account:
        """The account, which may be signed in to; `SignOnError`."""
        now = self._clock.now()
        try:
            with self._works.begin() as work:
                account = self._admitted(work, told, directory, now)
        except ConflictError as error:
            raise SignOnError("taken", "two sign-ins made one account at once") from error
        if not account.opens:
            self._forget()
            raise SignOnError("groups", _in_words(told.groups))
        return account

    def _admitted(
        self, work: PeopleWork, told: Told, directory: Directory, now: datetime
    ) -> Account:
        standing = work.accounts.of_subject(told.subject)
        if standing is None:
            standing = self._linked(work, told)
        if standing is None:
            return self._made(work, told, directory, now)
        if standing.disabled is not None:
            raise SignOnError("disabled", f"the account {standing.id} is disabled")
        if standing.source != "sign-on":
            return standing
        return self._brought_up_to_date(work, standing, told, directory, now)

    def _linked(self, work: PeopleWork, told: Told) -> Account | None:
        """Steps 2 and 3."""
        named = work.accounts.named(told.login)
        if named is None:
            return None
        if named.source != "provisioned" or named.subject is not None:
            raise SignOnError("taken", f"the account {named.id} has this login")
        linked = msgspec.structs.replace(named, subject=told.subject)
        work.accounts.put(linked)
        return linked

    def _made(self, work: PeopleWork, told: Told, directory: Directory, now: datetime) -> Account:
        """Step 4."""
        if not self._makes_accounts:
            raise SignOnError("provisioned-only", "nothing provisioned this person")
        grant = self._rules.grant(told.groups, directory.parties)
        if grant is None:
            raise SignOnError("groups", _in_words(told.groups))
        account = Account(
            id=new_id("person"),
            login=told.login,
            name=told.name,
            party=grant.party,
            roles=grant.roles,
            language=told.language,
            created=now,
            source="sign-on",
            subject=told.subject,
        )
        work.accounts.add(account, None)
        fields = {"id": account.id, "party": account.party, "roles": account.roles, "by": BY}
        work.tell("account-created", now, fields)
        return account

    def _brought_up_to_date(
        self,
        work: PeopleWork,
        standing: Account,
        told: Told,
        directory: Directory,
        now: datetime,
    ) -> Account:
        """Step 6."""
        grant = self._rules.grant(told.groups, directory.parties)
        named = work.accounts.named(told.login)
        account = msgspec.structs.replace(
            standing,
            login=told.login if named is None else standing.login,
            name=told.name,
            party=standing.party if grant is None else grant.party,
            roles=() if grant is None else grant.roles,
        )
        if account == standing:
            return account
        work.accounts.put(account)
        if (account.party, account.roles) != (standing.party, standing.roles):
            fields = {"id": account.id, "party": account.party, "roles": account.roles, "by": BY}
            work.tell("account-changed", now, fields)
            if not account.roles:
                work.sessions.end_of_account(account.id)
            work.revisions.touch()
        return account


def _in_words(groups: tuple[str, ...]) -> str:
    """The groups that opened nothing, for the operator's log."""
    return "groups that open nothing: " + (", ".join(sorted(groups)[:20]) or "none were told")
