"""What lets a provisioning client in.

A token reads `cop_<prefix>_<secret>`, as services' keys do (`identity.keys`): 200 random bits, of
which the SHA-256 is kept. `admit` does the same work for an unknown prefix as for a known one,
compares in constant time, and answers alike.
"""

import hashlib
import hmac
import re
from typing import NamedTuple

from changeover.basics.clock import Clock
from changeover.basics.ids import new_secret
from changeover.identity.keys import PREFIX_CHARACTERS, SECRET_CHARACTERS
from changeover.identity.ports import PeopleWorks
from changeover.identity.provisioned import ProvisioningToken
from changeover.identity.secret import Secret

_LETTER = "[0-9a-hjkmnp-tv-z]"
_FORM = re.compile(
    rf"cop_(?P<prefix>{_LETTER}{{{PREFIX_CHARACTERS}}})_{_LETTER}{{{SECRET_CHARACTERS}}}"
)
_NOBODYS = b"\0" * 32


class NewToken(NamedTuple):
    """A new token: its secret, which is shown once, and what is kept."""

    secret: Secret
    kept: ProvisioningToken


class TokenOffice:
    """Creates, lists and revokes tokens, and says whether one lets in."""

    def __init__(self, works: PeopleWorks, clock: Clock) -> None:
        self._works = works
        self._clock = clock

    def create(self, label: str, *, by: str) -> NewToken:
        """A new token; it is in what this returns and nowhere else."""
        now, prefix = self._clock.now(), new_secret(PREFIX_CHARACTERS)
        secret = Secret(f"cop_{prefix}_{new_secret(SECRET_CHARACTERS)}")
        kept = ProvisioningToken(
            prefix=prefix, digest=_digest(secret), label=label, created=now, created_by=by
        )
        with self._works.begin() as work:
            work.provisioning_tokens.add(kept)
            work.tell("provisioning-token-created", now, {"prefix": prefix, "by": by})
        return NewToken(secret, kept)

    def all(self) -> list[ProvisioningToken]:
        """Every token, revoked ones too, by creation."""
        with self._works.reading() as work:
            return work.provisioning_tokens.all()

    def revoke(self, named: str, *, by: str) -> ProvisioningToken:
        """Revokes one by its prefix, at once; `NotFoundError`."""
        now = self._clock.now()
        with self._works.begin() as work:
            standing = work.provisioning_tokens.get(prefix_of(named))
            revoked = work.provisioning_tokens.revoke(prefix_of(named), now)
            if standing is not None and standing.revoked is None:
                work.tell("provisioning-token-revoked", now, {"prefix": revoked.prefix, "by": by})
        return revoked

    def admits(self, presented: Secret) -> bool:
        """Whether what a client shows lets it in. It is looked up each time."""
        form = _FORM.fullmatch(presented.reveal())
        if form is None:
            return False
        with self._works.reading() as work:
            kept = work.provisioning_tokens.get(form["prefix"])
        digest = _NOBODYS if kept is None else kept.digest
        same = hmac.compare_digest(digest, _digest(presented))
        return same and kept is not None and kept.revoked is None


def prefix_of(named: str) -> str:
    """The prefix of a token that is named by it, or by more of it."""
    return named.removeprefix("cop_").partition("_")[0]


def _digest(token: Secret) -> bytes:
    return hashlib.sha256(token.reveal().encode()).digest()
