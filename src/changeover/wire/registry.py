"""The codec of each protocol."""

from typing import assert_never

from changeover.directory.model import Protocol
from changeover.wire.anthropic_messages.codec import AnthropicMessages
from changeover.wire.codec import Codec
from changeover.wire.gemini_generate.codec import GeminiGenerate
from changeover.wire.openai_chat.codec import OpenAIChat
from changeover.wire.openai_responses.codec import OpenAIResponses


def codec(protocol: Protocol) -> Codec:
    """The codec of `protocol`. Codecs hold no state; any number may be made."""
    match protocol:
        case "openai-chat":
            return OpenAIChat()
        case "openai-responses":
            return OpenAIResponses()
        case "anthropic-messages":
            return AnthropicMessages()
        case "gemini-generate":
            return GeminiGenerate()
        case _:
            assert_never(protocol)
