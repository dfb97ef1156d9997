"""How an answer ends: `finishReason`, both ways.

* An answer has no reason of its own for a call of tools: it ends with STOP.
* Why a vendor withheld an answer has many names here. They all mean that it was;
  a name other than SAFETY is reported. An answer of another vendor's that was
  withheld ends with SAFETY.
* Some reasons say that the model failed at its answer. There is none then, and another
  route may be tried; so it is with a reason that is not known.
* A call whose arguments are no JSON object cannot be written. The answer then ends
  as the vendor's own does for one, with MALFORMED_FUNCTION_CALL.
"""

from typing import Any, Literal, assert_never

from changeover.conversation.model import StopReason, ToolCall
from changeover.wire.arguments import as_object
from changeover.wire.errors import VendorProtocolError

FinishReason = Literal["STOP", "MAX_TOKENS", "SAFETY", "MALFORMED_FUNCTION_CALL"]
_WITHHELD = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "OTHER",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "MODEL_ARMOR",
        "ESCALATION",
    }
)
_FAILED = {
    "MALFORMED_FUNCTION_CALL": "The model called a tool in a form that cannot be read.",
    "UNEXPECTED_TOOL_CALL": "The model called a tool where none was offered.",
    "TOO_MANY_TOOL_CALLS": "The model called tools again and again.",
    "MISSING_THOUGHT_SIGNATURE": "The vendor misses the signature of an earlier thought.",
    "MALFORMED_RESPONSE": "The model answered in a form that cannot be read.",
    "NO_IMAGE": "The model made no picture, and none was asked for.",
    "IMAGE_OTHER": "The model failed at a picture, and none was asked for.",
}
CARRIED = frozenset({"STOP", "MAX_TOKENS", "SAFETY"})


def stop_reason(finish: str, message: str, *, called: bool) -> StopReason:
    """The canonical reason; `VendorProtocolError` for one that ends no answer."""
    if finish == "STOP":
        return "tool-use" if called else "end"
    if finish in {"MAX_TOKENS", "CONTINUATION"}:
        return "length"
    if finish in _WITHHELD:
        return "filtered"
    means = _FAILED.get(finish, "It does not end as an answer does, so it cannot be carried.")
    raise VendorProtocolError(
        f"The vendor's answer ends with finishReason {finish!r}.",
        means=f"{means} {message[:500]}".rstrip(),
    )


def finish_reason(stop: StopReason) -> FinishReason:
    """How the reason is written."""
    match stop:
        case "end" | "stop-sequence" | "tool-use":
            return "STOP"
        case "length":
            return "MAX_TOKENS"
        case "refusal" | "filtered":
            return "SAFETY"
        case _:
            assert_never(stop)


class Ending:
    """The calls of an answer, and how it ends when one of them could not be written."""

    def __init__(self) -> None:
        self._malformed = ""

    def call(self, call: ToolCall) -> dict[str, Any] | None:
        """The part for a call; None for one whose arguments are no JSON object."""
        arguments, whole = as_object(call.arguments)
        if not whole:
            self._malformed = f"Malformed function call: {call.name}({call.arguments})"
            return None
        return {"functionCall": {"id": call.id, "name": call.name, "args": arguments}}

    def finish(self, stop: StopReason) -> dict[str, str]:
        if self._malformed and stop != "length":
            return {
                "finishReason": "MALFORMED_FUNCTION_CALL",
                "finishMessage": self._malformed,
            }
        return {"finishReason": finish_reason(stop)}
