"""OpenAI's Chat Completions: keys, refusals, answers and streams, as the vendor writes them.

Written from the vendor's reference (developers.openai.com/api/reference, chat
completions and its streaming events) and the types of its official SDK.

A stream is a chunk with the role, chunks with what is said (`openai_saying.py`), one with the
finish reason, one with the figures where the request asks for them, and `[DONE]`. One that
breaks off ends with an object with `error`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.allowances import openai_allowance
from changeover.standin.asked import Answered, Asked, Mark, RefusalError
from changeover.standin.openai_request import read_request
from changeover.standin.openai_saying import BROKEN, Saying

_INVALID = "invalid_request_error"
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
        saying = Saying(asked, answered, mark)
        choice = {
            "index": 0,
            "message": saying.message(),
            "logprobs": saying.logprobs(),
            "finish_reason": saying.finish,
        }
        head = _head(asked, mark, "chat.completion")
        return msgspec.json.encode({**head, "choices": [choice], "usage": saying.usage})

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        saying = Saying(asked, answered, mark)
        head = _head(asked, mark, "chat.completion.chunk")
        usage = {"usage": None} if asked.stream_usage else {}

        def chunk(delta: dict[str, Any], logprobs: Any = None, finish: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
            return _event({**head, "choices": [choice], **usage})

        events = [chunk(delta, logprobs) for delta, logprobs in saying.deltas()]
        if saying.breaks_off:
            error = RefusalError(500, "server_error", BROKEN)
            return [*events[: len(events) // 2], b"data: " + self.refused(error, mark) + b"\n\n"]
        events.append(chunk({}, None, saying.finish))
        if asked.stream_usage:
            events.append(_event({**head, "choices": [], "usage": saying.usage}))
        return [*events, b"data: [DONE]\n\n"]

    def catalogue(self, host: str, models: Sequence[str]) -> bytes:
        listed = {"object": "list", "data": [_model(host, model) for model in models]}
        return msgspec.json.encode(listed)

    def entry(self, host: str, model: str) -> bytes:
        return msgspec.json.encode(_model(host, model))


def _head(asked: Asked, mark: Mark, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{mark.secret}",
        "object": kind,
        "created": mark.created,
        "model": asked.model,
        "service_tier": "default",
        "system_fingerprint": "stand-in",
    }


def _model(host: str, model: str) -> dict[str, Any]:
    return {"id": model, "object": "model", "created": 0, "owned_by": f"stand-in-{host}"}


def _event(chunk: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(chunk) + b"\n\n"
