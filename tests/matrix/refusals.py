"""What is refused by name at the client's door, because no other vendor could do it.

These features are of one protocol each, so they have no rows beside the upstreams: a
request with one is refused (400) before a route is looked for, and names the field.
"""

from collections.abc import Mapping
from typing import Any

import msgspec


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An argument of a client's SDK that is refused, and the field that the error names."""

    client: str
    field: str
    given: Mapping[str, Any]


REFUSALS = (
    Refusal(client="chat", field="n", given={"n": 2}),
    Refusal(
        client="chat",
        field="audio",
        given={"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}},
    ),
    Refusal(
        client="responses", field="previous_response_id", given={"previous_response_id": "resp_1"}
    ),
    Refusal(client="responses", field="conversation", given={"conversation": "conv_1"}),
    Refusal(client="responses", field="background", given={"background": True}),
    Refusal(client="responses", field="prompt", given={"prompt": {"id": "pmpt_1"}}),
    Refusal(
        client="converse",
        field="guardrailConfig",
        given={"guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "1"}},
    ),
    Refusal(client="messages", field="container", given={"container": "container_1"}),
    Refusal(client="gemini", field="cachedContent", given={"cached_content": "cachedContents/1"}),
    Refusal(client="gemini", field="generationConfig.candidateCount", given={"candidate_count": 2}),
)
