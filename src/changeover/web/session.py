"""Signing in and out, and who is signed in."""

from typing import Annotated

import msgspec
from anyio import CapacityLimiter, to_thread

from changeover.basics.errors import NotAuthorisedError
from changeover.basics.text import Bilingual, Language
from changeover.directory.model import Directory
from changeover.identity.passwords import LONGEST
from changeover.identity.people import Account, Role
from changeover.identity.secret import Secret
from changeover.identity.sessions import Attempt, SessionOffice, SignedIn
from changeover.identity.sign_on.flow import SignOn
from changeover.orders.usecases import Office
from changeover.web.api import (
    EVERYONE,
    PUBLIC,
    Answer,
    Caller,
    Operation,
    Params,
    Stream,
)
from changeover.web.cookies import SessionCookie

# Verifying a password takes a processor and memory; more at once would take the others'.
_VERIFIED_AT_ONCE = 4


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the pages know them."""

    id: str
    login: str
    name: str
    party: str
    party_name: Bilingual
    roles: tuple[Role, ...]
    language: Language


class DemoAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account that a demonstration's sign-in page offers, with its password."""

    login: str
    name: str
    party_name: Bilingual
    roles: tuple[Role, ...]
    password: str


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, and what requests of the session repeat in `x-csrf-token`.

    `sign_on` is what people call the identity provider, where there is one, and `passwords`
    whether a login and password open anything.
    """

    person: Person | None
    csrf: str | None
    sign_on: str | None
    passwords: bool
    demonstration: bool
    demo_accounts: tuple[DemoAccount, ...]


class SignedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Signed out here; `leave` is where the browser signs out at the identity provider too."""

    leave: str | None


class SignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A login and password."""

    login: Annotated[str, msgspec.Meta(max_length=256)]
    password: Annotated[str, msgspec.Meta(max_length=LONGEST)]


class OfferedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account of a demonstration: what its sign-in page tells of it."""

    login: str
    name: str
    party: str
    roles: tuple[Role, ...]


class SessionParts(msgspec.Struct, frozen=True, kw_only=True):
    """What signing in works with; `offered` and `password` are of a demonstration only."""

    sessions: SessionOffice
    office: Office
    cookie: SessionCookie
    sign_on: SignOn | None = None
    passwords: bool = True
    offered: tuple[OfferedAccount, ...] = ()
    password: Secret | None = None


def operations(parts: SessionParts) -> list[Operation | Stream]:
    """`/session`."""
    desk = _SessionDesk(parts)
    return [
        Operation("GET", "/session", None, SessionAnswer, PUBLIC, desk.read, "Who is signed in."),
        Operation("POST", "/session", SignIn, SessionAnswer, PUBLIC, desk.sign_in, "Sign in."),
        Operation("DELETE", "/session", None, SignedOut, EVERYONE, desk.sign_out, "Sign out."),
    ]


class _SessionDesk:
    def __init__(self, parts: SessionParts) -> None:
        self._parts = parts
        self._verifying = CapacityLimiter(_VERIFIED_AT_ONCE)

    def read(self, caller: Caller, _: None, __: Params) -> SessionAnswer:
        return self._told(caller.signed_in)

    async def sign_in(self, caller: Caller, body: SignIn, _: Params) -> Answer:
        if not self._parts.passwords:
            raise NotAuthorisedError(
                "Nobody signs in with a password here.",
                means="You are not signed in.",
                do="Sign in with your organisation's account.",
            )
        attempt = Attempt(
            login=body.login,
            password=Secret(body.password),
            address=caller.address,
            replaces=caller.token,
        )
        begun = await to_thread.run_sync(
            self._parts.sessions.sign_in, attempt, limiter=self._verifying
        )
        cookie = self._parts.cookie.holding(begun.token)
        return Answer(self._told(begun.signed_in), {"set-cookie": cookie})

    async def sign_out(self, caller: Caller, _: None, __: Params) -> Answer:
        if caller.token is not None:
            await to_thread.run_sync(self._parts.sessions.sign_out, caller.token)
        sign_on, leave = self._parts.sign_on, None
        if sign_on is not None and caller.account.subject is not None:
            leave = await sign_on.leaving()
        return Answer(SignedOut(leave=leave), {"set-cookie": self._parts.cookie.cleared()})

    def _told(self, signed_in: SignedIn | None) -> SessionAnswer:
        rules = self._parts.office.rules
        directory = rules.current.directory if rules.ready else None
        return SessionAnswer(
            person=None if signed_in is None else _person(signed_in.account, directory),
            csrf=None if signed_in is None else signed_in.session.csrf,
            sign_on=None if self._parts.sign_on is None else self._parts.sign_on.settings.name,
            passwords=self._parts.passwords,
            demonstration=self._parts.password is not None,
            demo_accounts=self._offered(directory),
        )

    def _offered(self, directory: Directory | None) -> tuple[DemoAccount, ...]:
        password = self._parts.password
        if password is None:
            return ()
        return tuple(
            DemoAccount(
                login=account.login,
                name=account.name,
                party_name=_party_name(directory, account.party),
                roles=account.roles,
                password=password.reveal(),
            )
            for account in self._parts.offered
        )


def _person(account: Account, directory: Directory | None) -> Person:
    return Person(
        id=account.id,
        login=account.login,
        name=account.name,
        party=account.party,
        party_name=_party_name(directory, account.party),
        roles=account.roles,
        language=account.language,
    )


def _party_name(directory: Directory | None, party: str) -> Bilingual:
    known = None if directory is None else directory.parties.get(party)
    return Bilingual(en=party, fr=party) if known is None else known.name
