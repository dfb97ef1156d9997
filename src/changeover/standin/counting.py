"""The vendors' calls that count a request's tokens: what they take, and the answer.

Written from the vendors' references (Anthropic's "Count tokens in a Message", Google's
`models.countTokens`, OpenAI's "Get input token counts") and the types of their SDKs. Each
takes of a request for an answer what is part of the input, and refuses other fields; what it
takes is checked as in a request for an answer.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from changeover.standin import tokens
from changeover.standin.anthropic_messages import AnthropicMessages
from changeover.standin.asked import Asked, RefusalError
from changeover.standin.beside import Sent, Task
from changeover.standin.gemini_generate import GeminiGenerate
from changeover.standin.openai_checks import read_object, unknown
from changeover.standin.openai_responses import OpenAIResponses

_OF_MESSAGES = {
    "model", "messages", "system", "tools", "tool_choice", "thinking", "output_config",
    "cache_control", "speed",
}  # fmt: skip
_OF_RESPONSES = {
    "model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "reasoning",
    "text", "truncation", "conversation", "previous_response_id", "personality",
}  # fmt: skip
_OF_GEMINI = {"contents", "generateContentRequest"}
_MOST = 64_000


def count_messages(sent: Sent) -> Task:
    """Anthropic's POST /v1/messages/count_tokens."""
    given = _object(sent.payload, "invalid_request_error")
    for name in given:
        if name not in _OF_MESSAGES:
            message = f"{name}: Extra inputs are not permitted"
            raise RefusalError(400, "invalid_request_error", message)
    whole = msgspec.json.encode({**given, "max_tokens": _MOST})
    asked = AnthropicMessages().read(whole, sent.headers)
    return _task(asked.model, asked, lambda counted: {"input_tokens": counted})


def count_responses(sent: Sent) -> Task:
    """OpenAI's POST /v1/responses/input_tokens."""
    given = read_object(sent.payload)
    for name in given:
        if name not in _OF_RESPONSES:
            raise unknown(name)
    given.pop("personality", None)
    asked = OpenAIResponses().read(msgspec.json.encode(given), sent.headers)
    told = {"object": "response.input_tokens"}
    return _task(asked.model, asked, lambda counted: {**told, "input_tokens": counted})


def count_contents(sent: Sent) -> Task:
    """Google's POST /v1beta/models/{model}:countTokens."""
    given = _object(sent.payload, "INVALID_ARGUMENT")
    for name in given:
        if name not in _OF_GEMINI:
            message = f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'
            raise RefusalError(400, "INVALID_ARGUMENT", message)
    whole = given.get("generateContentRequest")
    if whole is not None and "contents" in given:
        message = "contents and generate_content_request are mutually exclusive."
        raise RefusalError(400, "INVALID_ARGUMENT", message)
    if isinstance(whole, dict):
        named = whole.pop("model", "")
        if named != f"models/{sent.model}":
            message = "* CountTokensRequest.generate_content_request.model: unexpected model name"
            raise RefusalError(400, "INVALID_ARGUMENT", message)
        given = whole
    dialect = GeminiGenerate(sent.model, "generateContent")
    asked = dialect.read(msgspec.json.encode(given), sent.headers)

    def told(counted: int) -> dict[str, Any]:
        details = [{"modality": "TEXT", "tokenCount": counted}]
        return {"totalTokens": counted, "promptTokensDetails": details}

    return _task(sent.model, asked, told)


def _task(model: str, asked: Asked, told: Any) -> Task:
    counted = sum(tokens.count(part.text) for part in asked.conversation)
    counted += sum(
        tokens.count(tool.name) + tokens.count(msgspec.json.encode(tool.schema).decode())
        for tool in asked.tools
    )
    return Task(model=model, pieces=lambda: [msgspec.json.encode(told(counted))])


def _object(payload: bytes, kind: str) -> Mapping[str, Any]:
    try:
        given = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise RefusalError(400, kind, "The request body is not valid JSON.") from error
    if not isinstance(given, dict):
        raise RefusalError(400, kind, "The request body is not valid JSON.")
    return given
