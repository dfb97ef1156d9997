"""What officers and owners do with keys: create, list, rotate, revoke.

Each works over the `Keys` port inside the caller's unit of work; the caller
records it in the ledger and then replaces the gateway's key ring.

A rotation gives a new key for the same service, slot, scopes and label, and lets
the old one end after an overlap, in which both work:

1. The old key must work now, and nothing that works may have replaced it already.
2. The new key lives as long as the old one was to live, unless an expiry is given.
3. The old key ends when the overlap does, or at its own expiry where that is sooner.
"""

from datetime import datetime, timedelta

import msgspec

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.directory.model import Directory
from changeover.identity.key_states import replacement_of, works_at
from changeover.identity.keys import create_key, prefix_of
from changeover.identity.model import KEY_SCOPES, Key, KeyRequest
from changeover.identity.ports import Keys
from changeover.identity.secret import Secret

LONGEST_OVERLAP = timedelta(days=90)


class IssuedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A new key with its secret, which is shown once and kept nowhere."""

    secret: Secret
    key: Key


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """The rotation that somebody asks for; `expires` is the new key's."""

    named: str
    overlap: timedelta
    expires: datetime | None = None


class RotatedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A new key, and the old one as it stands until it ends."""

    issued: IssuedKey
    old: Key


def create(
    keys: Keys, directory: Directory, request: KeyRequest, *, now: datetime, by: str
) -> IssuedKey:
    """A new key, kept; `NotFoundError` for an unknown service or slot, nothing kept then.

    `by` names the person who creates it. An expiry that is not after `now`, and a
    key that may do nothing, are an `InvalidInputError`.
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
    if not request.scopes:
        raise InvalidInputError(
            "The key would be allowed nothing.",
            do="Give at least one scope: " + ", ".join(KEY_SCOPES),
        )
    return _issue(keys, request, now=now, by=by)


def list_keys(keys: Keys, service: str | None = None) -> list[Key]:
    """Every key by creation, revoked ones too; those of one service if it is named."""
    return [key for key in keys.all() if service is None or key.service == service]


def rotate(keys: Keys, rotation: Rotation, *, now: datetime, by: str) -> RotatedKey:
    """A new key in an old one's place; `NotFoundError`, `ConflictError`, `InvalidInputError`."""
    standing = keys.all()
    prefix = prefix_of(rotation.named)
    old = next((key for key in standing if key.prefix == prefix), None)
    if old is None:
        raise NotFoundError(f"There is no key {prefix}.", do="See `changeover keys list`.")
    _check_rotation(old, standing, rotation, now)
    expires = rotation.expires
    if expires is None and old.expires is not None:
        expires = now + (old.expires - old.created)
    request = KeyRequest(
        service=old.service, slot=old.slot, label=old.label, scopes=old.scopes, expires=expires
    )
    issued = _issue(keys, request, now=now, by=by, replaces=old.prefix)
    return RotatedKey(issued=issued, old=keys.expire(old.prefix, now + rotation.overlap))


def revoke(keys: Keys, named: str, *, now: datetime) -> Key:
    """Revokes the key that `named` names by its prefix (the whole key does as well).

    A key revoked earlier keeps its first instant; `NotFoundError` when there is
    no such key.
    """
    return keys.revoke(prefix_of(named), now)


def _check_rotation(old: Key, standing: list[Key], rotation: Rotation, now: datetime) -> None:
    if not works_at(old, now):
        raise ConflictError(
            f"The key co_{old.prefix}_… was revoked or has expired, so nothing can take its place.",
            do=f"Create a key: changeover keys create {old.service} --slot {old.slot}",
        )
    replacement = replacement_of(old, standing)
    if replacement is not None and works_at(replacement, now):
        raise ConflictError(
            f"The key co_{old.prefix}_… was replaced by co_{replacement.prefix}_… already.",
            means="It ends by itself when the overlap does.",
            do="Rotate the newer key, or revoke one of the two.",
        )
    if not timedelta(0) <= rotation.overlap <= LONGEST_OVERLAP:
        raise InvalidInputError(
            f"Two keys may overlap for {LONGEST_OVERLAP.days} days at most.",
            do="Give a shorter overlap, such as 7d; 0 ends the old key at once.",
        )


def _issue(
    keys: Keys, request: KeyRequest, *, now: datetime, by: str, replaces: str | None = None
) -> IssuedKey:
    if request.expires is not None and request.expires <= now:
        raise InvalidInputError(
            f"The key would have expired already, at {request.expires.isoformat()}.",
            do=f"Give an instant after {now.isoformat()}.",
        )
    secret, key = create_key(request, now=now, by=by, replaces=replaces)
    keys.add(key)
    return IssuedKey(secret=secret, key=key)
