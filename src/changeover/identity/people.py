"""People: an account in a party, with roles; and the sessions that accounts have.

An account comes from here (`local`), from the identity provider at a first sign-in
(`sign-on`), or from provisioning (`provisioned`, SCIM). Whichever it is rules its name,
party, roles and whether it is open: nobody else changes them.

An account that was removed keeps its id alone, for what has to be kept is told by ids.

A session ends 12 hours after it was last seen and 30 days after it began,
whichever comes first. Sessions are on the machine's clock, also in a
demonstration; an account's own instants are on the organisation's.
"""

import re
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Language

Source = Literal["local", "sign-on", "provisioned"]
Role = Literal["staff", "officer", "operator", "auditor", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

OFFICER_HEADER = "x-changeover-officer"
"""Where who acts on the local socket names themselves, in percent-encoded UTF-8."""

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=30)

REMOVED_NAME = "Removed account"
"""What stands for the name of a person whose account was removed."""

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LONGEST_PROVIDED = 256


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account. Its password's hash is kept apart and never travels with it.

    `subject` is who the person is to the identity provider: its issuer, a space and the
    subject's identifier there. Without roles it opens nothing, which only an account that is
    provided may be; then its party may be empty.
    """

    id: str
    login: str
    name: str
    party: str
    roles: tuple[Role, ...]
    language: Language
    created: datetime
    disabled: datetime | None = None
    source: Source = "local"
    subject: str | None = None
    removed: datetime | None = None

    @property
    def opens(self) -> bool:
        """Whether its person may sign in: it is not disabled and has a role."""
        return self.disabled is None and bool(self.roles)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A person's signed-in browser.

    `digest` is the SHA-256 of the token in its cookie, which itself is not kept;
    `csrf` is what its requests repeat in a header. `expires` is its absolute end.
    """

    digest: bytes
    account: str
    csrf: str
    created: datetime
    seen: datetime
    expires: datetime

    def lives(self, now: datetime) -> bool:
        """Whether it has neither idled out nor reached its end."""
        return now < self.expires and now - self.seen < IDLE


def plain_login(text: str) -> str:
    """A login as people type it, in the form in which logins are compared."""
    return text.strip().lower()


def read_login(text: str) -> str:
    """A login for a new account; `InvalidInputError` for what cannot be one."""
    login = plain_login(text)
    if _LOGIN.fullmatch(login) is None:
        raise InvalidInputError(
            f"{text!r} cannot be a login.",
            do="Use at most 64 letters a to z, digits, full stops, hyphens and underscores; "
            "begin with a letter or digit.",
        )
    return login


def read_provided_login(text: str) -> str:
    """The login of an account from outside, such as an address of mail; `InvalidInputError`."""
    login = plain_login(text)
    if not login.isprintable() or not 0 < len(login) <= _LONGEST_PROVIDED:
        raise InvalidInputError(
            "What the provider calls the person cannot be a login.",
            do=f"Have it give a name of at most {_LONGEST_PROVIDED} characters, in one line.",
        )
    return login
