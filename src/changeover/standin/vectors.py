"""The vectors that a stand-in embeds with: of length 1, and the same for the same text.

Each word of a text points in a direction of its own, which its digest and the model's name
give; the text's vector is their sum. So texts that share words lie near one another,
and vectors of two models have nothing to do with each other, as with real ones.
A vector of fewer dimensions is the longer one cut off and made of length 1 again.
"""

import hashlib
import math
import re

_WORD = re.compile(r"\w+")
_AXES = 8


def unit_vector(model: str, text: str, dimensions: int, whole: int) -> list[float]:
    """The vector of `text`, of the first `dimensions` of the model's `whole`."""
    vector = [0.0] * whole
    for word in _WORD.findall(text.casefold()) or [text]:
        seed = hashlib.blake2b(f"{model}\0{word}".encode(), digest_size=_AXES * 4).digest()
        for at in range(_AXES):
            number = int.from_bytes(seed[at * 4 : at * 4 + 4])
            vector[(number >> 1) % whole] += 1.0 if number & 1 else -1.0
    vector = vector[:dimensions]
    length = math.sqrt(sum(number * number for number in vector))
    if not length:
        vector[0], length = 1.0, 1.0
    return [number / length for number in vector]
