"""Which items of a Responses input belong together, as OpenAI checks it.

* A call is answered by an output of its kind somewhere after it, and an output answers a
  call before it.
* Reasoning is followed by what it led to. A message or a call that reasoning led to, which
  its id tells, comes with that reasoning.
* An id comes once.
"""

import re
from typing import Any

from changeover.standin.openai_checks import invalid

_KINDS = {
    "function_call": ("function_call_output", "function call"),
    "custom_tool_call": ("custom_tool_call_output", "custom tool call"),
}
_OUTPUTS = {output: kind for kind, (output, _) in _KINDS.items()}
_LED_TO = re.compile(r"(?:msg|fc|ctc)_(\w+)_r\d*")
"""The ids of what a stand-in said after it reasoned."""


def thought_id(secret: str) -> str:
    """The id of reasoning, which ids of what it led to repeat."""
    return f"rs_{secret}_r"


def check_pairs(items: list[dict[str, Any]]) -> None:
    """Refuses items without what belongs to them."""
    _check_outputs(items)
    _check_once(items)
    known: set[str] = set()
    for at, item in enumerate(items):
        kind, name = item.get("type", "message"), item.get("id")
        if kind == "reasoning":
            known.add(str(name))
            _check_followed(item, items[at + 1 : at + 2])
        elif isinstance(name, str) and (found := _LED_TO.fullmatch(name)):
            needed = thought_id(found[1])
            if needed not in known:
                message = (
                    f"Item '{name}' of type '{kind}' was provided without its required "
                    f"'reasoning' item: '{needed}'."
                )
                raise invalid(message, "input", None)


def _check_followed(item: dict[str, Any], following: list[dict[str, Any]]) -> None:
    for after in following:
        kind = after.get("type", "message")
        if kind in {"reasoning", *_KINDS} or after.get("role") == "assistant":
            return
    message = (
        f"Item '{item.get('id')}' of type 'reasoning' was provided without its required "
        "following item."
    )
    raise invalid(message, "input", None)


def _check_once(items: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for item in items:
        name = item.get("id")
        if isinstance(name, str) and name in seen:
            message = (
                f"Duplicate item found with id {name}. Remove duplicate items from your input "
                "and try again."
            )
            raise invalid(message, "input", None)
        seen |= {name} if isinstance(name, str) else set()


def _check_outputs(items: list[dict[str, Any]]) -> None:
    waiting: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for item in items:
        kind = item.get("type", "message")
        if kind in _KINDS:
            waiting[kind].append(item["call_id"])
        elif kind in _OUTPUTS:
            calls, named = waiting[_OUTPUTS[kind]], _KINDS[_OUTPUTS[kind]][1]
            if item["call_id"] not in calls:
                message = f"No tool call found for {named} output with call_id"
                raise invalid(f"{message} {item['call_id']}.", "input", None)
            calls.remove(item["call_id"])
    for kind, calls in waiting.items():
        if calls:
            message = f"No tool output found for {_KINDS[kind][1]} {calls[0]}."
            raise invalid(message, "input", None)
