"""What a Chat Completions request asks beyond words and tools, and which model refuses it.

Written from the vendor's guides ("Reasoning models", "Structured model outputs", "Prompt
caching"), the types of its official SDK and error bodies that callers reported.

Models up to GPT-4 do not reason, and their answers have one length. Models that reason take
`max_completion_tokens` alone and no stop sequences, and neither temperatures nor penalties nor
probabilities while they reason: the o-series and GPT-5 always do, later ones where it is asked.
From GPT-5.4 on, functions are taken only without an effort, which GPT-5.6 has of itself.
`metadata` is taken only with `store`. Nothing is taken that makes sound, searches or predicts.
"""

import re
from collections.abc import Mapping
from typing import Any

from changeover.standin.openai_checks import flag, invalid, json_object, missing, one_of, text
from changeover.standin.openai_tools import check_name
from changeover.standin.responses_wanted import takes_marks, unsupported
from changeover.standin.strict_schema import strict_fault

_REASONS = re.compile(r"o\d|gpt-(?:[5-9]|\d\d)(?![\d.]*-chat)")
_ALWAYS = re.compile(r"o\d|gpt-5(?:$|-)")
_SILENT_TOOLS = re.compile(r"gpt-(?:5\.(?:[4-9]|\d\d)|[6-9]|\d\d)")
_OF_ITSELF = re.compile(r"gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)")
_DEFAULTS = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
_WITHOUT: dict[str, tuple[Any, ...]] = {
    "n": (1,),
    "modalities": (["text"],),
    "function_call": ("none",),
    **dict.fromkeys(("functions", "audio", "prediction", "moderation", "web_search_options"), ()),
}
"""What no model here takes, and the values with which it takes it all the same."""


def reasons(model: str) -> bool:
    """Whether the model can reason."""
    return _REASONS.match(model) is not None


def check_format(name: str, value: Any) -> None:
    """Refuses what is no form of an answer."""
    json_object(name, value)
    one_of("text", "json_object", "json_schema")(f"{name}.type", value.get("type"))
    if value["type"] != "json_schema":
        return
    inner = f"{name}.json_schema"
    schema = value.get("json_schema")
    if schema is None:
        raise missing(inner)
    json_object(inner, schema)
    if schema.get("name") is None:
        raise missing(f"{inner}.name")
    text(f"{inner}.name", schema["name"])
    check_name(f"{inner}.name", schema["name"])
    json_object(f"{inner}.schema", schema.get("schema", {}))
    if schema.get("strict") is not None:
        flag(f"{inner}.strict", schema["strict"])
    if schema.get("strict") and (fault := strict_fault(schema.get("schema", {}))):
        message = f"Invalid schema for response_format '{schema['name']}': {fault}"
        raise invalid(message, name, None)


def check_features(given: Mapping[str, Any]) -> None:
    """Refuses what the model does not have."""
    for name, taken in _WITHOUT.items():
        if name in given and given[name] not in taken:
            raise unsupported(name)
    if given.get("metadata") and not given.get("store"):
        message = "The 'metadata' parameter is only allowed when 'store' is enabled."
        raise invalid(message, "metadata", None)
    if "prompt_cache_options" in given and not takes_marks(given["model"]):
        message = "prompt_cache_options is not supported on this model"
        raise invalid(message, "prompt_cache_options", None)
    if reasons(given["model"]):
        _check_reasoning(given)
    elif given.get("verbosity", "medium") != "medium":
        message = (
            f"Unsupported value: 'verbosity' does not support '{given['verbosity']}' with this "
            "model. Supported values are: 'medium'."
        )
        raise invalid(message, "verbosity", "unsupported_value")


def _check_reasoning(given: Mapping[str, Any]) -> None:
    """What a model refuses that reasons."""
    model = given["model"]
    if "max_tokens" in given:
        message = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead."
        )
        raise invalid(message, "max_tokens", "unsupported_parameter")
    if "stop" in given:
        raise unsupported("stop")
    if _is_refused_with_tools(given):
        message = (
            f"Function tools with reasoning_effort are not supported for {model} in "
            "/v1/chat/completions. To use function tools, use /v1/responses or set "
            "reasoning_effort to 'none'."
        )
        raise invalid(message, "reasoning_effort", None)
    if not _thinks(given):
        return
    if given.get("logprobs"):
        raise unsupported("logprobs")
    for name, default in _DEFAULTS.items():
        if given.get(name, default) != default:
            message = (
                f"Unsupported value: '{name}' does not support {given[name]} with this model. Only "
                f"the default ({default}) value is supported."
            )
            raise invalid(message, name, "unsupported_value")


def _is_refused_with_tools(given: Mapping[str, Any]) -> bool:
    model, effort = given["model"], given.get("reasoning_effort")
    if not given.get("tools") or not _SILENT_TOOLS.match(model):
        return False
    return effort != "none" if _OF_ITSELF.match(model) else effort not in {None, "none"}


def _thinks(given: Mapping[str, Any]) -> bool:
    effort = given.get("reasoning_effort")
    return bool(_ALWAYS.match(given["model"])) or effort not in {None, "none"}


def check_json_said(given: Mapping[str, Any], words: str) -> None:
    """Refuses JSON without a schema where nobody says the word."""
    if given.get("response_format", {}).get("type") == "json_object" and (
        "json" not in words.lower()
    ):
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of "
            "type 'json_object'."
        )
        raise invalid(message, "messages", None)


def wanted(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Wanted` that are not those of any request."""
    form = given.get("response_format") or {}
    schema = form.get("json_schema", {}).get("schema") or {}
    forms = {"json_schema": schema, "json_object": {}}
    return {
        "reasons": reasons(given["model"]) and _thinks(given),
        "form": forms.get(form.get("type", "text")),
        "chances": given.get("top_logprobs", 0) if given.get("logprobs") else None,
        "verbosity": given.get("verbosity", "medium"),
    }
