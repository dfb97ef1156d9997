"""Bedrock's Converse and ConverseStream, before models that speak Anthropic's Messages.

As Bedrock does, the stand-in checks what is Converse's own, hands the rest to the model in
the model's protocol, and brings what that answers, or refuses, back into its own words. So
its models take what the Messages stand-in's take.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.amazon import Amazon, framed, invalid
from changeover.standin.anthropic_messages import AnthropicMessages
from changeover.standin.asked import Answered, Asked, Mark, RefusalError
from changeover.standin.bedrock_request import read_converse

_VERSION = "2023-06-01"
_MODEL = AnthropicMessages()
_MOST = 4096
_OFFICE = "(a document)"
_STOPS = {"refusal": "content_filtered", "pause_turn": "end_turn"}
_SPANS = {
    "char_location": ("documentChar", "char"),
    "page_location": ("documentPage", "page"),
    "content_block_location": ("documentChunk", "block"),
}


class BedrockConverse(Amazon):
    """Converse on a model; made for one request."""

    _tells_stop = False

    def read(self, payload: bytes, headers: Mapping[str, str], /) -> Asked:
        self.let_in(payload, headers)
        given = read_converse(payload)
        self._tells_stop = "/stop_sequence" in given.get("additionalModelResponseFieldPaths", [])
        body = as_messages(given, self.model, stream=self.stream)
        try:
            return _MODEL.read(msgspec.json.encode(body), {"anthropic-version": _VERSION})
        except RefusalError as refusal:
            raise invalid(
                f"The model returned the following errors: {refusal.message}"
            ) from refusal

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        message = msgspec.json.decode(_MODEL.whole(asked, answered, mark))
        response = {
            "metrics": {"latencyMs": 5},
            "output": {
                "message": {
                    "content": [_answer_block(block) for block in message["content"]],
                    "role": "assistant",
                }
            },
            "stopReason": _stop(message["stop_reason"]),
            "usage": _usage(message["usage"]),
        }
        if self._tells_stop and message["stop_sequence"] is not None:
            own = {"stop_sequence": message["stop_sequence"]}
            response["additionalModelResponseFields"] = own
        return msgspec.json.encode(response)

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        frames: list[bytes] = []
        usage: dict[str, Any] = {}
        for written in _MODEL.events(asked, answered, mark):
            event = msgspec.json.decode(written.partition(b"data: ")[2])
            if event["type"] == "message_start":
                usage |= event["message"]["usage"]
            if event["type"] == "message_delta":
                usage |= event["usage"]
            frames += self._frames(event)
        counts = {"usage": _usage(usage), "metrics": {"latencyMs": 5}}
        return [*frames, framed("metadata", counts)]

    def _frames(self, event: dict[str, Any]) -> list[bytes]:
        index = {"contentBlockIndex": event["index"]} if "index" in event else {}
        match event["type"]:
            case "message_start":
                return [framed("messageStart", {"role": "assistant"})]
            case "content_block_start":
                return _starts(event["content_block"], index)
            case "content_block_delta":
                return [
                    framed("contentBlockDelta", {**index, "delta": given})
                    for given in _deltas(event["delta"])
                ]
            case "content_block_stop":
                return [framed("contentBlockStop", index)]
            case "message_delta":
                stop: dict[str, Any] = {"stopReason": _stop(event["delta"]["stop_reason"])}
                met = event["delta"]["stop_sequence"]
                if self._tells_stop and met is not None:
                    stop["additionalModelResponseFields"] = {"stop_sequence": met}
                return [framed("messageStop", stop)]
            case _:
                return []


def as_messages(given: Mapping[str, Any], model: str, *, stream: bool) -> dict[str, Any]:
    """A request that passed Bedrock's checks, as the model gets it."""
    inference = given.get("inferenceConfig") or {}
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": inference.get("maxTokens", _MOST),
        "messages": [
            {"role": message["role"], "content": _blocks(message["content"])}
            for message in given["messages"]
        ],
        "stream": stream,
    }
    if given.get("system"):
        body["system"] = _blocks(given["system"])
    names = {"temperature": "temperature", "topP": "top_p", "stopSequences": "stop_sequences"}
    body |= {its: inference[name] for name, its in names.items() if name in inference}
    body |= _tools(given.get("toolConfig"))
    own = dict(given.get("additionalModelRequestFields") or {})
    for others in ("reasoningConfig", "reasoning_effort", "inferenceConfig", "anthropic_beta"):
        own.pop(others, None)
    return body | own | _output(given.get("outputConfig") or {})


def _output(given: Mapping[str, Any]) -> dict[str, Any]:
    output: dict[str, Any] = {}
    if "effort" in given:
        output["effort"] = given["effort"]
    if "textFormat" in given:
        schema = given["textFormat"]["structure"]["jsonSchema"]["schema"]
        output["format"] = {"type": "json_schema", "schema": msgspec.json.decode(schema)}
    return {"output_config": output} if output else {}


def _tools(config: Mapping[str, Any] | None) -> dict[str, Any]:
    if config is None:
        return {}
    tools: list[dict[str, Any]] = []
    for tool in config["tools"]:
        if "cachePoint" in tool:
            tools[-1]["cache_control"] = _mark(tool["cachePoint"])
            continue
        spec = tool["toolSpec"]
        named = {"name": spec["name"], "input_schema": spec["inputSchema"]["json"]}
        more = {name: spec[name] for name in ("description", "strict") if name in spec}
        tools.append(named | more)
    written: dict[str, Any] = {"tools": tools}
    if "toolChoice" in config:
        ((kind, value),) = config["toolChoice"].items()
        written["tool_choice"] = {"type": kind, **value}
    return written


def _mark(point: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "ephemeral"} | ({"ttl": point["ttl"]} if "ttl" in point else {})


def _blocks(content: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for block in content:
        ((kind, value),) = block.items()
        if kind == "cachePoint":
            if blocks:
                blocks[-1]["cache_control"] = _mark(value)
            continue
        blocks.append(_block(kind, value))
    return blocks


def _block(kind: str, value: Any) -> dict[str, Any]:
    write = _BLOCKS.get(kind)
    if write is None:
        raise invalid(f"This model doesn't support the {kind} field. Remove it and try again.")
    return write(value)


def _tool_use(value: Mapping[str, Any]) -> dict[str, Any]:
    named = {"id": value["toolUseId"], "name": value["name"], "input": value["input"]}
    return {"type": "tool_use", **named}


def _tool_result(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "tool_result",
        "tool_use_id": value["toolUseId"],
        "content": _blocks(value["content"]),
        "is_error": value.get("status") == "error",
    }


def _cited(value: Mapping[str, Any]) -> dict[str, Any]:
    return _text("".join(piece["text"] for piece in value.get("content", [])))


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _image(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "image", "source": _bytes(value, f"image/{value['format']}")}


def _bytes(value: Mapping[str, Any], media: str) -> dict[str, Any]:
    source = value["source"]
    if "bytes" not in source:
        raise invalid("This model doesn't support the s3Location field. Remove it and try again.")
    return {"type": "base64", "media_type": media, "data": source["bytes"]}


def _document(value: Mapping[str, Any]) -> dict[str, Any]:
    kind, source = value.get("format", "txt"), value["source"]
    if "text" in source or "content" in source:
        pieces = [piece["text"] for piece in source.get("content", [])]
        words = source.get("text", "\n".join(pieces))
        written: dict[str, Any] = {"type": "text", "media_type": "text/plain", "data": words}
    elif kind == "pdf":
        written = _bytes(value, "application/pdf")
    else:
        plain = kind in {"csv", "html", "txt", "md"}
        words = base64.b64decode(source["bytes"]).decode(errors="replace") if plain else _OFFICE
        written = {"type": "text", "media_type": "text/plain", "data": words}
    block = {"type": "document", "source": written, "title": value["name"]}
    if value.get("context"):
        block["context"] = value["context"]
    if (value.get("citations") or {}).get("enabled"):
        block["citations"] = {"enabled": True}
    return block


def _thought(value: Mapping[str, Any]) -> dict[str, Any]:
    if "redactedContent" in value:
        return {"type": "redacted_thinking", "data": value["redactedContent"]}
    said = value["reasoningText"]
    signed = {"signature": said["signature"]} if "signature" in said else {}
    return {"type": "thinking", "thinking": said["text"], **signed}


_BLOCKS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "text": _text,
    "json": lambda value: _text(msgspec.json.encode(value).decode()),
    "image": _image,
    "document": _document,
    "toolUse": _tool_use,
    "toolResult": _tool_result,
    "reasoningContent": _thought,
    "citationsContent": _cited,
}


def _answer_block(block: Mapping[str, Any]) -> dict[str, Any]:
    match block["type"]:
        case "thinking":
            said = {"text": block["thinking"], "signature": block["signature"]}
            return {"reasoningContent": {"reasoningText": said}}
        case "redacted_thinking":
            return {"reasoningContent": {"redactedContent": block["data"]}}
        case "tool_use":
            call = {"toolUseId": block["id"], "name": block["name"], "input": block["input"]}
            return {"toolUse": call}
        case _ if block.get("citations"):
            cited = [_citation(one) for one in block["citations"]]
            return {"citationsContent": {"content": [{"text": block["text"]}], "citations": cited}}
        case _:
            return {"text": block["text"]}


def _starts(block: Mapping[str, Any], index: Mapping[str, Any]) -> list[bytes]:
    """A call has a start; what is redacted comes in one delta; the rest begins with its own."""
    if block["type"] == "tool_use":
        start = {"toolUse": {"toolUseId": block["id"], "name": block["name"]}}
        return [framed("contentBlockStart", {**index, "start": start})]
    if block["type"] == "redacted_thinking":
        delta = {"reasoningContent": {"redactedContent": block["data"]}}
        return [framed("contentBlockDelta", {**index, "delta": delta})]
    return []


def _deltas(delta: Mapping[str, Any]) -> list[dict[str, Any]]:
    match delta["type"]:
        case "text_delta":
            return [{"text": delta["text"]}]
        case "input_json_delta":
            return [{"toolUse": {"input": delta["partial_json"]}}]
        case "thinking_delta":
            return [{"reasoningContent": {"text": delta["thinking"]}}]
        case "signature_delta":
            return [{"reasoningContent": {"signature": delta["signature"]}}]
        case "citations_delta":
            return [{"citation": _citation(delta["citation"])}]
        case _:
            return []


def _citation(given: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {"sourceContent": [{"text": given["cited_text"]}]}
    if given.get("document_title"):
        written["title"] = given["document_title"]
    if given["type"] in _SPANS:
        name, unit = _SPANS[given["type"]]
        ends = ("start_char_index", "end_char_index")
        if unit == "page":
            ends = ("start_page_number", "end_page_number")
        if unit == "block":
            ends = ("start_block_index", "end_block_index")
        start, end = (given[each] for each in ends)
        span = {"documentIndex": given["document_index"], "start": start, "end": end}
        written["location"] = {name: span}
    return written


def _stop(word: str) -> str:
    return _STOPS.get(word, word)


def _usage(given: Mapping[str, Any]) -> dict[str, Any]:
    read = given.get("cache_read_input_tokens") or 0
    wrote = given.get("cache_creation_input_tokens") or 0
    fresh, said = given["input_tokens"], given["output_tokens"]
    usage = {
        "inputTokens": fresh,
        "outputTokens": said,
        "totalTokens": fresh + said + read + wrote,
        "cacheReadInputTokens": read,
        "cacheWriteInputTokens": wrote,
    }
    hour = (given.get("cache_creation") or {}).get("ephemeral_1h_input_tokens") or 0
    if wrote:
        told = (("1h", hour), ("5m", wrote - hour))
        details = [{"ttl": ttl, "inputTokens": count} for ttl, count in told if count]
        return {**usage, "cacheDetails": details}
    return usage
