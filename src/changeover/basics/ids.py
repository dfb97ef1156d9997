"""Identifiers that sort by time and cannot be guessed.

The form follows RFC 9562 UUID version 7: 48 bits of milliseconds, then
randomness; written in Crockford's base 32 behind a prefix that says what it
identifies.
"""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """A new identifier such as `call_01jn…`: prefix, time, 80 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return prefix + "_" + "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))


def new_secret(characters: int = 40) -> str:
    """A random secret of five bits a character."""
    return "".join(_ALPHABET[byte & 31] for byte in secrets.token_bytes(characters))
