"""What officers and owners do with keys: create, list, revoke.

Each works over the `Keys` port inside the caller's unit of work; the caller
records it in the ledger and then replaces the gateway's key ring.
"""

from datetime import datetime

import msgspec

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.directory.model import Directory
from changeover.identity.keys import create_key, prefix_of
from changeover.identity.model import Key
from changeover.identity.ports import Keys
from changeover.identity.secret import Secret


class KeyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The key that somebody asks for: a service's slot, a label, and until when it is valid."""

    service: str
    slot: str
    label: str = ""
    expires: datetime | None = None


class IssuedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A new key with its secret, which is shown once and kept nowhere."""

    secret: Secret
    key: Key


def create(
    keys: Keys, directory: Directory, request: KeyRequest, *, now: datetime, by: str
) -> IssuedKey:
    """A new key, kept; `NotFoundError` for an unknown service or slot, nothing kept then.

    `by` names the person who creates it. An expiry that is not after `now` is
    an `InvalidInputError`.
    """
    service = directory.services.get(request.service)
    if service is None:
        raise NotFoundError(
            f"There is no service {request.service!r}.",
            do="Name one of the directory: "
            + (", ".join(sorted(directory.services)) or "none yet"),
        )
    if service.created > now:
        raise InvalidInputError(
            f"The service {service.id} does not exist before {service.created.isoformat()}.",
            do="Create its keys from then on.",
        )
    slots = [slot.name for slot in service.slots]
    if request.slot not in slots:
        raise NotFoundError(
            f"The service {service.id} has no slot {request.slot!r}.",
            do="Name one of its slots: " + ", ".join(slots),
        )
    if request.expires is not None and request.expires <= now:
        raise InvalidInputError(
            f"The key would have expired already, at {request.expires.isoformat()}.",
            do=f"Give an instant after {now.isoformat()}.",
        )
    secret, key = create_key(
        service=service.id,
        slot=request.slot,
        label=request.label,
        now=now,
        by=by,
        expires=request.expires,
    )
    keys.add(key)
    return IssuedKey(secret=secret, key=key)


def list_keys(keys: Keys, service: str | None = None) -> list[Key]:
    """Every key by creation, revoked ones too; those of one service if it is named."""
    return [key for key in keys.all() if service is None or key.service == service]


def revoke(keys: Keys, named: str, *, now: datetime) -> Key:
    """Revokes the key that `named` names by its prefix (the whole key does as well).

    A key revoked earlier keeps its first instant; `NotFoundError` when there is
    no such key.
    """
    return keys.revoke(prefix_of(named), now)
