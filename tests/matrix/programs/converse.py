"""A program with Amazon's SDK and Bedrock's Converse."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, EventStreamError

from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    File,
    Image,
    OutputForm,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from changeover.directory.model import Protocol
from tests.matrix.heard import Counts, Heard, Stop
from tests.matrix.programs.program import Arguments, CannotSay, refuse

_STOPS: Mapping[str, Stop] = {
    "end_turn": "end",
    "max_tokens": "length",
    "stop_sequence": "stop-sequence",
    "tool_use": "tool-use",
    "content_filtered": "filtered",
    "guardrail_intervened": "filtered",
}


class ConverseProgram:
    """Converse, or ConverseStream with its events put together by hand, as boto3 has no helper."""

    name = "boto3, Converse"
    protocol: Protocol = "bedrock-converse"
    history = "messages"

    def __init__(self, client: Any = None) -> None:
        self._client = client

    def write(self, request: ChatRequest) -> Arguments:
        sampling = request.sampling
        refuse(
            {
                "a temperature above 1": (sampling.temperature or 0) > 1,
                "top_k": sampling.top_k,
                "seed": sampling.seed,
                "penalties": (sampling.frequency_penalty or sampling.presence_penalty),
                "chances": sampling.chances,
                "parallel": request.parallel_calls is not None,
                "verbosity": request.verbosity,
                "user": request.user,
                "cache_key": request.cache_key,
                "cache": request.cache,
            }
        )
        messages: list[Any] = []
        for turn in request.turns:
            messages += self.turn(turn, {})
        inference = {
            "maxTokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "topP": sampling.top_p,
            "stopSequences": list(sampling.stop) or None,
        }
        given: Arguments = {
            "messages": messages,
            "system": [block for text in request.system for block in _blocks(text)] or None,
            "inferenceConfig": _some(inference) or None,
            "toolConfig": _tools(request.tools, request.tool_choice),
            "additionalModelRequestFields": _thinking(request.thinking),
            "outputConfig": _output(request.output, request.thinking),
            "requestMetadata": dict(request.metadata) or None,
        }
        return _some(given)

    def turn(self, turn: Turn, names: Mapping[str, str]) -> Sequence[Any]:
        content = [block for part in turn.parts for block in _blocks(part)]
        return [{"role": turn.role, "content": content}]

    def ask(self, model: str, arguments: Arguments, *, stream: bool) -> Heard:
        try:
            if not stream:
                response = self._client.converse(modelId=model, **arguments)
                message = response["output"]["message"]
                return _heard(message, response["stopReason"], response["usage"], _of(response))
            response = self._client.converse_stream(modelId=model, **arguments)
            with closing(response["stream"]) as events:
                return _streamed(events, _of(response))
        except EventStreamError as error:
            return Heard(broke=True, message=str(error))
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            said = error.response["Error"]["Message"]
            return Heard(status=status, message=said, headers=_of(error.response))
        except BotoCoreError as error:
            return Heard(broke=True, message=str(error))


def _of(response: Any) -> Mapping[str, str]:
    headers: Mapping[str, str] = response["ResponseMetadata"]["HTTPHeaders"]
    return headers


def _some(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _blocks(part: Any) -> list[dict[str, Any]]:
    """The block of a part, and the mark behind it."""
    mark = getattr(part, "cache", None)
    return [_block(part), *([] if mark is None else [_mark(mark)])]


def _mark(mark: CacheMark) -> dict[str, Any]:
    return {"cachePoint": {"type": "default", **_some({"ttl": mark.ttl})}}


def _block(part: Any) -> dict[str, Any]:
    match part:
        case Text():
            refuse({"refusal": part.refusal})
            return {"text": part.text}
        case Image():
            refuse({"url": part.url, "detail": part.detail})
            kind = part.media_type.partition("/")[2]
            return {"image": {"format": kind, "source": {"bytes": base64.b64decode(part.data)}}}
        case File():
            return {"document": _document(part)}
        case ToolCall():
            call = {"toolUseId": part.id, "name": part.name, "input": json.loads(part.arguments)}
            return {"toolUse": call}
        case ToolResult():
            content = [_block(inner) for inner in part.parts]
            status = "error" if part.is_error else "success"
            result = {"toolUseId": part.call, "content": content, "status": status}
            return {"toolResult": result}
        case _:
            raise CannotSay(type(part).__name__)


def _document(file: File) -> dict[str, Any]:
    refuse({"url": file.url})
    name, _, ending = file.name.rpartition(".")
    source: dict[str, Any] = {"text": file.text}
    if file.data:
        source = {"bytes": base64.b64decode(file.data)}
    cited = {"citations": {"enabled": True}} if file.cited else {}
    about = _some({"context": file.context or None})
    return {"format": ending, "name": name, "source": source, **about, **cited}


def _tools(tools: Sequence[Tool], choice: ToolChoice | None) -> dict[str, Any] | None:
    if not tools:
        return None
    listed: list[dict[str, Any]] = []
    for tool in tools:
        schema = {"json": tool.parameters or {"type": "object"}}
        about = _some({"description": tool.description, "strict": tool.strict})
        listed.append({"toolSpec": {"name": tool.name, "inputSchema": schema, **about}})
        if tool.cache is not None:
            listed.append(_mark(tool.cache))
    return {"tools": listed, **_some({"toolChoice": _choice(choice)})}


def _choice(choice: ToolChoice | None) -> dict[str, Any] | None:
    match choice:
        case None:
            return None
        case ToolChoice(mode="auto"):
            return {"auto": {}}
        case ToolChoice(mode="required"):
            return {"any": {}}
        case ToolChoice(mode="named"):
            return {"tool": {"name": choice.name}}
        case _:
            raise CannotSay("that no tool may be called")


def _thinking(thinking: Thinking | None) -> dict[str, Any] | None:
    match thinking:
        case None | Thinking(budget=None, show=None):
            return None
        case Thinking(budget=None):
            return {"thinking": {"type": "adaptive", "display": "summarized"}}
        case _:
            return {"thinking": {"type": "enabled", "budget_tokens": thinking.budget}}


def _output(form: OutputForm | None, thinking: Thinking | None) -> dict[str, Any] | None:
    given: dict[str, Any] = {}
    if thinking is not None and thinking.effort is not None:
        given["effort"] = thinking.effort
    if form is not None:
        refuse({"an object without a schema": form.schema is None})
        schema = {"schema": json.dumps(form.schema), "name": form.name}
        given["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": schema}}
    return given or None


def _streamed(events: Iterable[Mapping[str, Any]], headers: Mapping[str, str]) -> Heard:
    """The message that the events add up to, block by block."""
    blocks: dict[int, dict[str, Any]] = {}
    stop, usage = "", None
    for event in events:
        match event:
            case {"contentBlockStart": {"start": {"toolUse": call}, "contentBlockIndex": at}}:
                blocks[at] = {"toolUse": {**call, "input": ""}}
            case {"contentBlockDelta": {"delta": delta, "contentBlockIndex": at}}:
                _grow(blocks.setdefault(at, {}), delta)
            case {"messageStop": {"stopReason": reason}}:
                stop = reason
            case {"metadata": {"usage": counted}}:
                usage = counted
            case _:
                pass  # where parts begin and end is told by their numbers
    if not stop:
        return Heard(broke=True, message="the stream ended without messageStop", headers=headers)
    for block in blocks.values():
        if "toolUse" in block:
            block["toolUse"]["input"] = json.loads(block["toolUse"]["input"] or "{}")
    content = [_cited(blocks[at]) for at in sorted(blocks)]
    message = {"role": "assistant", "content": content}
    return _heard(message, stop, usage, headers)


def _cited(block: dict[str, Any]) -> dict[str, Any]:
    """A block of text with its sources, as a whole answer has it."""
    if "citations" not in block:
        return block
    content = [{"text": block["text"]}]
    return {"citationsContent": {"content": content, "citations": block["citations"]}}


def _grow(block: dict[str, Any], delta: Mapping[str, Any]) -> None:
    match delta:
        case {"text": text}:
            block["text"] = block.get("text", "") + text
        case {"toolUse": {"input": text}}:
            block["toolUse"]["input"] += text
        case {"reasoningContent": {"redactedContent": octets}}:
            block["reasoningContent"] = {"redactedContent": octets}
        case {"reasoningContent": thought}:
            inner = block.setdefault("reasoningContent", {}).setdefault(
                "reasoningText", {"text": ""}
            )
            inner["text"] += thought.get("text", "")
            inner |= {name: thought[name] for name in ("signature",) if name in thought}
        case {"citation": citation}:
            block.setdefault("citations", []).append(citation)
        case _:
            raise AssertionError(f"a delta that boto3 does not know: {delta}")


def _heard(message: Any, stop: str, usage: Any, headers: Mapping[str, str]) -> Heard:
    blocks = message["content"]
    calls = [block["toolUse"] for block in blocks if "toolUse" in block]
    thoughts = [block["reasoningContent"] for block in blocks if "reasoningContent" in block]
    readable = [thought["reasoningText"] for thought in thoughts if "reasoningText" in thought]
    hidden = [t["redactedContent"].decode() for t in thoughts if "redactedContent" in t]
    cited = [block["citationsContent"] for block in blocks if "citationsContent" in block]
    return Heard(
        text="".join(_texts(blocks)),
        reasoning="".join(thought["text"] for thought in readable),
        seals=(*(each["signature"] for each in readable if each.get("signature")), *hidden),
        calls=tuple((call["name"], call["input"]) for call in calls),
        call_ids=tuple(call["toolUseId"] for call in calls),
        stop=_STOPS.get(stop, "other"),
        citations=tuple(one for each in cited for one in each["citations"]),
        counts=Counts(
            input=usage and usage["inputTokens"],
            output=usage and usage["outputTokens"],
            cached=usage and usage.get("cacheReadInputTokens"),
            written=usage and usage.get("cacheWriteInputTokens"),
        ),
        headers=headers,
        said=({"role": "assistant", "content": blocks},),
    )


def _texts(blocks: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for block in blocks:
        yield block.get("text", "")
        for inner in block.get("citationsContent", {}).get("content", ()):
            yield inner.get("text", "")
