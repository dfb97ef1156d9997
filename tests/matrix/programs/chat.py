"""A program with OpenAI's SDK and Chat Completions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import openai

from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
    Reasoning,
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

_STOPS: Mapping[str, Stop] = {
    "stop": "end",
    "length": "length",
    "tool_calls": "tool-use",
    "content_filter": "filtered",
}


class ChatProgram:
    """Chat Completions, whole or with the SDK's streaming helper."""

    name = "openai, Chat Completions"
    protocol: Protocol = "openai-chat"
    history = "messages"

    def __init__(self, client: openai.OpenAI | None = None) -> None:
        self._given = client

    @property
    def _client(self) -> openai.OpenAI:
        assert self._given is not None, "without a client a program only writes"
        return self._given

    def write(self, request: ChatRequest) -> Arguments:
        sampling = request.sampling
        refuse(
            {
                "top_k": sampling.top_k,
                "a fifth stop sequence": len(sampling.stop) > 4,
                "prefill": request.prefill,
                "cache": request.cache,
            }
        )
        thinking = request.thinking
        if thinking is not None:
            refuse({"budget": thinking.budget, "show": thinking.show})
        names = _names(request.turns)
        messages = [{"role": "system", "content": text.text} for text in request.system]
        for turn in request.turns:
            messages += self.turn(turn, names)
        chances = sampling.chances
        given: Arguments = {
            "messages": messages,
            "max_completion_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "stop": list(sampling.stop) or None,
            "seed": sampling.seed,
            "frequency_penalty": sampling.frequency_penalty,
            "presence_penalty": sampling.presence_penalty,
            "logprobs": None if chances is None else True,
            "top_logprobs": chances or None,
            "tools": [_tool(tool) for tool in request.tools] or None,
            "tool_choice": _choice(request.tool_choice),
            "parallel_tool_calls": request.parallel_calls,
            "reasoning_effort": None if thinking is None else thinking.effort,
            "response_format": _form(request),
            "verbosity": request.verbosity,
            "user": request.user,
            "metadata": dict(request.metadata) or None,
            "prompt_cache_key": request.cache_key,
        }
        return {name: value for name, value in given.items() if value is not None}

    def turn(self, turn: Turn, names: Mapping[str, str]) -> Sequence[Any]:
        if turn.role == "assistant":
            return [_answer(turn)]
        results = [part for part in turn.parts if isinstance(part, ToolResult)]
        content = [_part(part) for part in turn.parts if not isinstance(part, ToolResult)]
        messages = [_result(result) for result in results]
        if content:
            plain = len(content) == 1 and "cache" not in content[0] and "text" in content[0]
            messages.append({"role": "user", "content": content[0]["text"] if plain else content})
        return messages

    def ask(self, model: str, arguments: Arguments, *, stream: bool) -> Heard:
        create = self._client.chat.completions.with_raw_response.create
        try:
            if not stream:
                raw = create(model=model, **arguments)
                return _heard(raw.parse(), raw.headers)
            helper = self._client.chat.completions.stream
            usage: Any = {"include_usage": True}
            with helper(model=model, **arguments, stream_options=usage) as streamed:
                return _heard(_final(streamed), streamed._response.headers)
        except openai.APIStatusError as error:
            return Heard(
                status=error.status_code, message=error.message, headers=error.response.headers
            )
        except openai.APIError as error:
            return Heard(broke=True, message=error.message)


def _final(streamed: Any) -> Any:
    """The helper's completion, also one that a limit or a filter ended."""
    try:
        return streamed.get_final_completion()
    except (openai.LengthFinishReasonError, openai.ContentFilterFinishReasonError):
        return streamed.current_completion_snapshot


def _names(turns: Sequence[Turn]) -> dict[str, str]:
    calls = [part for turn in turns for part in turn.parts if isinstance(part, ToolCall)]
    return {call.id: call.name for call in calls}


def _part(part: Any) -> Any:
    match part:
        case Text():
            refuse({"cache": part.cache})
            return {"type": "text", "text": part.text}
        case Image():
            url = part.url or f"data:{part.media_type};base64,{part.data}"
            detail = {} if part.detail is None else {"detail": part.detail}
            return {"type": "image_url", "image_url": {"url": url, **detail}}
        case File():
            refuse({"text": part.text, "url": part.url, "context": part.context, "c": part.cited})
            data = f"data:{part.media_type};base64,{part.data}"
            return {"type": "file", "file": {"filename": part.name, "file_data": data}}
        case _:
            raise CannotSay(type(part).__name__)


def _answer(turn: Turn) -> dict[str, Any]:
    calls, content = [], []
    for part in turn.parts:
        match part:
            case ToolCall():
                function = {"name": part.name, "arguments": part.arguments}
                calls.append({"id": part.id, "type": "function", "function": function})
            case Text(refusal=True):
                content.append({"type": "refusal", "refusal": part.text})
            case Text():
                content.append({"type": "text", "text": part.text})
            case Reasoning():
                raise CannotSay("reasoning")
            case _:
                raise CannotSay(type(part).__name__)
    message: dict[str, Any] = {"role": "assistant", "content": content or None}
    return message | ({"tool_calls": calls} if calls else {})


def _result(result: ToolResult) -> dict[str, Any]:
    refuse({"is_error": result.is_error})
    content = [_part(part) for part in result.parts]
    if any("text" not in part for part in content):
        raise CannotSay("images or files in a tool's result")
    return {"role": "tool", "tool_call_id": result.call, "content": content}


def _tool(tool: Tool) -> dict[str, Any]:
    refuse({"cache": tool.cache})
    given = {
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
        "strict": tool.strict,
    }
    function = {name: value for name, value in given.items() if value is not None}
    return {"type": "function", "function": function}


def _choice(choice: ToolChoice | None) -> Any:
    if choice is not None and choice.mode == "named":
        return {"type": "function", "function": {"name": choice.name}}
    return None if choice is None else choice.mode


def _form(request: ChatRequest) -> Any:
    form = request.output
    if form is None:
        return None
    if form.schema is None:
        return {"type": "json_object"}
    schema = {"name": form.name, "schema": form.schema, "strict": form.strict}
    return {"type": "json_schema", "json_schema": schema}


def _heard(completion: Any, headers: Mapping[str, str]) -> Heard:
    choice = completion.choices[0]
    message, usage = choice.message, completion.usage
    calls = message.tool_calls or []
    more = message.model_extra or {}
    details = more.get("reasoning_details") or []
    seals = [d.get("data") or d.get("signature") for d in details]
    chances = choice.logprobs.content or [] if choice.logprobs else []
    inside = usage and usage.prompt_tokens_details
    outside = usage and usage.completion_tokens_details
    return Heard(
        text=message.content or "",
        refusal=message.refusal or "",
        reasoning=more.get("reasoning_content") or "",
        seals=tuple(seal for seal in seals if seal),
        calls=tuple((call.function.name, _json(call.function.arguments)) for call in calls),
        call_ids=tuple(call.id for call in calls),
        stop="refusal" if message.refusal else _STOPS.get(choice.finish_reason, "other"),
        citations=tuple(message.annotations or ()),
        chances=tuple(chance.logprob for chance in chances),
        counts=Counts(
            input=usage and usage.prompt_tokens,
            output=usage and usage.completion_tokens,
            cached=inside.cached_tokens if inside else None,
            reasoning=outside.reasoning_tokens if outside else None,
        ),
        model=completion.model,
        headers=headers,
        said=(message.to_dict(mode="json", exclude_none=True),),
    )


def _json(text: str) -> Any:
    return json.loads(text)
