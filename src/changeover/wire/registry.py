"""The codec of each protocol, as its own vendor speaks it and in hosts' dialects."""

from functools import cache
from typing import assert_never

from changeover.directory.model import Dialect, Protocol
from changeover.wire.anthropic_messages.codec import AnthropicMessages
from changeover.wire.anthropic_messages.hosted import AnthropicOnBedrock, AnthropicOnVertex
from changeover.wire.anthropic_messages.passing import MessagesPassage
from changeover.wire.bedrock_converse.codec import BedrockConverse
from changeover.wire.bedrock_converse.passing import ConversePassage
from changeover.wire.codec import Codec
from changeover.wire.gemini_generate.codec import GeminiGenerate
from changeover.wire.gemini_generate.passing import GeminiPassage
from changeover.wire.openai_chat.codec import OpenAIChat
from changeover.wire.openai_chat.passing import ChatPassage
from changeover.wire.openai_chat.profiles import profile_of
from changeover.wire.openai_responses.codec import OpenAIResponses
from changeover.wire.openai_responses.passing import ResponsesPassage
from changeover.wire.passing import Passage

_HOSTED: dict[Dialect | None, type[AnthropicMessages]] = {
    "bedrock": AnthropicOnBedrock,
    "vertex": AnthropicOnVertex,
}


@cache
def codec(protocol: Protocol, dialect: Dialect | None = None) -> Codec:
    """The codec of `protocol` in a host's `dialect`. Codecs hold no state."""
    match protocol:
        case "openai-chat":
            return OpenAIChat(profile_of(dialect))
        case "openai-responses":
            return OpenAIResponses(dialect)
        case "anthropic-messages":
            return _HOSTED.get(dialect, AnthropicMessages)()
        case "gemini-generate":
            return GeminiGenerate(dialect)
        case "bedrock-converse":
            return BedrockConverse()
        case _:
            assert_never(protocol)


@cache
def passage(protocol: Protocol, dialect: Dialect | None = None) -> Passage | None:
    """The passage of `protocol`, where a host speaks it as its own vendor does.

    A dialect needs a request to be changed, which is its codec's business.
    """
    if dialect is not None:
        return None
    match protocol:
        case "openai-chat":
            return ChatPassage()
        case "openai-responses":
            return ResponsesPassage()
        case "anthropic-messages":
            return MessagesPassage()
        case "gemini-generate":
            return GeminiPassage()
        case "bedrock-converse":
            return ConversePassage()
        case _:
            assert_never(protocol)
