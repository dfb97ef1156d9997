"""A Converse request's messages, as far as a passage must look into them.

Source: the service model `bedrock-runtime`, shapes `Message` and `ContentBlock`. Only who
speaks, what is called and answered, and where reasoning stands is read. What cannot be
read so is no conversation, and the vendor will say what is wrong with it.
"""

from collections.abc import Iterator, Sequence

import msgspec

from changeover.wire.passing import Fields
from changeover.wire.shapes import UNREADABLE


class Called(msgspec.Struct):
    """A call, or its result, which bears no name."""

    toolUseId: str | None = None  # noqa: N815 (the vendor's names)
    name: str | None = None


class Held(msgspec.Struct):
    """That something stands there, whatever it holds."""


class Block(msgspec.Struct):
    """A block; of most kinds no more is known than that it is none of these."""

    text: str | None = None
    toolUse: Called | None = None  # noqa: N815
    toolResult: Called | None = None  # noqa: N815
    reasoningContent: Held | None = None  # noqa: N815
    cachePoint: Held | None = None  # noqa: N815


class Said(msgspec.Struct):
    """One message."""

    role: str
    content: Sequence[Block]


_messages = msgspec.json.Decoder(list[Said])


def outlined(given: Fields) -> list[Said] | None:
    """The messages; None where they are none."""
    try:
        return _messages.decode(given.get("messages", b"[]"))
    except UNREADABLE:
        return None


def is_plain(said: Sequence[Said]) -> bool:
    """Whether sides speak in turns, the user first and last, and each says one text.

    Every model takes that, as most conversations are.
    """
    for at, message in enumerate(said):
        if message.role != ("assistant" if at % 2 else "user") or len(message.content) != 1:
            return False
        if not _is_words(message.content[0]):
            return False
    return len(said) % 2 == 1


def _is_words(block: Block) -> bool:
    text = block.text
    said = text is not None and text != "" and not text.isspace()
    called = block.toolUse is not None or block.toolResult is not None
    return said and not called and block.reasoningContent is None and block.cachePoint is None


def calls_in(said: Sequence[Said]) -> Iterator[Called]:
    """The calls and the results, in the order in which they stand."""
    for message in said:
        for block in message.content:
            if block.toolUse is not None:
                yield block.toolUse
            if block.toolResult is not None:
                yield block.toolResult


def going_on(said: Sequence[Said]) -> list[Block]:
    """The assistant's blocks in a loop of tools that goes on; none where none does.

    A loop goes on where results are all that was said to the last calls.
    """
    blocks: list[Block] = []
    answered = False
    for message in reversed(said):
        if message.role == "assistant":
            blocks = [*message.content, *blocks]
        elif any(block.toolResult is not None for block in message.content):
            answered = True
        else:
            break
    return blocks if answered else []
