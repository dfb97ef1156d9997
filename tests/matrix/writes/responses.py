"""What is written in Responses, to OpenAI."""

from collections.abc import Mapping
from typing import Any

from tests.matrix.features.feature import FACT, PICTURE, PICTURE_URL, SCHEMA, WORDS
from tests.matrix.outcome import Outcome, carried, converted, reported


def user(*parts: Any) -> Any:
    return {"input": [{"role": "user", "content": list(parts)}]}


_DATA_URL = f"data:image/png;base64,{PICTURE}"
_STOP = ["counts"]
_FUNCTION = {"name": "weather", "description": "The weather now.", "parameters": SCHEMA}

RESPONSES: Mapping[str, Outcome] = {
    "text": carried({"input": [{"role": "user"}], "store": False}),
    "parts": carried(user({"type": "input_text", "text": FACT})),
    "history": carried({"input": [{"role": "assistant"}]}),
    "system": carried({"instructions": "Be brief."}),
    "system-later": converted({"instructions": "Be brief."}),
    "declined": carried(
        {"input": [{"content": [{"type": "refusal", "refusal": "I cannot say."}]}]}
    ),
    "prefill": reported("messages"),
    "pinned": carried({"model": "gpt-5.1-2025-11-13"}),
    "image": carried(user({"type": "input_image", "image_url": _DATA_URL})),
    "image-url": carried(user({"type": "input_image", "image_url": PICTURE_URL})),
    "image-detail": carried(user({"type": "input_image", "detail": "low"})),
    "pdf": carried(user({"type": "input_file", "filename": "log…"})),
    "pdf-url": carried(user({"type": "input_file"})),
    "text-file": converted(user({"type": "input_file"})),
    "tool": carried({"tools": [_FUNCTION]}),
    "tool-without-arguments": carried({"tools": [{"name": "clock"}]}),
    "tools-at-once": carried({"tools": [_FUNCTION]}),
    "one-at-a-time": carried({"parallel_tool_calls": False}),
    "tool-named": carried({"tool_choice": {"type": "function", "name": "clock"}}),
    "tool-required": carried({"tool_choice": "required"}),
    "tool-none": carried({"tool_choice": "none"}),
    "tool-strict": carried({"tools": [{"strict": True}]}),
    "result": carried(
        {"input": [{"type": "function_call_output", "call_id": "call_1", "output": WORDS}]}
    ),
    "results": carried({"input": [{"type": "function_call_output", "call_id": "call_2"}]}),
    "result-image": carried(
        {"input": [{"output": [{"type": "input_image", "image_url": _DATA_URL}]}]}
    ),
    "result-error": reported("is_error", receives={"input": [{"type": "function_call_output"}]}),
    "foreign-ids": converted({"input": [{"type": "function_call_output", "output": WORDS}]}),
    "json": carried({"text": {"format": {"type": "json_object"}}}),
    "json-schema": carried({"text": {"format": {"schema": SCHEMA}}}),
    "limit": carried({"max_output_tokens": 16}),
    "stop": reported("stop"),
    "many-stops": reported("stop"),
    "verbosity": carried({"text": {"verbosity": "low"}}),
    "temperature": carried({"temperature": 0.5}),
    "hot": carried({"temperature": 1.5}),
    "top-p": carried({"top_p": 0.5}),
    "top-k": reported("top_k"),
    "seed": reported("seed"),
    "penalties": reported("frequency_penalty", "presence_penalty"),
    "chances": carried({"top_logprobs": 2}),
    "effort": carried({"reasoning": {"effort": "high"}}),
    "budget": reported("thinking.budget", receives={"reasoning": {"effort": "low"}}),
    "shown": carried({"reasoning": {"effort": "medium", "summary": "auto"}}),
    "user": converted({"safety_identifier": "user-7"}),
    "metadata": carried({"metadata": {"case": "seven"}}),
    "cache": reported("cache"),
    "cache-key": carried({"prompt_cache_key": "harbour"}),
}
