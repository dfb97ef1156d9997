"""OpenAI's Chat Completions: keys, refusals, answers and streams, as the vendor writes them.

Written from the vendor's reference (developers.openai.com/api/reference, chat
completions and its streaming events) and the types of its official SDK.

A stream is a chunk with the role, chunks with words, one with the finish reason,
one with the figures where the request asks for them, and `[DONE]`. An answer that
calls tools says nothing beside; each call is a chunk with its id and name, then
chunks with its arguments. Where one function was demanded, the reason is `stop`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.allowances import openai_allowance
from changeover.standin.asked import Answered, Asked, Called, Mark, RefusalError
from changeover.standin.openai_request import read_request
from changeover.standin.tokens import pieces

_INVALID = "invalid_request_error"
_FINISH = {"end": "stop", "stop-sequence": "stop", "length": "length", "tool-use": "tool_calls"}
_FAULTS: dict[int, tuple[str, str | None, str]] = {
    401: (_INVALID, "invalid_api_key", "Incorrect API key provided."),
    403: (_INVALID, "unsupported_country_region_territory", "Country not supported."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests."),
    503: ("server_error", None, "The engine is currently overloaded, please try again later."),
}
_NO_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header "
    "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank "
    "username) if you're accessing the API from your browser and are prompted for a username and "
    "password. You can obtain an API key from https://platform.openai.com/account/api-keys."
)


class OpenAIChat:
    """OpenAI's protocol. A value without state."""

    def key(self, headers: Mapping[str, str]) -> str:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise RefusalError(401, _INVALID, _NO_KEY)
        return key.strip()

    def read(self, payload: bytes, _headers: Mapping[str, str]) -> Asked:
        return read_request(payload)

    def unknown_model(self, model: str) -> RefusalError:
        message = f"The model `{model}` does not exist or you do not have access to it."
        return RefusalError(404, _INVALID, message, code="model_not_found")

    def no_such_path(self, method: str, path: str) -> RefusalError:
        return RefusalError(404, _INVALID, f"Invalid URL ({method} {path})")

    def wrong_method(self, method: str, path: str) -> RefusalError:
        hint = "(HINT: Perhaps you meant to make the request using a different HTTP method?)"
        message = f"Not allowed to {method} on {path} {hint}"
        return RefusalError(405, _INVALID, message, code="method_not_supported")

    def oversized(self) -> RefusalError:
        return RefusalError(413, _INVALID, "The request body is too large.")

    def fault(self, status: int) -> RefusalError:
        other = "server_error" if status >= 500 else _INVALID
        said = "The server had an error while processing your request. Sorry about that!"
        kind, code, message = _FAULTS.get(status, (other, None, said))
        return RefusalError(status, kind, message, code=code)

    def headers(self, mark: Mark) -> dict[str, str]:
        named = {"x-request-id": f"req_{mark.secret}", "openai-version": "2020-10-01"}
        return {**named, **openai_allowance()}

    def refused(self, refusal: RefusalError, _mark: Mark) -> bytes:
        error = {
            "message": refusal.message,
            "type": refusal.kind,
            "param": refusal.param,
            "code": refusal.code,
        }
        return msgspec.json.encode({"error": error})

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": answered.text,
            "refusal": None,
            "annotations": [],
        }
        if answered.calls:
            message["content"] = None
            message["tool_calls"] = [
                _call(call, at, mark) for at, call in enumerate(answered.calls)
            ]
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": _finish(asked, answered),
        }
        head = _head(asked, mark, "chat.completion")
        return msgspec.json.encode({**head, "choices": [choice], "usage": _usage(answered)})

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        head = _head(asked, mark, "chat.completion.chunk")
        usage = {"usage": None} if asked.stream_usage else {}

        def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            return _event({**head, "choices": [choice], **usage})

        silent = None if answered.calls else ""
        opening = chunk({"role": "assistant", "content": silent, "refusal": None})
        spoken = [{"content": piece} for piece in pieces(answered.text)]
        deltas = _call_deltas(answered.calls, mark) if answered.calls else spoken
        events = [opening, *map(chunk, deltas), chunk({}, _finish(asked, answered))]
        if asked.stream_usage:
            events.append(_event({**head, "choices": [], "usage": _usage(answered)}))
        return [*events, b"data: [DONE]\n\n"]

    def catalogue(self, host: str, models: Sequence[str]) -> bytes:
        listed = {"object": "list", "data": [_model(host, model) for model in models]}
        return msgspec.json.encode(listed)

    def entry(self, host: str, model: str) -> bytes:
        return msgspec.json.encode(_model(host, model))


def _finish(asked: Asked, answered: Answered) -> str:
    if answered.calls and asked.choice == "named":
        return "stop"
    return _FINISH[answered.stop]


def _call(call: Called, at: int, mark: Mark) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": f"call_{mark.secret[:22]}{at:02d}", "type": "function", "function": function}


def _call_deltas(calls: Sequence[Called], mark: Mark) -> list[dict[str, Any]]:
    deltas: list[dict[str, Any]] = []
    for at, call in enumerate(calls):
        opening = {"index": at, **_call(call, at, mark)}
        opening["function"] = {"name": call.name, "arguments": ""}
        more = [{"index": at, "function": {"arguments": one}} for one in pieces(call.arguments)]
        deltas += [{"tool_calls": [one]} for one in (opening, *more)]
    return deltas


def _head(asked: Asked, mark: Mark, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{mark.secret}",
        "object": kind,
        "created": mark.created,
        "model": asked.model,
        "service_tier": "default",
        "system_fingerprint": "stand-in",
    }


def _usage(answered: Answered) -> dict[str, Any]:
    return {
        "prompt_tokens": answered.input_tokens,
        "completion_tokens": answered.output_tokens,
        "total_tokens": answered.input_tokens + answered.output_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _model(host: str, model: str) -> dict[str, Any]:
    return {"id": model, "object": "model", "created": 0, "owned_by": f"stand-in-{host}"}


def _event(chunk: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(chunk) + b"\n\n"
