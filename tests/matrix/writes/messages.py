"""What is written in Messages, to Anthropic and to the clouds that host its models."""

from collections.abc import Mapping
from typing import Any

from tests.matrix.features.feature import FACT, PICTURE, PICTURE_URL, SCHEMA
from tests.matrix.outcome import Outcome, carried, converted, reported


def user(*parts: Any) -> Any:
    return {"messages": [{"role": "user", "content": list(parts)}]}


_DATA_URL = f"data:image/png;base64,{PICTURE}"
_STOP = ["counts"]
_FUNCTION = {"name": "weather", "description": "The weather now.", "parameters": SCHEMA}

MESSAGES: Mapping[str, Outcome] = {
    "text": carried({"messages": [{"role": "user"}], "max_tokens": 400}),
    "parts": carried(user({"type": "text", "text": FACT})),
    "history": carried({"messages": [{"role": "assistant"}]}),
    "system": carried({"system": "Be brief."}),
    "system-later": converted({"system": "Be brief."}),
    "declined": reported("refusal", receives={"messages": [{"role": "assistant"}]}),
    "prefill": reported("messages"),
    "pinned": carried({"model": "claude-sonnet-4-6"}),
    "image": carried(user({"source": {"type": "base64", "data": PICTURE}})),
    "image-url": carried(user({"source": {"type": "url", "url": PICTURE_URL}})),
    "image-detail": reported("detail", receives=user({"source": {"data": PICTURE}})),
    "pdf": carried(user({"type": "document", "title": "log…"})),
    "pdf-url": carried(user({"type": "document", "source": {"type": "url"}})),
    "text-file": carried(user({"type": "document", "source": {"data": FACT}})),
    "tool": carried({"tools": [{"name": "weather", "input_schema": SCHEMA}]}),
    "tool-without-arguments": carried(
        {"tools": [{"name": "clock", "input_schema": {"type": "object"}}]}
    ),
    "tools-at-once": carried({"tools": [{"name": "weather"}]}),
    "one-at-a-time": carried({"tool_choice": {"disable_parallel_tool_use": True}}),
    "tool-named": carried({"tool_choice": {"type": "tool", "name": "clock"}}),
    "tool-required": carried({"tool_choice": {"type": "any"}}),
    "tool-none": carried({"tool_choice": {"type": "none"}}),
    "tool-strict": carried({"tools": [{"strict": True}]}),
    "result": carried(user({"type": "tool_result", "tool_use_id": "call_1"})),
    "results": carried(user({"type": "tool_result", "tool_use_id": "call_2"})),
    "result-image": carried(user({"content": [{"source": {"data": PICTURE}}]})),
    "result-error": carried(user({"type": "tool_result", "is_error": True})),
    "foreign-ids": converted(user({"type": "tool_result"})),
    "json": reported("response_format"),
    "json-schema": carried({"output_config": {"format": {"schema": SCHEMA}}}),
    "limit": carried({"max_tokens": 16}),
    "stop": carried({"stop_sequences": _STOP}),
    "many-stops": carried({"stop_sequences": ["counts", "b5"]}),
    "verbosity": reported("verbosity"),
    "temperature": carried({"temperature": 0.5}),
    "hot": reported("temperature", receives={"temperature": 1.0}),
    "top-p": carried({"top_p": 0.5}),
    "top-k": carried({"top_k": 5}),
    "seed": reported("seed"),
    "penalties": reported("frequency_penalty", "presence_penalty"),
    "chances": reported("logprobs"),
    "effort": carried({"output_config": {"effort": "high"}}),
    "budget": carried({"thinking": {"type": "enabled", "budget_tokens": 2048}}),
    "shown": carried({"thinking": {"type": "adaptive"}}),
    "user": carried({"metadata": {"user_id": "user-7"}}),
    "metadata": reported("metadata"),
    "cache": carried(user({"cache_control": {"type": "ephemeral"}})),
    "cache-key": reported("prompt_cache_key"),
}

HOSTED: Mapping[str, Outcome] = {
    **MESSAGES,
    "text": carried({"messages": [{"role": "user"}]}),
    "pinned": carried({}),
}
"""Messages in a cloud's own request: the model stands in the address."""
