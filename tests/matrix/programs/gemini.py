"""A program with Google's SDK and generateContent."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
from google import genai
from google.genai import errors, types

from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
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

_STOPS: Mapping[str, Stop] = {"STOP": "end", "MAX_TOKENS": "length"}
_FILTERED = frozenset({"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"})
_MODES = {"auto": "AUTO", "none": "NONE", "required": "ANY", "named": "ANY"}


class GeminiProgram:
    """generateContent, whole or streamed."""

    name = "google-genai"
    protocol: Protocol = "gemini-generate"
    history = "contents"

    def __init__(self, client: genai.Client | None = None) -> None:
        self._given = client

    @property
    def _client(self) -> genai.Client:
        assert self._given is not None, "without a client a program only writes"
        return self._given

    def write(self, request: ChatRequest) -> Arguments:
        refuse(
            {
                "parallel": request.parallel_calls is not None,
                "a sixth stop sequence": len(request.sampling.stop) > 5,
                "prefill": request.prefill,
                "cache": request.cache,
                "cache_key": request.cache_key,
                "verbosity": request.verbosity,
                "user": request.user,
            }
        )
        names = {
            part.id: part.name
            for turn in request.turns
            for part in turn.parts
            if isinstance(part, ToolCall)
        }
        contents: list[Any] = []
        for turn in request.turns:
            contents += self.turn(turn, names)
        return {"contents": contents, "config": _config(request)}

    def turn(self, turn: Turn, names: Mapping[str, str]) -> Sequence[Any]:
        role = "model" if turn.role == "assistant" else "user"
        return [types.Content(role=role, parts=[_part(part, names) for part in turn.parts])]

    def ask(self, model: str, arguments: Arguments, *, stream: bool) -> Heard:
        models = self._client.models
        chunks: list[Any] = []
        try:
            if stream:
                for chunk in models.generate_content_stream(model=model, **arguments):
                    chunks.append(chunk)  # noqa: PERF402 (what came before a break counts)
            else:
                chunks.append(models.generate_content(model=model, **arguments))
        except errors.APIError as error:
            broke = bool(chunks) or (error.code or 0) == 200
            headers = getattr(error.response, "headers", None) or {}
            status = 200 if broke else error.code
            return Heard(status=status, broke=broke, message=str(error), headers=headers)
        except (json.JSONDecodeError, errors.UnknownApiResponseError, httpx2.HTTPError) as error:
            return Heard(broke=True, message=str(error))
        return _heard(chunks)


def _config(request: ChatRequest) -> types.GenerateContentConfig:
    sampling = request.sampling
    declared = [_declaration(tool) for tool in request.tools]
    given = {
        "system_instruction": [text.text for text in request.system] or None,
        "max_output_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "stop_sequences": list(sampling.stop) or None,
        "seed": sampling.seed,
        "frequency_penalty": sampling.frequency_penalty,
        "presence_penalty": sampling.presence_penalty,
        "response_logprobs": None if sampling.chances is None else True,
        "logprobs": sampling.chances,
        "tools": [types.Tool(function_declarations=declared)] if declared else None,
        "tool_config": _choice(request.tool_choice),
        "thinking_config": _thinking(request.thinking),
        "labels": dict(request.metadata) or None,
        **_form(request),
    }
    return types.GenerateContentConfig(**{k: v for k, v in given.items() if v is not None})


def _form(request: ChatRequest) -> dict[str, Any]:
    form = request.output
    if form is None:
        return {}
    schema = {} if form.schema is None else {"response_json_schema": form.schema}
    return {"response_mime_type": "application/json", **schema}


def _thinking(thinking: Thinking | None) -> Any:
    if thinking is None:
        return None
    given: dict[str, Any] = {
        "thinking_level": None if thinking.effort is None else thinking.effort.upper(),
        "thinking_budget": thinking.budget,
        "include_thoughts": None if thinking.show is None else thinking.show != "none",
    }
    return types.ThinkingConfig(**{k: v for k, v in given.items() if v is not None})


def _declaration(tool: Tool) -> types.FunctionDeclaration:
    refuse({"strict": tool.strict, "cache": tool.cache})
    return types.FunctionDeclaration(
        name=tool.name, description=tool.description, parameters_json_schema=tool.parameters
    )


def _choice(choice: ToolChoice | None) -> Any:
    if choice is None:
        return None
    named = [choice.name] if choice.mode == "named" else None
    calling: dict[str, Any] = {"mode": _MODES[choice.mode], "allowed_function_names": named}
    return types.ToolConfig(function_calling_config=types.FunctionCallingConfig(**calling))


def _part(part: Any, names: Mapping[str, str]) -> types.Part:
    match part:
        case Text():
            refuse({"refusal": part.refusal, "cache": part.cache})
            return types.Part(text=part.text)
        case Image() | File():
            return _bytes(part)
        case ToolCall():
            refuse({"cache": part.cache})
            args = json.loads(part.arguments)
            return types.Part(
                function_call=types.FunctionCall(id=part.id, name=part.name, args=args)
            )
        case ToolResult():
            return types.Part(function_response=_result(part, names))
        case _:
            raise CannotSay(type(part).__name__)


def _bytes(part: Image | File) -> types.Part:
    refuse({"cache": part.cache})
    match part:
        case Image():
            refuse({"detail": part.detail})
        case File():
            refuse({"text": part.text, "context": part.context, "cited": part.cited})
    if part.url:
        kind = part.media_type or "image/png"
        return types.Part(file_data=types.FileData(file_uri=part.url, mime_type=kind))
    name = part.name if isinstance(part, File) else None
    data = base64.b64decode(part.data)
    return types.Part(
        inline_data=types.Blob(mime_type=part.media_type, data=data, display_name=name or None)
    )


def _result(result: ToolResult, names: Mapping[str, str]) -> types.FunctionResponse:
    words = "".join(part.text for part in result.parts if isinstance(part, Text))
    pictures = [part for part in result.parts if not isinstance(part, Text)]
    parts = [
        types.FunctionResponsePart(
            inline_data=types.FunctionResponseBlob(
                mime_type=each.media_type, data=base64.b64decode(each.data)
            )
        )
        for each in pictures
    ]
    return types.FunctionResponse(
        id=result.call,
        name=names[result.call],
        response={"error" if result.is_error else "output": words},
        parts=parts or None,
    )


def _heard(chunks: Sequence[Any]) -> Heard:
    candidates = [chunk.candidates[0] for chunk in chunks if chunk.candidates]
    parts = [
        part
        for candidate in candidates
        for part in (candidate.content and candidate.content.parts) or ()
    ]
    calls = [part.function_call for part in parts if part.function_call is not None]
    spoken = [part for part in parts if part.text and not part.thought]
    thoughts = [part for part in parts if part.text and part.thought]
    blocked = any(chunk.prompt_feedback for chunk in chunks)
    finish = next((c.finish_reason.value for c in reversed(candidates) if c.finish_reason), "")
    chances = [
        chosen.log_probability
        for candidate in candidates
        if candidate.logprobs_result
        for chosen in candidate.logprobs_result.chosen_candidates or ()
    ]
    usage = next((c.usage_metadata for c in reversed(chunks) if c.usage_metadata), None)
    response = chunks[0].sdk_http_response
    return Heard(
        text="".join(part.text for part in spoken),
        reasoning="".join(part.text for part in thoughts),
        seals=tuple(
            base64.b64encode(p.thought_signature).decode() for p in parts if p.thought_signature
        ),
        calls=tuple((call.name, call.args or {}) for call in calls),
        call_ids=tuple(call.id or "" for call in calls),
        stop=_stop(finish, called=bool(calls), blocked=blocked),
        citations=tuple(_citations(candidates)),
        chances=tuple(chances),
        counts=_counts(usage),
        model=chunks[-1].model_version or "",
        headers=(response and response.headers) or {},
        said=(types.Content(role="model", parts=parts),),
    )


def _citations(candidates: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for candidate in candidates:
        if candidate.citation_metadata:
            found += candidate.citation_metadata.citations or []
        if candidate.grounding_metadata:
            found += candidate.grounding_metadata.grounding_supports or []
    return found


def _counts(usage: Any) -> Counts:
    if usage is None:
        return Counts()
    said = usage.candidates_token_count
    thought = usage.thoughts_token_count
    # generateContent counts thoughts beside the candidates.
    output = None if said is None else said + (thought or 0)
    return Counts(
        input=usage.prompt_token_count,
        output=output,
        cached=usage.cached_content_token_count,
        reasoning=thought,
    )


def _stop(finish: str, *, called: bool, blocked: bool) -> Stop:
    if blocked or finish in _FILTERED:
        return "filtered"
    if called and finish == "STOP":
        return "tool-use"
    return _STOPS.get(finish, "other")
