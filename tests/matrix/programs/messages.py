"""A program with Anthropic's SDK and Messages."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import anthropic

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
    "refusal": "refusal",
}
_CHOICES = {"auto": "auto", "none": "none", "required": "any", "named": "tool"}


class MessagesProgram:
    """Messages, whole or with the SDK's streaming helper."""

    name = "anthropic, Messages"
    protocol: Protocol = "anthropic-messages"
    history = "messages"

    def __init__(self, client: anthropic.Anthropic | None = None) -> None:
        self._given = client

    @property
    def _client(self) -> anthropic.Anthropic:
        assert self._given is not None, "without a client a program only writes"
        return self._given

    def write(self, request: ChatRequest) -> Arguments:
        sampling, thinking = request.sampling, request.thinking
        refuse(
            {
                "a temperature above 1": (sampling.temperature or 0) > 1,
                "seed": sampling.seed,
                "penalties": (sampling.frequency_penalty or sampling.presence_penalty),
                "chances": sampling.chances,
                "verbosity": request.verbosity,
                "metadata": request.metadata,
                "cache_key": request.cache_key,
                "an object without a schema": request.output and request.output.schema is None,
            }
        )
        messages: list[Any] = []
        for turn in request.turns:
            messages += self.turn(turn, {})
        loose = {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": sampling.top_k,
        }
        given: Arguments = {
            "messages": messages,
            "max_tokens": sampling.max_tokens,
            "system": [_block(text) for text in request.system] or None,
            "stop_sequences": list(sampling.stop) or None,
            "tools": [_tool(tool) for tool in request.tools] or None,
            "tool_choice": _choice(request.tool_choice, request.parallel_calls),
            "thinking": _thinking(thinking),
            "output_config": _output(request.output, thinking),
            "metadata": None if request.user is None else {"user_id": request.user},
            # The SDK types these no longer; older models take them.
            "extra_body": _some(loose) or None,
            **_marked(request.cache),
        }
        return _some(given)

    def turn(self, turn: Turn, names: Mapping[str, str]) -> Sequence[Any]:
        return [{"role": turn.role, "content": [_block(part) for part in turn.parts]}]

    def ask(self, model: str, arguments: Arguments, *, stream: bool) -> Heard:
        try:
            if not stream:
                raw = self._client.messages.with_raw_response.create(model=model, **arguments)
                return _heard(raw.parse(), raw.headers)
            with self._client.messages.stream(model=model, **arguments) as streamed:
                return _heard(streamed.get_final_message(), streamed.response.headers)
        except anthropic.APIStatusError as error:
            headers = error.response.headers
            # An error event in a stream that began comes with the stream's own status.
            if error.status_code == 200:
                return Heard(broke=True, message=error.message, headers=headers)
            return Heard(status=error.status_code, message=error.message, headers=headers)
        except anthropic.APIError as error:
            return Heard(broke=True, message=error.message)


def _some(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _marked(mark: CacheMark | None) -> dict[str, Any]:
    if mark is None:
        return {}
    ttl = {} if mark.ttl is None else {"ttl": mark.ttl}
    return {"cache_control": {"type": "ephemeral", **ttl}}


def _block(part: Any) -> dict[str, Any]:
    match part:
        case Text():
            refuse({"refusal": part.refusal})
            return {"type": "text", "text": part.text, **_marked(part.cache)}
        case Image():
            refuse({"detail": part.detail})
            return {"type": "image", "source": _source(part), **_marked(part.cache)}
        case File():
            cited = {"citations": {"enabled": True}} if part.cited else {}
            more = {"title": part.name or None, "context": part.context or None}
            about = {**_some(more), **cited, **_marked(part.cache)}
            return {"type": "document", "source": _source(part), **about}
        case ToolCall():
            call = {"id": part.id, "name": part.name, "input": json.loads(part.arguments)}
            return {"type": "tool_use", **call, **_marked(part.cache)}
        case ToolResult():
            content = [_block(inner) for inner in part.parts]
            error = {"is_error": True} if part.is_error else {}
            result = {"tool_use_id": part.call, "content": content, **error}
            return {"type": "tool_result", **result, **_marked(part.cache)}
        case _:
            raise CannotSay(type(part).__name__)


def _source(part: Image | File) -> dict[str, Any]:
    if part.url:
        return {"type": "url", "url": part.url}
    if isinstance(part, File) and part.text:
        return {"type": "text", "media_type": "text/plain", "data": part.text}
    return {"type": "base64", "media_type": part.media_type, "data": part.data}


def _tool(tool: Tool) -> dict[str, Any]:
    given = {
        "name": tool.name,
        "description": tool.description,
        "input_schema": tool.parameters or {"type": "object"},
        "strict": tool.strict,
    }
    return {**_some(given), **_marked(tool.cache)}


def _choice(choice: ToolChoice | None, parallel: bool | None) -> Any:
    if choice is None and parallel is None:
        return None
    mode = "auto" if choice is None else choice.mode
    named = {"name": choice.name} if choice is not None and mode == "named" else {}
    alone = {} if parallel is None else {"disable_parallel_tool_use": not parallel}
    return {"type": _CHOICES[mode], **named, **alone}


def _thinking(thinking: Thinking | None) -> Any:
    match thinking:
        case None:
            return None
        case Thinking(effort="none"):
            return {"type": "disabled"}
        case Thinking(budget=None, show=None):
            return None
        case Thinking(budget=None):
            return {"type": "adaptive", "display": "summarized"}
        case _:
            return {"type": "enabled", "budget_tokens": thinking.budget}


def _output(form: OutputForm | None, thinking: Thinking | None) -> Any:
    given: dict[str, Any] = {}
    if thinking is not None and thinking.effort not in {None, "none"}:
        given["effort"] = thinking.effort
    if form is not None:
        given["format"] = {"type": "json_schema", "schema": form.schema}
    return given or None


def _heard(message: Any, headers: Mapping[str, str]) -> Heard:
    blocks = message.content
    calls = [block for block in blocks if block.type == "tool_use"]
    texts = [block for block in blocks if block.type == "text"]
    thoughts = [block for block in blocks if block.type == "thinking"]
    hidden = [block.data for block in blocks if block.type == "redacted_thinking"]
    usage = message.usage
    cached = (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)
    return Heard(
        text="".join(block.text for block in texts),
        reasoning="".join(block.thinking for block in thoughts),
        seals=(*(block.signature for block in thoughts if block.signature), *hidden),
        calls=tuple((call.name, call.input) for call in calls),
        call_ids=tuple(call.id for call in calls),
        stop=_STOPS.get(message.stop_reason, "other"),
        stop_sequence=message.stop_sequence,
        citations=tuple(one for block in texts for one in block.citations or ()),
        counts=Counts(
            # Messages counts what came from the cache, or went there, apart.
            input=usage.input_tokens + cached,
            output=usage.output_tokens,
            cached=usage.cache_read_input_tokens,
            written=usage.cache_creation_input_tokens,
        ),
        model=message.model,
        headers=headers,
        said=({"role": "assistant", "content": blocks},),
    )
