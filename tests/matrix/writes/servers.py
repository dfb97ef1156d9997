"""What is written in Chat Completions to servers that are compatible with OpenAI's.

What each takes is in its own documentation, which `wire/openai_chat/profiles.py` names.
"""

from collections.abc import Mapping
from typing import Any

from tests.matrix.features.feature import PDF_URL
from tests.matrix.outcome import Outcome, carried, converted, refused, reported
from tests.matrix.writes.chat import CHAT, DATA_URL, STOP, user

_DECLINED = converted({"messages": [{"role": "assistant", "content": "I cannot say."}]})
_PREFILL: Any = {"messages": [{"role": "assistant"}]}
_SERVER: Mapping[str, Outcome] = {
    **CHAT,
    "pinned": carried({}),
    "declined": _DECLINED,
    "prefill": carried(_PREFILL),
    "pdf": refused("file"),
    "text-file": reported("file", receives=user({"type": "text"})),
    "limit": carried({"max_tokens": 16}),
    "stop": carried({"stop": STOP}),
    "many-stops": carried({"stop": ["counts", "b5"]}),
    "top-k": carried({"top_k": 5}),
    "effort": carried({"reasoning_effort": "high"}),
    "budget": reported("reasoning_budget", receives={"reasoning_effort": "low"}),
    "shown": reported("reasoning_summary", receives={"reasoning_effort": "medium"}),
    "user": reported("user"),
    "cache-key": reported("prompt_cache_key"),
}

VLLM: Mapping[str, Outcome] = {
    **_SERVER,
    "prefill": carried({**_PREFILL, "continue_final_message": True}),
    "limit": carried({"max_completion_tokens": 16}),
    "budget": carried({"thinking_token_budget": 2048}),
}

LLAMA_CPP: Mapping[str, Outcome] = {
    **_SERVER,
    # A choice is a word: the one tool that must be called is the only one offered.
    "tool-named": converted(
        {"tool_choice": "required", "tools": [{"function": {"name": "clock"}}]}
    ),
}

OLLAMA: Mapping[str, Outcome] = {
    **_SERVER,
    "image-url": refused("images"),
    # It has no choice among tools; without any, none is called.
    "tool-none": converted({}),
    "one-at-a-time": reported("parallel_tool_calls"),
    "tool-named": reported("tool_choice"),
    "tool-required": reported("tool_choice"),
    "top-k": reported("top_k"),
}

MISTRAL: Mapping[str, Outcome] = {
    **_SERVER,
    "prefill": carried({"messages": [{"role": "assistant", "prefix": True}]}),
    "pdf": carried(user({"type": "document_url"})),
    "pdf-url": carried(user({"type": "document_url", "document_url": PDF_URL})),
    "tool-required": carried({"tool_choice": "any"}),
    "result": converted({"messages": [{"role": "tool"}]}),
    "results": converted({"messages": [{"role": "tool"}]}),
    "result-image": carried(
        {"messages": [{"role": "tool", "content": [{"image_url": {"url": DATA_URL}}]}]}
    ),
    "seed": carried({"random_seed": 7}),
    "effort": reported("reasoning_effort"),
    "budget": reported("reasoning_budget", "reasoning_effort"),
    "shown": reported("reasoning_effort", "reasoning_summary"),
    "metadata": carried({"metadata": {"case": "seven"}}),
    "cache-key": carried({"prompt_cache_key": "harbour"}),
}

_REASONING = frozenset({"effort", "budget", "shown"})
NOT_ANSWERED: Mapping[str, frozenset[str]] = {
    "vllm": _REASONING | {"prefill", "many-stops", "top-k"},
    "llama-cpp": _REASONING | {"many-stops", "top-k"},
    "ollama": _REASONING | {"many-stops"},
}
"""What these servers take and their stand-ins refuse: there, only the request is looked at."""
