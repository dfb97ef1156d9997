"""The servers of this protocol: OpenAI itself, and those that are compatible with it.

Sources, as of 2026:

* OpenAI: the API reference ("Create chat completion"), the types of the `openai` SDK, the
  guides "Reasoning" and "Prompt caching", and refusals that callers reported. `max_tokens` is
  refused by models that reason, `metadata` without `store`, marks for the cache by models
  before gpt-5.6; gpt-5.4 and later take functions only with the effort `none` here.
* Azure: the same behind Microsoft's filter ("Content streaming" in its documentation).
  Deployments have names of their own, so that a model's family often cannot be told.
* Mistral: the types of the `mistralai` SDK and the validators of `mistral-common`. Any unknown
  field is refused (422), `stream_options` among them; a tool has a schema; ids of calls are nine
  letters and digits; a user's message may not follow a tool's result; a message of the model
  says something or calls; only models that reason take reasoning and an effort.
* vLLM: `vllm/entrypoints/openai/chat_completion/protocol.py`.
* llama.cpp: `tools/server/README.md` and `common/chat.cpp`. A choice is a string: an object
  would silently count as `auto`. A last assistant message is continued, and said again in
  whole answers. Without any other token asked for there are no probabilities. Templates of
  models raise where sides do not alternate.
* Ollama: `openai/openai.go` and "OpenAI compatibility" in its documentation. No choice among
  tools, images as bytes alone, four efforts.
"""

import re
from collections.abc import Mapping

from changeover.conversation.model import Effort
from changeover.directory.model import Dialect
from changeover.wire.openai_chat.profile import EFFORTS, Family, Profile, Setting

_COMMON: Mapping[Setting, str] = {
    "temperature": "temperature",
    "top_p": "top_p",
    "stop": "stop",
    "seed": "seed",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "chances": "top_logprobs",
}
_REASONS: frozenset[Setting] = frozenset(
    {"temperature", "top_p", "frequency_penalty", "presence_penalty", "chances"}
)
_OLDER: tuple[Effort, ...] = ("low", "medium", "high")
_FROM_5_6 = re.compile(r"gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)(?!.*terra)")

OPENAI_FAMILIES = (
    Family(
        names=re.compile(r"gpt-[34]|chatgpt|gpt-5[\d.]*-chat"),
        lacks=frozenset({"effort", "verbosity"}),
    ),
    Family(
        names=re.compile(r"o\d"),
        lacks=_REASONS | {"verbosity", "parallel_calls", "stop"},
        efforts=_OLDER,
    ),
    Family(
        names=re.compile(r"gpt-5(?!\.)"),
        lacks=_REASONS | {"stop"},
        efforts=("minimal", *_OLDER),
    ),
    Family(
        names=re.compile(r"gpt-5\.1"),
        lacks=frozenset({"stop"}),
        lacks_reasoning=_REASONS,
        efforts=("none", *_OLDER),
    ),
    Family(
        names=re.compile(r"gpt-5\.[23]"),
        lacks=frozenset({"stop"}),
        lacks_reasoning=_REASONS,
        efforts=("none", *_OLDER, "xhigh"),
    ),
    Family(
        names=re.compile(r"gpt-5\.[45]"),
        lacks=frozenset({"stop"}),
        lacks_reasoning=_REASONS,
        efforts=("none", *_OLDER, "xhigh"),
        silent_tools=True,
    ),
    Family(
        names=_FROM_5_6,
        lacks=frozenset({"stop"}),
        lacks_reasoning=_REASONS,
        efforts=("none", *_OLDER, "xhigh", "max"),
        silent_tools=True,
    ),
)
"""OpenAI's models by name. Names that are not known are taken at their client's word."""

OPENAI = Profile(
    fields={
        **_COMMON,
        "max_tokens": "max_completion_tokens",
        "effort": "reasoning_effort",
        "verbosity": "verbosity",
        "user": "safety_identifier",
        "cache_key": "prompt_cache_key",
        "parallel_calls": "parallel_tool_calls",
    },
    families=OPENAI_FAMILIES,
    strict_schemas=True,
    says_json=True,
    max_stops=4,
    files="file",
    refusals=True,
    marks=_FROM_5_6,
)

AZURE = Profile(
    fields={**OPENAI.fields, "user": "user"},
    families=OPENAI_FAMILIES,
    strict_schemas=True,
    says_json=True,
    max_stops=4,
    files="file",
    refusals=True,
)

MISTRAL = Profile(
    fields={
        **_COMMON,
        "max_tokens": "max_tokens",
        "top_k": "top_k",
        "seed": "random_seed",
        "effort": "reasoning_effort",
        "metadata": "metadata",
        "cache_key": "prompt_cache_key",
        "parallel_calls": "parallel_tool_calls",
    },
    families=(
        Family(names=re.compile(r"magistral|mistral-(?:small|medium)")),
        Family(names=re.compile(r"\S*stral"), lacks=frozenset({"effort"}), plain=True),
    ),
    counts=False,
    required="any",
    needs_parameters=True,
    call_id=re.compile(r"[a-zA-Z0-9]{9}"),
    call_id_prefix="",
    call_id_digits=9,
    object_arguments=True,
    files="document",
    result_images=True,
    thoughts="chunk",
    prefill="prefix",
    echoes="always",
    bridged=True,
    needs_words=True,
    finishes={"model_length": "length", "error": "failed"},
)

VLLM = Profile(
    fields={
        **_COMMON,
        "max_tokens": "max_completion_tokens",
        "top_k": "top_k",
        "effort": "reasoning_effort",
        "budget": "thinking_token_budget",
        "parallel_calls": "parallel_tool_calls",
    },
    object_arguments=True,
    thoughts="reasoning",
    prefill="continue",
    alternates=True,
    finishes={"abort": "failed", "error": "failed", "repetition": "length"},
)

LLAMA_CPP = Profile(
    fields={
        **_COMMON,
        "max_tokens": "max_tokens",
        "top_k": "top_k",
        "effort": "reasoning_effort",
        "parallel_calls": "parallel_tool_calls",
    },
    least_others=1,
    choices=frozenset({"auto", "none", "required"}),
    object_arguments=True,
    thoughts="reasoning_content",
    prefill="always",
    echoes="whole",
    alternates=True,
)

OLLAMA = Profile(
    fields={**_COMMON, "max_tokens": "max_tokens", "effort": "reasoning_effort"},
    families=(
        Family(
            names=re.compile(""), efforts=tuple(one for one in EFFORTS if one in {"none", *_OLDER})
        ),
    ),
    choices=frozenset({"auto"}),
    object_arguments=True,
    images="bytes",
    thoughts="reasoning",
    prefill="always",
    alternates=True,
    finishes={"load": "end", "unload": "end"},
)

_DIALECTS: Mapping[Dialect, Profile] = {
    "azure": AZURE,
    "mistral": MISTRAL,
    "vllm": VLLM,
    "llama-cpp": LLAMA_CPP,
    "ollama": OLLAMA,
}


def profile_of(dialect: Dialect | None) -> Profile:
    """The profile of a host's dialect; OpenAI's own without one, or where it is no server's."""
    return OPENAI if dialect is None else _DIALECTS.get(dialect, OPENAI)
