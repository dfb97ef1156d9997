"""Removing a person's account, and keeping what has to be kept.

1. The account's id stays, for the ledger, the record and conversations tell of it. Nothing else
   of the person does: login, name, the provider's subject, password, what provisioning told.
2. It cannot be signed in to again, and its sessions end.
3. What it shared ends, and no longer names it. Its instructions and its own prompts are deleted;
   prompts that it shared stay, for they are its party's.
4. Its conversations and files stay as long as retention and holds say, and nobody else may open
   them. Names that it entered in the record's instruments stay: they are the record.
5. A legal hold on its party beats all of this: nothing is removed. Whoever removes at the desk is
   told so. An account that provisioning deletes is only shut, its shares ended, and is this
   installation's from then on, so that it can be removed when the hold has ended.
6. The ledger tells that it was removed, or disabled, and by whom.

The keys of services are no person's: they stay, unless whoever removes the account says
otherwise. Backups hold what stood when they were made.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from changeover.basics.errors import ConflictError
from changeover.identity.people import REMOVED_NAME, Account
from changeover.identity.ports import PeopleWork

Held = Callable[[str], bool]
"""Whether a legal hold applies to a party; none where the account has none."""


def check_not_held(account: Account, held: Held) -> None:
    """`ConflictError` under a hold."""
    if account.party and held(account.party):
        raise ConflictError(
            "A legal hold applies to this person's party, so everything is kept.",
            means="Nothing was removed.",
            do="Disable the account, and remove it when the hold has ended.",
        )


def shut_account(work: PeopleWork, account: Account, now: datetime, *, by: str) -> Account:
    """The account of somebody who left, under a hold: shut, and kept with all that is its."""
    left = msgspec.structs.replace(
        account, disabled=account.disabled or now, source="local", subject=None
    )
    work.accounts.put(left)
    work.sessions.end_of_account(account.id)
    work.provisioned.remove_user(account.id)
    if account.disabled is None:
        work.tell("account-disabled", now, {"id": account.id, "by": by})
    return left


def remove_account(work: PeopleWork, account: Account, now: datetime, *, by: str) -> Account:
    """What is left of the account. The caller enacts it, and has its sessions forgotten."""
    left = msgspec.structs.replace(
        account,
        login=account.id,
        name=REMOVED_NAME,
        roles=(),
        disabled=account.disabled or now,
        source="local",
        subject=None,
        removed=now,
    )
    work.accounts.put(left)
    work.accounts.set_password(account.id, None)
    work.sessions.end_of_account(account.id)
    work.provisioned.remove_user(account.id)
    work.belongings.end(account.id, now)
    work.tell("account-removed", now, {"id": account.id, "by": by})
    return left
