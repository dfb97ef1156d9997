"""Signatures of thoughts (`thoughtSignature`), read and written where they stand.

Google's page "Thought signatures":

* A signature stands on a part and is given back on that part, as it was: on the first
  call of an answer that calls functions, else on the last part, which in a stream may be
  an empty text. Where the reasoning stands in a turn says which part is meant: before
  the call that follows it (`next`), after the text that bears it (`previous`), or it is a
  part of thoughts itself (`self`).
* A call that no signature can be had for, since another model made it, bears a text that
  the vendor passes over. Both of those that it names are read as none.

A signature is bytes, in base64 on the wire; the SDK spells them with `-` and `_`. What a
client is given is the base64 of a wrapped text, and read back as that text.
"""

import base64
import binascii
import re
from typing import Literal

from changeover.conversation.model import Sealed
from changeover.wire.gemini_generate.fields import UNSIGNED

Place = Literal["self", "next", "previous"]
_PASSED_OVER = frozenset({UNSIGNED, "context_engineering_is_the_way_to_go"})
_OPAQUE = re.compile(rb"[A-Za-z0-9_.-]+")
_STANDARD = str.maketrans("-_", "+/")


def standard(text: str) -> str:
    """The same bytes in the alphabet of base64 that every vendor reads."""
    return text.translate(_STANDARD)


def octets_of(text: str) -> bytes | None:
    """The bytes in either alphabet of base64, padded or not; None where it is neither."""
    plain = standard(text).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def seal_of_vendor(signature: str, on: Place) -> Sealed:
    """A vendor's signature on its thoughts, or on the next or the previous part."""
    return Sealed(form="thought", value=signature, bound="model", on=on)


def seal_of_client(signature: str | None, on: Place) -> Sealed | None:
    """What a client gives back; None for what stands for no signature."""
    if not signature:
        return None
    octets = octets_of(signature)
    text = octets.decode() if octets and _OPAQUE.fullmatch(octets) else signature
    if text in _PASSED_OVER or signature in _PASSED_OVER:
        return None
    return Sealed(form="wrapped", value=text, on=on)


def signature_for_client(sealed: Sealed) -> str:
    """What a client can keep: the base64 of a wrapped text, or a signature as it is."""
    return sealed.value if sealed.form == "thought" else base64_of(sealed.value)
