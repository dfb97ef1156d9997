"""OpenAI's embeddings: what is taken and refused, and the answer.

Written from the vendor's reference (create embeddings), the types of its official SDK
and from error bodies that callers reported. A stand-in's embedding models have "embed" in
their names and 1,536 dimensions.
"""

import base64
import struct
from typing import Any

import msgspec

from changeover.standin import tokens
from changeover.standin.asked import RefusalError, is_integer
from changeover.standin.beside import Sent, Task
from changeover.standin.openai_checks import (
    integer,
    invalid,
    missing,
    one_of,
    read_object,
    text,
    unknown,
)
from changeover.standin.vectors import unit_vector

WHOLE = 1536
_MOST_INPUTS = 2048
_CHECKS = {
    "dimensions": integer(1),
    "encoding_format": one_of("float", "base64"),
    "user": text,
    "model": text,
}
_INVALID_INPUT = (
    "'$.input' is invalid. Please check the API reference: "
    "https://platform.openai.com/docs/api-reference."
)


def embeddings(sent: Sent) -> Task:
    """POST /v1/embeddings."""
    given = read_object(sent.payload)
    for name in ("model", "input"):
        if name not in given:
            raise missing(name)
    for name, value in given.items():
        if name == "input":
            continue
        if name not in _CHECKS:
            raise unknown(name)
        _CHECKS[name](name, value)
    inputs = _inputs(given["input"])
    dimensions = given.get("dimensions", WHOLE)
    if dimensions > WHOLE:
        message = (
            f"Invalid value for 'dimensions' = {dimensions}. Must be less than or equal to {WHOLE}."
        )
        raise invalid(message, None, None)
    if "embed" not in given["model"]:
        message = "You are not allowed to generate embeddings from this model"
        raise RefusalError(403, "invalid_request_error", message)
    return Task(model=given["model"], pieces=lambda: [_answer(given, inputs, dimensions)])


def _inputs(given: Any) -> list[str]:
    """Each input as words; numbers of tokens stand for themselves."""
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list) or not given:
        raise invalid(_INVALID_INPUT, None, None)
    if all(map(is_integer, given)):
        given = [given]
    if len(given) > _MOST_INPUTS:
        message = (
            "Invalid 'input': array too long. Expected an array with maximum length "
            f"{_MOST_INPUTS}, but got an array with length {len(given)} instead."
        )
        raise invalid(message, "input", "array_above_max_length")
    strings = {isinstance(each, str) for each in given}
    if len(strings) > 1 or not all(map(_is_input, given)):
        raise invalid(_INVALID_INPUT, None, None)
    return [each if isinstance(each, str) else " ".join(map(str, each)) for each in given]


def _is_input(each: Any) -> bool:
    if isinstance(each, str):
        return each != ""
    return isinstance(each, list) and bool(each) and all(map(is_integer, each))


def _answer(given: dict[str, Any], inputs: list[str], dimensions: int) -> bytes:
    packed = given.get("encoding_format") == "base64"
    counted = sum(map(tokens.count, inputs))
    data: list[dict[str, Any]] = []
    for at, words in enumerate(inputs):
        vector = unit_vector(given["model"], words, dimensions, WHOLE)
        written: Any = _packed(vector) if packed else vector
        data.append({"object": "embedding", "index": at, "embedding": written})
    return msgspec.json.encode(
        {
            "object": "list",
            "data": data,
            "model": given["model"],
            "usage": {"prompt_tokens": counted, "total_tokens": counted},
        }
    )


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
