"""What Anthropic's Messages takes and refuses of blocks of reasoning that come back.

Written from the vendor's reference ("Preserving thinking blocks", "Thinking with tool
use") and error bodies that callers reported. Refused are:

* blocks that are not as the vendor gave them: altered, out of their order, only some of
  an answer's, of another model; and a message that ends with one;
* with a budget, a turn that goes on after results of tools and does not begin with
  reasoning; with reasoning turned off, one that holds any.
"""

from collections.abc import Sequence
from typing import Any

from changeover.standin.anthropic_models import takes_of
from changeover.standin.anthropic_signatures import Thought, minted
from changeover.standin.asked import RefusalError

KINDS = {"thinking", "redacted_thinking"}
MORE = (
    "Please consult our documentation at "
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
)


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, "invalid_request_error", message)


def check_block(path: str, block: dict[str, Any]) -> None:
    """Refuses a malformed block of reasoning."""
    kind = block["type"]
    fields = {"thinking": ("signature", "thinking"), "redacted_thinking": ("data",)}[kind]
    for field in fields:
        if field not in block:
            raise _invalid(f"{path}.{kind}.{field}: Field required")
        if not isinstance(block[field], str):
            raise _invalid(f"{path}.{kind}.{field}: Input should be a valid string")
    for field in block:
        if field not in {"type", *fields}:
            raise _invalid(f"{path}.{kind}.{field}: Extra inputs are not permitted")


def check_signed(given: dict[str, Any]) -> None:
    """Refuses reasoning that is not as the vendor gave it, and messages that end with it."""
    for position, message in enumerate(given["messages"]):
        if message["role"] == "assistant":
            _check_message(f"messages.{position}", _blocks(message), given["model"])


def _check_message(path: str, blocks: Sequence[dict[str, Any]], model: str) -> None:
    expected = 0
    for at, block in enumerate(blocks):
        if block["type"] in KINDS:
            thought = _signed(f"{path}.content.{at}", block, model)
            if thought.place != expected:
                raise _invalid(_modified(f"{path}.content.{at}"))
            expected = (expected + 1) % thought.of
    if expected:
        raise _invalid(_modified(f"{path}.content.{len(blocks) - 1}"))
    if blocks and blocks[-1]["type"] in KINDS:
        kind = blocks[-1]["type"]
        raise _invalid(f"{path}: The final block in an assistant message cannot be `{kind}`.")


def _signed(path: str, block: dict[str, Any], model: str) -> Thought:
    redacted = block["type"] == "redacted_thinking"
    field = "data" if redacted else "signature"
    thought = minted(block[field], model)
    words = block.get("thinking", "")
    if thought is None or thought.redacted != redacted or words not in {"", thought.words}:
        raise _invalid(f"{path}: Invalid `{field}` in `{block['type']}` block")
    return thought


def _modified(path: str) -> str:
    return (
        f"{path}: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot "
        "be modified. These blocks must remain as they were in the original response."
    )


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return content if isinstance(content, list) else [{"type": "text", "text": content}]


def unfinished(messages: Sequence[dict[str, Any]]) -> list[int]:
    """The assistant's messages of the turn that goes on, first to last."""
    found: list[int] = []
    for at in range(len(messages) - 1, -1, -1):
        if messages[at]["role"] == "assistant":
            found.insert(0, at)
        elif not any(block["type"] == "tool_result" for block in _blocks(messages[at])):
            break
    return found


def check_turn(given: dict[str, Any]) -> None:
    """Refuses a turn that goes on whose reasoning does not fit what the request asks."""
    messages = given["messages"]
    going_on = unfinished(messages)
    kind = given.get("thinking", {}).get("type")
    if going_on and kind == "enabled":
        _check_begin(going_on[0], _blocks(messages[going_on[0]]))
    off = kind == "disabled" or (kind is None and not takes_of(given["model"]).usual)
    for position in going_on if off else ():
        for at, block in enumerate(_blocks(messages[position])):
            if block["type"] in KINDS:
                raise _invalid(
                    f"messages.{position}.content.{at}: When thinking is disabled, an "
                    f"`assistant` message in the final position cannot contain `{block['type']}`. "
                    "To use thinking blocks, enable `thinking` in your request."
                )


def _check_begin(position: int, blocks: Sequence[dict[str, Any]]) -> None:
    if blocks and blocks[0]["type"] not in KINDS:
        raise _invalid(
            f"messages.{position}.content.0.type: Expected `thinking` or `redacted_thinking`, but "
            f"found `{blocks[0]['type']}`. When `thinking` is enabled, a final `assistant` message "
            "must start with a thinking block (preceeding the lastmost set of `tool_use` and "
            "`tool_result` blocks). We recommend you include thinking blocks from previous turns. "
            f"To avoid this requirement, disable `thinking`. {MORE}"
        )
