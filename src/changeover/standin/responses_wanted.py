"""What a Responses request asks beyond words and tools, and which model refuses it.

Written from the vendor's guides ("Reasoning models", "Structured model outputs", "Prompt
caching"), the types of its official SDK and error bodies that callers reported.

Models up to GPT-4 do not reason, and their answers have one length. Models that reason take
neither `temperature` and `top_p` nor probabilities: the o-series and GPT-5 never, later
ones while they reason, which they do only where it is asked. Marks for the cache are taken
since GPT-5.6.
"""

import re
from collections.abc import Mapping
from typing import Any

from changeover.standin.asked import Asked, RefusalError
from changeover.standin.openai_checks import (
    flag,
    invalid,
    json_object,
    missing,
    one_of,
    text,
    unknown,
)
from changeover.standin.strict_schema import strict_fault

_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_SUMMARIES = ("auto", "concise", "detailed")
_REASONS = re.compile(r"o\d|gpt-(?:[5-9]|\d\d)")
_ALWAYS = re.compile(r"o\d|gpt-5(?:$|-)")
_MARKED = re.compile(r"gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)")
_ENCRYPTED, _LOGPROBS = "reasoning.encrypted_content", "message.output_text.logprobs"
INCLUDED = (
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    _ENCRYPTED,
    _LOGPROBS,
)
_NAME = re.compile(r"[a-zA-Z0-9_-]+")


class Wanted(Asked, frozen=True, kw_only=True):
    """A request that passed the checks. `account` is who asks, without giving the key away.

    `form` is None for plain text, an empty object for any JSON, else a schema. `freeform` are
    the tools that take no JSON.
    """

    account: str = ""
    reasons: bool = False
    summary: bool = False
    encrypted: bool = False
    form: Mapping[str, Any] | None = None
    chances: int | None = None
    verbosity: str = "medium"
    freeform: frozenset[str] = frozenset()
    metadata: Mapping[str, str] = {}


def check_reasoning(name: str, value: Any) -> None:
    json_object(name, value)
    checks = {
        "effort": one_of(*_EFFORTS),
        "summary": one_of(*_SUMMARIES),
        "generate_summary": one_of(*_SUMMARIES),
        "context": one_of("auto", "current_turn", "all_turns"),
        "mode": text,
    }
    for field, item in value.items():
        if field not in checks:
            raise unknown(f"{name}.{field}")
        if item is not None:
            checks[field](f"{name}.{field}", item)


def check_text(name: str, value: Any) -> None:
    json_object(name, value)
    for field, item in value.items():
        if field == "verbosity":
            one_of("low", "medium", "high")(f"{name}.verbosity", item or "medium")
        elif field == "format":
            _check_format(f"{name}.format", item or {"type": "text"})
        else:
            raise unknown(f"{name}.{field}")


def _check_format(name: str, value: Any) -> None:
    json_object(name, value)
    one_of("text", "json_object", "json_schema")(f"{name}.type", value.get("type"))
    if value["type"] != "json_schema":
        return
    for field in value:
        if field not in {"type", "name", "schema", "description", "strict"}:
            raise unknown(f"{name}.{field}")
    for field in ("name", "schema"):
        if value.get(field) is None:
            raise missing(f"{name}.{field}")
    text(f"{name}.name", value["name"])
    if not _NAME.fullmatch(value["name"]):
        message = (
            f"Invalid '{name}.name': string does not match pattern. Expected a string that matches "
            "the pattern '^[a-zA-Z0-9_-]+$'."
        )
        raise invalid(message, f"{name}.name", "invalid_value")
    json_object(f"{name}.schema", value["schema"])
    if value.get("strict") is not None:
        flag(f"{name}.strict", value["strict"])
    fault = strict_fault(value["schema"]) if value.get("strict") else None
    if fault:
        message = f"Invalid schema for response_format '{value['name']}': {fault}"
        raise invalid(message, f"{name}.schema", "invalid_json_schema")


def check_include(name: str, value: Any) -> None:
    if not isinstance(value, list):
        message = f"Invalid type for '{name}': expected an array of strings."
        raise invalid(message, name, "invalid_type")
    for at, item in enumerate(value):
        one_of(*INCLUDED)(f"{name}[{at}]", item)


def check_cache_options(name: str, value: Any) -> None:
    json_object(name, value)
    checks = {
        "mode": one_of("implicit", "explicit"),
        "ttl": one_of("30m", "12h"),
        "prewarm": flag,
        "comparison_response_id": text,
    }
    for field, item in value.items():
        if field not in checks:
            raise unknown(f"{name}.{field}")
        if item is not None:
            checks[field](f"{name}.{field}", item)


def check_model(given: Mapping[str, Any]) -> None:
    """Refuses what the model does not have."""
    model = given["model"]
    if not _REASONS.match(model):
        _check_plain(given)
    elif _thinks(given):
        for name in ("temperature", "top_p"):
            if name in given:
                raise unsupported(name)
        if given.get("top_logprobs") or _LOGPROBS in given.get("include", ()):
            message = "logprobs are not supported with reasoning models."
            raise invalid(message, "include", None)
    if not _MARKED.match(model) and "prompt_cache_options" in given:
        message = "prompt_cache_options is not supported on this model"
        raise invalid(message, "prompt_cache_options", None)


def _check_plain(given: Mapping[str, Any]) -> None:
    """What a model refuses that does not reason."""
    for field, value in given.get("reasoning", {}).items():
        if value is not None:
            raise unsupported(f"reasoning.{field}")
    if _ENCRYPTED in given.get("include", ()):
        message = "Encrypted content is not supported with this model."
        raise invalid(message, "include", None)
    verbosity = given.get("text", {}).get("verbosity") or "medium"
    if verbosity != "medium":
        message = (
            f"Unsupported value: '{verbosity}' is not supported with the '{given['model']}' model. "
            "Supported values are: 'medium'."
        )
        raise invalid(message, "text.verbosity", "unsupported_value")


def takes_marks(model: str) -> bool:
    return _MARKED.match(model) is not None


def _thinks(given: Mapping[str, Any]) -> bool:
    effort = given.get("reasoning", {}).get("effort")
    return bool(_ALWAYS.match(given["model"])) or effort not in {None, "none"}


def wanted(given: Mapping[str, Any], account: str) -> dict[str, Any]:
    """The fields of `Wanted` that are not those of any request."""
    reasoning, form = given.get("reasoning", {}), given.get("text", {}).get("format") or {}
    include = given.get("include", ())
    reasons = bool(_REASONS.match(given["model"])) and _thinks(given)
    asks_chances = _LOGPROBS in include or given.get("top_logprobs")
    forms = {"json_schema": form.get("schema", {}), "json_object": {}}
    return {
        "account": account,
        "reasons": reasons,
        "summary": bool(reasoning.get("summary") or reasoning.get("generate_summary")),
        "encrypted": _ENCRYPTED in include,
        "form": forms.get(form.get("type", "text")),
        "chances": given.get("top_logprobs", 0) if asks_chances else None,
        "verbosity": given.get("text", {}).get("verbosity") or "medium",
        "metadata": given.get("metadata", {}),
    }


def check_json_said(given: Mapping[str, Any], words: str) -> None:
    """Refuses JSON without a schema where nobody says the word."""
    form = given.get("text", {}).get("format") or {}
    if form.get("type") == "json_object" and "json" not in words.lower():
        message = (
            "Response input messages must contain the word 'json' in some form to use "
            "'text.format' of type 'json_object'."
        )
        raise invalid(message, "input", None)


def unsupported(name: str) -> RefusalError:
    message = f"Unsupported parameter: '{name}' is not supported with this model."
    return invalid(message, name, "unsupported_parameter")
