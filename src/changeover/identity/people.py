"""People: an account in a party, with roles; and the sessions that accounts have.

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

Role = Literal["staff", "officer", "operator", "auditor", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

OFFICER_HEADER = "x-changeover-officer"
"""Where who acts on the local socket names themselves, in percent-encoded UTF-8."""

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=30)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account. Its password's hash is kept apart and never travels with it."""

    id: str
    login: str
    name: str
    party: str
    roles: tuple[Role, ...]
    language: Language
    created: datetime
    disabled: datetime | None = None


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
