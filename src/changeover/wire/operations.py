"""The codec of each operation beside chat, by protocol and dialect; None where there is none.

Embeddings are posted beside `/chat/completions` and `/responses` alike. Chat Completions
cannot count, and of hosts that speak a protocol in a dialect of their own only Vertex AI is
known to count as the protocol's vendor does.
"""

from functools import cache
from typing import assert_never

from changeover.directory.model import Dialect, Protocol
from changeover.wire.anthropic_messages.counting import MessagesCounting
from changeover.wire.gemini_generate.counting import GeminiCounting
from changeover.wire.gemini_generate.embeddings import GeminiEmbeddings
from changeover.wire.openai_chat.embeddings import PROFILES, OpenAIEmbeddings
from changeover.wire.openai_responses.counting import ResponsesCounting
from changeover.wire.operation import CountingCodec, EmbeddingCodec
from changeover.wire.registry import codec


@cache
def embedding_codec(protocol: Protocol, dialect: Dialect | None = None) -> EmbeddingCodec | None:
    """Embeddings as `protocol` has them. Codecs hold no state."""
    match protocol:
        case "openai-chat" | "openai-responses":
            profile = PROFILES.get(dialect)
            return None if profile is None else OpenAIEmbeddings(profile)
        case "gemini-generate":
            return GeminiEmbeddings() if dialect is None else None
        case "anthropic-messages" | "bedrock-converse":
            return None
        case _:
            assert_never(protocol)


@cache
def counting_codec(protocol: Protocol, dialect: Dialect | None = None) -> CountingCodec | None:
    """Counting as `protocol` has it. Codecs hold no state."""
    match protocol:
        case "anthropic-messages":
            return MessagesCounting(codec(protocol)) if dialect is None else None
        case "openai-responses":
            return ResponsesCounting(codec(protocol)) if dialect is None else None
        case "gemini-generate":
            return GeminiCounting(codec(protocol, dialect), dialect)
        case "openai-chat" | "bedrock-converse":
            return None
        case _:
            assert_never(protocol)
