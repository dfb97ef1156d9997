"""Responses answers as they are written to clients.

* Texts that follow one another are parts of one message; reasoning and calls stand beside
  the messages. The parts keep their order.
* A call of a tool whose input is no JSON is written as its client knows it.
* A stop without a refusal text, which other vendors have, is written as the
  reason `content_filter`: nothing else tells a client that words were withheld.
* The counts are never null here: 0 where the vendor did not say.
* Two calls of one answer never have one id, whatever the vendor made of them: the
  vendor's SDK cannot take it.
* Nothing is stored, so that no id can be asked for later; `store` says so.
"""

from typing import Any, Literal, assert_never

import msgspec

from changeover.conversation.model import Reasoning, Reply, StopReason, Text, ToolCall, Usage
from changeover.wire.call_ids import CallIds
from changeover.wire.codec import ReplyContext
from changeover.wire.openai_responses.chances import write_chances
from changeover.wire.openai_responses.citing import write_citations
from changeover.wire.openai_responses.freeform import input_of
from changeover.wire.openai_responses.reasoning import for_client, is_given
from changeover.wire.openai_responses.writing import FITTING_ID

IncompleteReason = Literal["max_output_tokens", "content_filter"]
Item = dict[str, Any]


def encode_reply(reply: Reply, context: ReplyContext) -> bytes:
    """The `response` object that answers a client."""
    output: list[Item] = []
    ids = CallIds(FITTING_ID)
    for part in reply.parts:
        match part:
            case ToolCall():
                call = msgspec.structs.replace(part, id=ids.of_call(part.id))
                freeform = part.name in context.freeform
                output.append(call_item(item_id(context, len(output)), call, freeform=freeform))
            case Text():
                if not output or output[-1]["type"] != "message":
                    output.append(message_item(item_id(context, len(output))))
                output[-1]["content"].append(text_part(part))
            case Reasoning() if is_given(part, asked=context.thinking):
                output.append(for_client(item_id(context, len(output)), part))
            case Reasoning():
                pass
            case _:
                assert_never(part)
    return msgspec.json.encode(finished_object(context, reply.stop, reply.usage, output))


def item_id(context: ReplyContext, index: int) -> str:
    """What follows the kind in an item's id; one response's items differ by their place."""
    return f"{context.id}_{index}"


def usage_for_client(usage: Usage) -> dict[str, Any] | None:
    """The `usage` object; None where the vendor gave no counts at all."""
    if usage.input_tokens is None and usage.output_tokens is None:
        return None
    read, said = usage.input_tokens or 0, usage.output_tokens or 0
    return {
        "input_tokens": read,
        "input_tokens_details": {
            "cached_tokens": usage.cached_tokens or 0,
            "cache_write_tokens": usage.cache_written_tokens or 0,
        },
        "output_tokens": said,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens or 0},
        "total_tokens": read + said,
    }


def response_object(context: ReplyContext, status: str, output: list[Item]) -> dict[str, Any]:
    """A `response` without an end: no counts, no error, nothing incomplete."""
    return {
        "id": context.id,
        "object": "response",
        "created_at": context.created,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": context.model,
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "store": False,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "usage": None,
    }


def finished_object(
    context: ReplyContext, stop: StopReason, usage: Usage, output: list[Item]
) -> dict[str, Any]:
    """The whole `response`; a message at its end is as complete as the response is."""
    refused = any(
        part["type"] == "refusal"
        for item in output
        if item["type"] == "message"
        for part in item["content"]
    )
    reason = incomplete_reason(stop, refused=refused)
    status = "incomplete" if reason else "completed"
    if output and output[-1]["type"] == "message":
        output[-1]["status"] = status
    response = response_object(context, status, output)
    response["incomplete_details"] = {"reason": reason} if reason else None
    response["usage"] = usage_for_client(usage)
    return response


def incomplete_reason(stop: StopReason, *, refused: bool) -> IncompleteReason | None:
    """How the reason is written; `refused` says that a refusal text was."""
    match stop:
        case "end" | "stop-sequence" | "tool-use":
            return None
        case "length":
            return "max_output_tokens"
        case "filtered":
            return "content_filter"
        case "refusal":
            return None if refused else "content_filter"
        case _:
            assert_never(stop)


def message_item(id_: str) -> Item:
    return {
        "id": f"msg_{id_}",
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [],
    }


def call_item(id_: str, call: ToolCall, *, freeform: bool = False) -> Item:
    if freeform:
        return {
            "id": f"ctc_{id_}",
            "type": "custom_tool_call",
            "status": "completed",
            "call_id": call.id,
            "name": call.name,
            "input": input_of(call.arguments),
        }
    return {
        "id": f"fc_{id_}",
        "type": "function_call",
        "status": "completed",
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments,
    }


def text_part(text: Text) -> dict[str, Any]:
    if text.refusal:
        return {"type": "refusal", "refusal": text.text}
    return {
        "type": "output_text",
        "text": text.text,
        "annotations": write_citations(text.citations, text.text),
        "logprobs": write_chances(text.chances),
    }
