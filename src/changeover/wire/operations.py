"""The codec of each operation beside chat, by protocol and dialect; None where there is none.

Embeddings are posted beside `/chat/completions` and `/responses` alike. Chat Completions
cannot count, and of hosts that speak a protocol in a dialect of their own Vertex AI and
Bedrock can.
"""

from functools import cache
from typing import assert_never

from changeover.directory.model import Dialect, Protocol
from changeover.wire.anthropic_messages.counting import MessagesCounting
from changeover.wire.anthropic_messages.hosted_counting import CountingOnBedrock, CountingOnVertex
from changeover.wire.bedrock_converse.counting import ConverseCounting
from changeover.wire.gemini_generate.counting import GeminiCounting
from changeover.wire.gemini_generate.embeddings import GeminiEmbeddings
from changeover.wire.openai_chat.embeddings import OPENAI, PROFILES, OpenAIEmbeddings
from changeover.wire.openai_responses.counting import ResponsesCounting
from changeover.wire.operation import Counter, CountingCodec, EmbeddingCodec
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


def passes(client: Protocol, host: Protocol, dialect: Dialect | None) -> bool:
    """Whether a host takes a client's request for embeddings, and answers, in the same form."""
    if client == "gemini-generate":
        return host == client and dialect is None
    at_host = host in {"openai-chat", "openai-responses"}
    return at_host and client == "openai-chat" and PROFILES.get(dialect) is OPENAI


@cache
def counter(protocol: Protocol, dialect: Dialect | None = None) -> Counter | None:
    """Counting at hosts that speak `protocol`, in their dialect. Codecs hold no state."""
    if (protocol, dialect) == ("anthropic-messages", "bedrock"):
        return CountingOnBedrock(codec(protocol, dialect))
    return counting_codec(protocol, dialect)


@cache
def counting_codec(protocol: Protocol, dialect: Dialect | None = None) -> CountingCodec | None:
    """Counting as clients and hosts have it in `protocol`. Codecs hold no state."""
    match protocol, dialect:
        case "anthropic-messages", None:
            return MessagesCounting(codec(protocol))
        case "anthropic-messages", "vertex":
            return CountingOnVertex(codec(protocol))
        case "openai-responses", None:
            return ResponsesCounting(codec(protocol))
        case "gemini-generate", None | "vertex":
            return GeminiCounting(codec(protocol, dialect), dialect)
        case "bedrock-converse", None:
            return ConverseCounting(codec(protocol), codec("anthropic-messages", "bedrock"))
        case _:
            return None
