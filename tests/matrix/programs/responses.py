"""A program with OpenAI's SDK and Responses."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import openai

from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from changeover.directory.model import Protocol
from tests.matrix.heard import Counts, Heard, Stop
from tests.matrix.programs.program import Arguments, CannotSay, refuse


class ResponsesProgram:
    """Responses, whole or with its events read by hand; nothing is stored at the vendor."""

    name = "openai, Responses"
    protocol: Protocol = "openai-responses"
    history = "input"

    def __init__(self, client: openai.OpenAI | None = None) -> None:
        self._given = client

    @property
    def _client(self) -> openai.OpenAI:
        assert self._given is not None, "without a client a program only writes"
        return self._given

    def write(self, request: ChatRequest) -> Arguments:
        sampling, thinking = request.sampling, request.thinking
        refuse(
            {
                "top_k": sampling.top_k,
                "stop": sampling.stop,
                "seed": sampling.seed,
                "penalties": (sampling.frequency_penalty or sampling.presence_penalty),
                "prefill": request.prefill,
                "cache": request.cache,
                "budget": thinking and thinking.budget,
            }
        )
        items: list[Any] = []
        for turn in request.turns:
            items += self.turn(turn, {})
        texts = {"format": _form(request), "verbosity": request.verbosity}
        reasoning = thinking and {"effort": thinking.effort, "summary": thinking.show}
        include = [] if sampling.chances is None else ["message.output_text.logprobs"]
        if thinking is not None:
            include.append("reasoning.encrypted_content")
        given: Arguments = {
            "input": items,
            "instructions": "\n".join(text.text for text in request.system) or None,
            "store": False,
            "max_output_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_logprobs": sampling.chances,
            "include": include or None,
            "tools": [_tool(tool) for tool in request.tools] or None,
            "tool_choice": _choice(request.tool_choice),
            "parallel_tool_calls": request.parallel_calls,
            "reasoning": _some(reasoning or {}) or None,
            "text": _some(texts) or None,
            "user": request.user,
            "metadata": dict(request.metadata) or None,
            "prompt_cache_key": request.cache_key,
        }
        return _some(given)

    def turn(self, turn: Turn, names: Mapping[str, str]) -> Sequence[Any]:
        items: list[Any] = []
        content: list[Any] = []
        for part in turn.parts:
            match part:
                case ToolCall():
                    call = {"call_id": part.id, "name": part.name, "arguments": part.arguments}
                    items.append({"type": "function_call", **call})
                case ToolResult():
                    items.append(_result(part))
                case Text() if turn.role == "assistant":
                    kind = "refusal" if part.refusal else "output_text"
                    field = "refusal" if part.refusal else "text"
                    more: Any = {} if part.refusal else {"annotations": []}
                    content.append({"type": kind, field: part.text, **more})
                case _:
                    content.append(_part(part))
        if not content:
            return items
        said: dict[str, Any] = {"type": "message", "role": turn.role, "content": content}
        # An answer's text stands before its calls, a person's after the results.
        return [said, *items] if turn.role == "assistant" else [*items, said]

    def ask(self, model: str, arguments: Arguments, *, stream: bool) -> Heard:
        create = self._client.responses.with_raw_response.create
        try:
            if stream:
                events = create(model=model, **arguments, stream=True)
                return _streamed(list(events.parse()), events.headers)
            raw = create(model=model, **arguments)
            return _heard(raw.parse(), raw.headers)
        except openai.APIStatusError as error:
            return Heard(
                status=error.status_code, message=error.message, headers=error.response.headers
            )
        except openai.APIError as error:
            return Heard(broke=True, message=error.message)


def _some(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _part(part: Any) -> Any:
    match part:
        case Text():
            refuse({"cache": part.cache})
            return {"type": "input_text", "text": part.text}
        case Image():
            url = part.url or f"data:{part.media_type};base64,{part.data}"
            return {"type": "input_image", "image_url": url, "detail": part.detail or "auto"}
        case File():
            refuse({"text": part.text, "context": part.context, "cited": part.cited})
            if part.url:
                return {"type": "input_file", "file_url": part.url}
            data = f"data:{part.media_type};base64,{part.data}"
            return {"type": "input_file", "filename": part.name, "file_data": data}
        case _:
            raise CannotSay(type(part).__name__)


def _result(result: ToolResult) -> dict[str, Any]:
    refuse({"is_error": result.is_error})
    content = [_part(part) for part in result.parts]
    plain = len(content) == 1 and "text" in content[0]
    output = content[0]["text"] if plain else content
    return {"type": "function_call_output", "call_id": result.call, "output": output}


def _tool(tool: Tool) -> dict[str, Any]:
    refuse({"cache": tool.cache})
    strict = False if tool.strict is None else tool.strict
    given = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "strict": strict, **_some(given)}


def _choice(choice: ToolChoice | None) -> Any:
    if choice is not None and choice.mode == "named":
        return {"type": "function", "name": choice.name}
    return None if choice is None else choice.mode


def _form(request: ChatRequest) -> Any:
    form = request.output
    if form is None:
        return None
    if form.schema is None:
        return {"type": "json_object"}
    return {
        "type": "json_schema",
        "name": form.name,
        "schema": form.schema,
        "strict": form.strict,
    }


def _streamed(events: Sequence[Any], headers: Mapping[str, str]) -> Heard:
    """The last event's response, held against the pieces that came before it."""
    last = events[-1]
    if last.type not in {"response.completed", "response.incomplete"}:
        failed = getattr(last, "response", last)
        error = getattr(failed, "error", failed)
        return Heard(broke=True, message=error.message, headers=headers)
    heard = _heard(last.response, headers)
    pieces = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(pieces) == heard.text
    return heard


def _heard(response: Any, headers: Mapping[str, str]) -> Heard:
    usage = response.usage
    calls = [item for item in response.output if item.type == "function_call"]
    thoughts = [item for item in response.output if item.type == "reasoning"]
    content = [part for item in response.output if item.type == "message" for part in item.content]
    texts = [part for part in content if part.type == "output_text"]
    refusal = "".join(part.refusal for part in content if part.type == "refusal")
    return Heard(
        text=response.output_text,
        refusal=refusal,
        reasoning="".join(
            each.text for item in thoughts for each in (*item.summary, *(item.content or ()))
        ),
        seals=tuple(item.encrypted_content for item in thoughts if item.encrypted_content),
        calls=tuple((call.name, json.loads(call.arguments)) for call in calls),
        call_ids=tuple(call.call_id for call in calls),
        stop=_stop(response, called=bool(calls), refused=bool(refusal)),
        citations=tuple(one for text in texts for one in text.annotations),
        chances=tuple(one.logprob for text in texts for one in text.logprobs or ()),
        counts=Counts(
            input=usage and usage.input_tokens,
            output=usage and usage.output_tokens,
            cached=usage and usage.input_tokens_details.cached_tokens,
            reasoning=usage and usage.output_tokens_details.reasoning_tokens,
        ),
        model=response.model,
        headers=headers,
        said=tuple(item.to_dict(mode="json") for item in response.output),
    )


def _stop(response: Any, *, called: bool, refused: bool) -> Stop:
    if response.status == "completed":
        return "tool-use" if called else "refusal" if refused else "end"
    reason = response.incomplete_details and response.incomplete_details.reason
    match reason:
        case "max_output_tokens":
            return "length"
        case "content_filter":
            return "filtered"
        case _:
            return "other"
