"""How many tokens an input has, where its vendor has no call that counts them.

An estimate, and always told as one. Vendors' tokenizers make about one token of four
characters of English (OpenAI's "What are tokens and how to count them"); text that is
not ASCII has more, about as its bytes in UTF-8 grow. So a token is four bytes. Each turn,
tool and instruction costs four tokens for what vendors write around it. A picture is taken
for 1,000 tokens and a file whose words are not known for 2,000, which is the order
of what vendors charge for a picture of 1024 by 1024 pixels and for a page.
"""

from collections.abc import Iterable

import msgspec

from changeover.conversation.embedding import EmbeddingInput, EmbeddingRequest
from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
)

_BYTES = 4
_AROUND = 4
_PICTURE = 1_000
_FILE = 2_000


def estimate(request: ChatRequest) -> int:
    """About how many tokens a model would be given with this request."""
    around = _AROUND * (len(request.turns) + len(request.tools) + bool(request.system))
    tools = sum(
        _of_text(tool.name + (tool.description or ""))
        + (0 if tool.parameters is None else _of_bytes(msgspec.json.encode(tool.parameters)))
        for tool in request.tools
    )
    said = sum(_of_parts(turn.parts) for turn in request.turns)
    return around + tools + said + _of_parts(request.system)


def estimate_embedded(request: EmbeddingRequest) -> int:
    """About how many tokens are embedded."""
    return sum(_of_input(each) for each in request.inputs)


def _of_input(given: EmbeddingInput) -> int:
    return len(given.tokens) + _of_parts(given.parts) + _of_text(given.title or "")


def _of_parts(parts: Iterable[Part]) -> int:
    return sum(map(_of_part, parts))


def _of_part(part: Part) -> int:
    match part:
        case Text() | Reasoning():
            return _of_text(part.text)
        case Image():
            return _PICTURE
        case File():
            return _of_text(part.text) if part.text else _FILE
        case ToolCall():
            return _AROUND + _of_text(part.name + part.arguments)
        case ToolResult():
            return _AROUND + _of_parts(part.parts)


def _of_text(text: str) -> int:
    return _of_bytes(text.encode("utf-8", errors="replace"))


def _of_bytes(data: bytes) -> int:
    return -(-len(data) // _BYTES)
