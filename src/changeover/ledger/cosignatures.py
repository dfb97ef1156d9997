"""Cosignatures of witnesses: C2SP tlog-cosignature, version 1 (https://c2sp.org/tlog-cosignature).

A witness signs that at a time the checkpoint was the longest that it had seen of a ledger,
and began with all that it had seen before. What it signs (Ed25519, RFC 8032) is

    cosignature/v1
    time <seconds since 1970>
    <the checkpoint's text>

and its line in a note is that of a signature, of eight bytes of the time and 64 of the
signature. The key's hash has 0x04 where a ledger's has 0x01, so neither passes for the other;
a witness's key is written as a ledger's: name, hash and base64, with 0x04 before the key.

Cosignatures by ML-DSA-44, which that document also knows, are not read here.
"""

import hashlib

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from changeover.ledger.checkpoint import (
    NoteError,
    check_name,
    decode,
    encode,
    read_signatures,
    signature_line,
)

_COSIGNATURE = b"\x04"
_SIGNER = "PRIVATE+KEY+"
_TIME = 8
_MOST_TIME = 2**63 - 1


class WitnessKey(msgspec.Struct, frozen=True):
    """A witness's public key: its name and 32 bytes."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "WitnessKey":
        """Reads `name+hash+base64`; `NoteError` when it is no witness's key."""
        key = cls(*_parts(text))
        if str(key) != text:
            raise NoteError("The witness key's hash does not fit its name and key.")
        return key

    @property
    def hash(self) -> bytes:
        material = self.name.encode() + b"\n" + _COSIGNATURE + self.public
        return hashlib.sha256(material).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{encode(_COSIGNATURE + self.public)}"

    def time_of(self, lines: str, text: str) -> int | None:
        """When this witness signed the checkpoint's text, by signature lines; None if it did not.

        Lines of others are left alone. Raises `NoteError` for a line that cannot be read,
        and for one of this key that does not hold.
        """
        for name, key_hash, value in read_signatures(lines.removesuffix("\n").split("\n")):
            if (name, key_hash) == (self.name, self.hash):
                return self._time(value, text)
        return None

    def _time(self, value: bytes, text: str) -> int:
        time, signature = int.from_bytes(value[:_TIME]), value[_TIME:]
        public = Ed25519PublicKey.from_public_bytes(self.public)
        try:
            public.verify(signature, _signed(text, time))
        except InvalidSignature as error:
            raise NoteError(f"The cosignature of {self.name} does not hold.") from error
        if time > _MOST_TIME:
            raise NoteError(f"The cosignature of {self.name} tells a time that cannot be.")
        return time


class WitnessSigner:
    """A witness's private key. It is never printed; `secret_text` is for its file alone."""

    def __init__(self, name: str, seed: bytes) -> None:
        check_name(name)
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = WitnessKey(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str) -> "WitnessSigner":
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "WitnessSigner":
        """Reads what `secret_text` wrote; `NoteError` when it is no witness's key."""
        if not text.startswith(_SIGNER):
            raise NoteError("This is no signer's key.")
        signer = cls(*_parts(text.removeprefix(_SIGNER)))
        if signer.secret_text() != text:
            raise NoteError("The signer key's hash does not fit its name and key.")
        return signer

    def secret_text(self) -> str:
        seed = encode(_COSIGNATURE + self._private.private_bytes_raw())
        return f"{_SIGNER}{self.key.name}+{self.key.hash.hex()}+{seed}"

    def cosign(self, text: str, time: int) -> str:
        """The signature line over a checkpoint's text, at a time in seconds since 1970."""
        signature = self._private.sign(_signed(text, time))
        return signature_line(self.key.name, self.key.hash + time.to_bytes(_TIME) + signature)


def _signed(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _parts(text: str) -> tuple[str, bytes]:
    name, _, rest = text.partition("+")
    check_name(name)
    value = decode(rest.partition("+")[2])
    if value[:1] != _COSIGNATURE or len(value) != 33:
        raise NoteError(
            "The key is not a witness's Ed25519 key in C2SP form (name+hash+base64).",
            do="`changeover witness key` prints it, or the witness's operator gives it.",
        )
    return name, value[1:]
