"""Signing in, who a request comes from, and signing out.

A session's token is 260 random bits in a cookie that scripts cannot read; its
SHA-256 is what is kept. `SessionOffice.sign_in` goes in these steps:

1. The try is counted as a failure, unless the limits refuse it (`attempts`).
   Counting first means that tries at the same moment cannot outrun the limit.
2. The password is verified outside of any transaction, against no hash where
   there is no such account: the same work and the same answer for an unknown
   login, a wrong password and a disabled account.
3. On success the failures to this login from this address are forgiven, an
   outdated hash is replaced, the session that the browser had before is ended
   and a new one begins, with a new token: none is ever taken over from outside
   (session fixation).

`resolve` remembers what it found for a few seconds. Signing out and disabling an
account make it forget in the same moment, also for what another thread was just
reading. They touch the revision, by which every other replica is told to forget.
"""

import hashlib
import math
import threading
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from changeover.basics.clock import Clock, monotonic
from changeover.basics.errors import ChangeoverError
from changeover.basics.ids import new_secret
from changeover.identity.attempts import (
    PER_ADDRESS,
    PER_LOGIN,
    WINDOW,
    counted_address,
    counted_login,
    wait,
)
from changeover.identity.passwords import Passwords
from changeover.identity.people import ABSOLUTE, IDLE, Account, Session, plain_login
from changeover.identity.ports import PeopleWork, PeopleWorks
from changeover.identity.secret import Secret

TOKEN_CHARACTERS = 52
REMEMBERED_SECONDS = 3.0
_REMEMBERED_MOST = 10_000
_TOUCHED_EVERY = timedelta(minutes=5)


class SignedOutError(ChangeoverError):
    """What was asked needs a session, and there is none or it has ended."""

    code = "signed_out"

    def __init__(self) -> None:
        super().__init__(
            "You are not signed in.",
            means="You never were, you signed out, or your session has ended.",
            do="Sign in and try again.",
        )


class SignInRefusedError(ChangeoverError):
    """The login and password do not open an account."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__(
            "This login and password do not open an account.",
            do="Check both and try again, or ask your administrator.",
        )


class TooManyAttemptsError(ChangeoverError):
    """Too many sign-ins failed; `after` is how many seconds to wait."""

    code = "too_many_attempts"

    def __init__(self, remaining: timedelta) -> None:
        self.after = max(1, math.ceil(remaining.total_seconds()))
        minutes = math.ceil(self.after / 60)
        super().__init__(
            "Too many sign-ins have failed.",
            means="Nothing was tried. This protects accounts from being guessed.",
            do=f"Try again in {minutes} minute{'s' if minutes > 1 else ''}.",
        )


class SignedIn(msgspec.Struct, frozen=True):
    """A living session and its account."""

    account: Account
    session: Session


class NewSession(NamedTuple):
    """What signing in gives: the token for the cookie, and whose session it is."""

    token: Secret
    signed_in: SignedIn


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A try to sign in from a network address; `replaces` is the token that the browser had."""

    login: str
    password: Secret
    address: str
    replaces: Secret | None = None


class SessionOffice:
    """Begins, finds and ends sessions. `clock` is the machine's, in a demonstration too."""

    def __init__(self, works: PeopleWorks, passwords: Passwords, clock: Clock) -> None:
        self._works = works
        self._passwords = passwords
        self._clock = clock
        self._lock = threading.Lock()
        self._remembered: dict[bytes, tuple[float, SignedIn]] = {}
        self._epoch = 0

    def sign_in(self, attempt: Attempt) -> NewSession:
        """A new session; `SignInRefusedError`, `TooManyAttemptsError`."""
        login = plain_login(attempt.login)
        account, kept = self._count(login, attempt.address)
        verified = self._passwords.verify(attempt.password, kept)
        if account is None or not account.opens or not verified.opens:
            raise SignInRefusedError
        with self._works.begin() as work:
            work.sign_in_failures.forgive(counted_login(login), counted_address(attempt.address))
            if verified.rehash is not None:
                work.accounts.set_password(account.id, verified.rehash)
            begun = self._begun(work, account.id, attempt.replaces)
        if attempt.replaces is not None:
            self.forget()
        return begun

    def begin(self, account: str, replaces: Secret | None) -> NewSession:
        """A new session of an account for whom somebody else vouched; `SignInRefusedError`."""
        with self._works.begin() as work:
            begun = self._begun(work, account, replaces)
        if replaces is not None:
            self.forget()
        return begun

    def _begun(self, work: PeopleWork, account: str, replaces: Secret | None) -> NewSession:
        """Step 3's session; the last thing that is done in the work."""
        standing = work.accounts.get(account)
        if not standing.opens:
            raise SignInRefusedError
        now = self._clock.now()
        token = Secret(new_secret(TOKEN_CHARACTERS))
        session = Session(
            digest=_digest(token),
            account=standing.id,
            csrf=new_secret(),
            created=now,
            seen=now,
            expires=now + ABSOLUTE,
        )
        work.sessions.prune(expired=now, unseen_since=now - IDLE)
        work.sessions.add(session)
        if replaces is not None:
            _end(work, _digest(replaces))
        return NewSession(token, SignedIn(standing, session))

    def _count(self, login: str, address: str) -> tuple[Account | None, str | None]:
        """Counts the try as failed for now; the login's account and hash, where there are any."""
        now = self._clock.now()
        since = now - WINDOW
        to, source = counted_login(login), counted_address(address)
        with self._works.begin() as work:
            failures = work.sign_in_failures
            remaining = max(
                wait(failures.of_login(to, since), PER_LOGIN, now),
                wait(failures.of_address(source, since), PER_ADDRESS, now),
            )
            if remaining:
                raise TooManyAttemptsError(remaining)
            failures.prune(since)
            failures.add(to, source, now)
            account = work.accounts.named(login)
            return account, None if account is None else work.accounts.password(account.id)

    def remembered(self, token: Secret) -> SignedIn | None:
        """What `look_up` would answer, where that is known without the database."""
        found = self._remembered.get(_digest(token))
        if found is None or monotonic() - found[0] > REMEMBERED_SECONDS:
            return None
        signed_in = found[1]
        return signed_in if signed_in.session.lives(self._clock.now()) else None

    def look_up(self, token: Secret) -> SignedIn | None:
        """The living session of a token, with its account as it stands; otherwise None."""
        digest, now, epoch = _digest(token), self._clock.now(), self._epoch
        with self._works.reading() as work:
            signed_in = _find(work, digest, now)
        if signed_in is not None:
            self._remember(digest, signed_in, epoch)
        return signed_in

    def resolve(self, token: Secret) -> SignedIn | None:
        """`look_up` for a person's act, which keeps the session from idling out."""
        signed_in, now = self.look_up(token), self._clock.now()
        if signed_in is not None and now - signed_in.session.seen >= _TOUCHED_EVERY:
            with self._works.begin() as work:
                work.sessions.touch(signed_in.session.digest, now)
        return signed_in

    def sign_out(self, token: Secret) -> None:
        """Ends the token's session, at once."""
        with self._works.begin() as work:
            _end(work, _digest(token))
        self.forget()

    def forget(self) -> None:
        """Looks every session up again from now on: call it when others ended some."""
        with self._lock:
            self._epoch += 1
            self._remembered.clear()

    def _remember(self, digest: bytes, signed_in: SignedIn, epoch: int) -> None:
        with self._lock:
            if epoch != self._epoch:
                return
            if len(self._remembered) >= _REMEMBERED_MOST:
                self._remembered.clear()
            self._remembered[digest] = (monotonic(), signed_in)


def _find(work: PeopleWork, digest: bytes, now: datetime) -> SignedIn | None:
    session = work.sessions.get(digest)
    if session is None or not session.lives(now):
        return None
    account = work.accounts.get(session.account)
    return SignedIn(account, session) if account.opens else None


def _end(work: PeopleWork, digest: bytes) -> None:
    """Ends a session on every replica; the last thing that is done in the work."""
    if work.sessions.get(digest) is not None:
        work.sessions.end(digest)
        work.revisions.touch()


def _digest(token: Secret) -> bytes:
    return hashlib.sha256(token.reveal().encode()).digest()
