"""What becomes of each feature for each upstream, declared by hand.

What can be said in its protocol is `carried` or `converted`, with a pattern of what the
vendor must then have received; what cannot is `reported` or `refused`. Nothing of this is
taken down from a run.
"""

from collections.abc import Mapping

from tests.matrix.outcome import Outcome, carried
from tests.matrix.writes.chat import AZURE, CHAT, CHAT_5
from tests.matrix.writes.converse import CONVERSE
from tests.matrix.writes.gemini import GEMINI
from tests.matrix.writes.messages import HOSTED, MESSAGES
from tests.matrix.writes.responses import RESPONSES
from tests.matrix.writes.servers import LLAMA_CPP, MISTRAL, OLLAMA, VLLM

_ALIKE: Mapping[str, Outcome] = {
    "usage": carried({}),
    "declines": carried({}),
    "withheld": carried({}),
    "cites": carried({}),
    "rate-limited": carried({}),
    "overloaded": carried({}),
    "refused-by-vendor": carried({}),
    "garbage": carried({}),
    "closed": carried({}),
    "garbage-in-stream": carried({}),
    "unknown-model": carried({}),
}
"""What does not depend on the upstream's protocol."""

WRITES: Mapping[str, Mapping[str, Outcome]] = {
    "chat": {**CHAT, **_ALIKE},
    "chat-5": {**CHAT_5, **_ALIKE},
    "responses": {**RESPONSES, **_ALIKE},
    "messages": {**MESSAGES, **_ALIKE},
    "gemini": {**GEMINI, **_ALIKE},
    "converse": {**CONVERSE, **_ALIKE},
    "bedrock": {**HOSTED, **_ALIKE},
    "vertex": {**HOSTED, **_ALIKE},
    "azure": {**AZURE, **_ALIKE},
    "mistral": {**MISTRAL, **_ALIKE},
    "vllm": {**VLLM, **_ALIKE},
    "llama-cpp": {**LLAMA_CPP, **_ALIKE},
    "ollama": {**OLLAMA, **_ALIKE},
}
"""By upstream and feature; every feature has an entry."""
