"""What is written in Chat Completions, to OpenAI and to Azure."""

from collections.abc import Mapping
from typing import Any

from tests.matrix.features.feature import FACT, PICTURE, PICTURE_URL, SCHEMA, WORDS
from tests.matrix.outcome import Outcome, carried, converted, refused, reported


def user(*parts: Any) -> Any:
    return {"messages": [{"role": "user", "content": list(parts)}]}


DATA_URL = f"data:image/png;base64,{PICTURE}"
STOP = ["counts"]
_FUNCTION = {"name": "weather", "description": "The weather now.", "parameters": SCHEMA}

CHAT: Mapping[str, Outcome] = {
    "text": carried({"messages": [{"role": "user"}]}),
    "parts": carried(user({"type": "text", "text": FACT})),
    "history": carried({"messages": [{"role": "assistant", "content": "Noted."}]}),
    "system": carried({"messages": [{"role": "system", "content": "Be brief."}]}),
    "system-later": converted({"messages": [{"role": "system", "content": "Be brief."}]}),
    "declined": carried(
        {"messages": [{"content": [{"type": "refusal", "refusal": "I cannot say."}]}]}
    ),
    "prefill": reported("messages"),
    "pinned": carried({"model": "gpt-4o-2024-11-20"}),
    "image": carried(user({"image_url": {"url": DATA_URL}})),
    "image-url": carried(user({"image_url": {"url": PICTURE_URL}})),
    "image-detail": carried(user({"image_url": {"detail": "low"}})),
    "pdf": carried(user({"type": "file"})),
    "pdf-url": refused("file"),
    "text-file": converted(user({"type": "file"})),
    "tool": carried({"tools": [{"function": _FUNCTION}]}),
    "tool-without-arguments": carried({"tools": [{"function": {"name": "clock"}}]}),
    "tools-at-once": carried({"tools": [{"function": _FUNCTION}]}),
    "one-at-a-time": carried({"parallel_tool_calls": False}),
    "tool-named": carried({"tool_choice": {"function": {"name": "clock"}}}),
    "tool-required": carried({"tool_choice": "required"}),
    "tool-none": carried({"tool_choice": "none"}),
    "tool-strict": carried({"tools": [{"function": {"strict": True}}]}),
    "result": carried({"messages": [{"role": "tool", "tool_call_id": "call_1", "content": WORDS}]}),
    "results": carried({"messages": [{"role": "tool", "tool_call_id": "call_2"}]}),
    "result-image": reported("tool_result", receives=user({"image_url": {"url": DATA_URL}})),
    "result-error": reported("is_error", receives={"messages": [{"role": "tool"}]}),
    "foreign-ids": converted({"messages": [{"role": "tool", "content": WORDS}]}),
    "json": carried({"response_format": {"type": "json_object"}}),
    "json-schema": carried({"response_format": {"json_schema": {"schema": SCHEMA}}}),
    "limit": carried({"max_completion_tokens": 16}),
    "stop": carried({"stop": STOP}),
    "many-stops": reported("stop_sequences", receives={"stop": ["counts", "b3"]}),
    "verbosity": reported("verbosity"),
    "temperature": carried({"temperature": 0.5}),
    "hot": carried({"temperature": 1.5}),
    "top-p": carried({"top_p": 0.5}),
    "top-k": reported("top_k"),
    "seed": carried({"seed": 7}),
    "penalties": carried({"frequency_penalty": 0.5, "presence_penalty": 0.25}),
    "chances": carried({"logprobs": True, "top_logprobs": 2}),
    "effort": reported("reasoning_effort"),
    "budget": reported("reasoning_budget", "reasoning_effort"),
    "shown": reported("reasoning_effort", "reasoning_summary"),
    "user": converted({"safety_identifier": "user-7"}),
    "metadata": reported("metadata"),
    "cache": reported("cache"),
    "cache-key": carried({"prompt_cache_key": "harbour"}),
}

CHAT_5: Mapping[str, Outcome] = {
    **CHAT,
    "pinned": carried({"model": "gpt-5.2-2025-12-11"}),
    "stop": reported("stop_sequences"),
    "many-stops": reported("stop_sequences"),
    "verbosity": carried({"verbosity": "low"}),
    "effort": carried({"reasoning_effort": "high"}),
    "budget": reported("reasoning_budget", receives={"reasoning_effort": "low"}),
    "shown": reported("reasoning_summary", receives={"reasoning_effort": "medium"}),
    "temperature": reported("temperature"),
    "hot": reported("temperature"),
    "top-p": reported("top_p"),
    "penalties": reported("frequency_penalty", "presence_penalty"),
    "chances": reported("logprobs"),
}
"""A model that reasons takes an effort, and then no sampling."""

AZURE: Mapping[str, Outcome] = {
    **CHAT,
    "pinned": carried({}),
    "user": carried({"user": "user-7"}),
}
