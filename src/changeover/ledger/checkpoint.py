"""Checkpoints: a tree's size and root, signed (C2SP tlog-checkpoint and signed-note).

A checkpoint's text is three lines: the origin, which names the ledger and here
is also its key's name; the number of entries in decimal; the root in base64.
A signed note is that text, an empty line, and a signature line for each signer:

    — <name> base64(key hash || signature)

The key hash is the first four bytes of SHA-256(name || "\\n" || 0x01 || public
key), where 0x01 says Ed25519 (RFC 8032). A verifier's key is written
`name+hash in hexadecimal+base64(0x01 || public key)` and may be handed to
anybody; a signer's key is `PRIVATE+KEY+` followed by the same with the seed.

Signatures of other keys (an outside witness's) may stand in a note; they are
left alone. Base64 has more than one form of some values, so a value counts only
in the form that encoding gives: otherwise a byte could change unseen.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from changeover.basics.errors import InvalidInputError
from changeover.ledger.tree import HASH_SIZE

_ED25519 = b"\x01"
_SIGNER = "PRIVATE+KEY+"
_DASH = "— "
_MAX_SIGNATURES = 16


class NoteError(InvalidInputError):
    """A note or a key that cannot be read, or a signature that does not hold."""

    code = "bad_note"


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The first `size` entries of the ledger called `origin` hash to `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"


class VerifierKey(msgspec.Struct, frozen=True):
    """A ledger's public key: its name and 32 bytes."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Reads `name+hash+base64`; `NoteError` when it is no such key."""
        name, key_hash, encoded = _key_parts(text)
        key = cls(name, encoded)
        if key.hash.hex() != key_hash:
            raise NoteError("The verifier key's hash does not fit its name and key.")
        return key

    @property
    def hash(self) -> bytes:
        material = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(material).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{encode(_ED25519 + self.public)}"

    def holds(self, signature: bytes, text: str) -> bool:
        """Whether the signature over the text is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A ledger's private key. It is never printed; `secret_text` is for its file alone."""

    def __init__(self, name: str, seed: bytes) -> None:
        check_name(name)
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Reads what `secret_text` wrote; `NoteError` when it is no such key."""
        if not text.startswith(_SIGNER):
            raise NoteError("This is no signer's key.")
        name, key_hash, seed = _key_parts(text.removeprefix(_SIGNER))
        key = cls(name, seed)
        if key.verifier.hash.hex() != key_hash:
            raise NoteError("The signer key's hash does not fit its name and key.")
        return key

    def secret_text(self) -> str:
        seed = self._private.private_bytes_raw()
        name, key_hash = self.verifier.name, self.verifier.hash.hex()
        return f"{_SIGNER}{name}+{key_hash}+{encode(_ED25519 + seed)}"

    def sign(self, text: str) -> bytes:
        """The signed note over the text, which ends in a newline."""
        return write_note(text, self.verifier, self._private.sign(text.encode()))


def write_note(text: str, key: VerifierKey, signature: bytes) -> bytes:
    """The note over a text with one signature."""
    return f"{text}\n{signature_line(key.name, key.hash + signature)}".encode()


def signature_line(name: str, value: bytes) -> str:
    """A note's line of a signature: its key's hash and what it is."""
    return f"{_DASH}{name} {encode(value)}\n"


def open_note(note: bytes, key: VerifierKey) -> tuple[str, bytes]:
    """The text of a note that the key signed, and the key's signature.

    Raises `NoteError` when the note cannot be read or holds no signature of this
    key, or one that does not hold.
    """
    text, signatures = read_note(note)
    for name, key_hash, signature in signatures:
        if (name, key_hash) == (key.name, key.hash):
            if not key.holds(signature, text):
                raise NoteError("The signature does not hold over the note's text.")
            return text, signature
    raise NoteError(f"The note is not signed by the key {key.name}+{key.hash.hex()}.")


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint that the key signed; `NoteError` otherwise."""
    text, _ = open_note(note, key)
    return checkpoint_of(text, key)


def checkpoint_of(text: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint that the text of the key's note gives; `NoteError` when it is another's."""
    checkpoint = read_checkpoint(text)
    if checkpoint.origin != key.name:
        raise NoteError(f"The checkpoint is of {checkpoint.origin!r}, not of {key.name!r}.")
    return checkpoint


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text gives; `NoteError` when it is none."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise NoteError("A checkpoint has three lines: origin, size and root.")
    if not (lines[1].isascii() and lines[1].isdecimal()):
        raise NoteError("A checkpoint's second line is the number of entries.")
    checkpoint = Checkpoint(origin=lines[0], size=int(lines[1]), root=decode(lines[2]))
    if len(checkpoint.root) != HASH_SIZE or checkpoint.text() != text:
        raise NoteError("The checkpoint's size or root is not in its one written form.")
    return checkpoint


def read_note(note: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """A note's text, and of each signature the name, the key's hash and the signature, unchecked.

    Raises `NoteError` when the note cannot be read.
    """
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise NoteError("The note is not UTF-8.") from error
    if any(character < " " and character != "\n" for character in whole):
        raise NoteError("The note holds control characters.")
    text, found, lines = whole.rpartition("\n\n")
    if not found or not lines.endswith("\n"):
        raise NoteError("The note has no signatures after an empty line.")
    signatures = list(read_signatures(lines.removesuffix("\n").split("\n")))
    return text + "\n", signatures


def read_signatures(lines: list[str]) -> Iterator[tuple[str, bytes, bytes]]:
    """What signature lines hold, as `read_note` gives it; `NoteError` for a malformed one."""
    if len(lines) > _MAX_SIGNATURES:
        raise NoteError(f"The note has more than {_MAX_SIGNATURES} signatures.")
    for line in lines:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        value = decode(encoded)
        if not line.startswith(_DASH) or not name or len(value) < 5:
            raise NoteError("The note has a malformed signature line.")
        yield name, value[:4], value[4:]


def _key_parts(text: str) -> tuple[str, str, bytes]:
    name, _, rest = text.partition("+")
    key_hash, _, encoded = rest.partition("+")
    check_name(name)
    value = decode(encoded)
    if value[:1] != _ED25519 or len(value) != 33:
        raise NoteError("The key is not an Ed25519 key in C2SP form (name+hash+base64).")
    return name, key_hash, value[1:]


def check_name(name: str) -> None:
    """Raises `NoteError` for what cannot name a key."""
    if not name or "+" in name or any(character.isspace() for character in name):
        raise NoteError(
            f"{name!r} cannot name a ledger's key.",
            do="Use a name without spaces and plus signs, such as example.org/changeover.",
        )


def encode(value: bytes) -> str:
    """Base64."""
    return base64.b64encode(value).decode()


def decode(text: str) -> bytes:
    """What base64 in its one written form says; `NoteError` for any other text."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("The note or key holds malformed base64.") from error
    if encode(value) != text:
        raise NoteError("The note or key holds base64 that is not in its one written form.")
    return value
