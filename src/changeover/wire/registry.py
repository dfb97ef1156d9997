"""The codec of each protocol, as its own vendor speaks it and in hosts' dialects."""

from functools import cache
from typing import assert_never

from changeover.directory.model import Dialect, Protocol
from changeover.wire.anthropic_messages.codec import AnthropicMessages
from changeover.wire.anthropic_messages.hosted import AnthropicOnBedrock, AnthropicOnVertex
from changeover.wire.bedrock_converse.codec import BedrockConverse
from changeover.wire.codec import Codec
from changeover.wire.gemini_generate.codec import GeminiGenerate
from changeover.wire.openai_chat.codec import OpenAIChat
from changeover.wire.openai_chat.profiles import profile_of
from changeover.wire.openai_responses.codec import OpenAIResponses

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
