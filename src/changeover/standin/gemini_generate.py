"""Gemini's generateContent: keys, refusals, answers and streams, as the vendor writes them.

Written from the vendor's reference (ai.google.dev/api: generate-content, models,
errors) and the types of its official SDK.

The model and the method stand in the address. A stream is a piece for every few
words; the last words stand beside the finish reason, and each piece bears the
figures so far. The vendor ends lines with CRLF, and has no mark at the end.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.asked import Answered, Asked, Called, Mark, RefusalError
from changeover.standin.gemini_request import INVALID, read_request
from changeover.standin.tokens import count, pieces

_METHODS = {"generateContent": False, "streamGenerateContent": True}
_FINISH = {"end": "STOP", "stop-sequence": "STOP", "length": "MAX_TOKENS", "tool-use": "STOP"}
_STATUSES = {
    400: INVALID,
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_WORDS = {
    "UNAUTHENTICATED": "Request had invalid authentication credentials.",
    "PERMISSION_DENIED": "The caller does not have permission",
    "RESOURCE_EXHAUSTED": "Resource has been exhausted (e.g. check quota).",
    "UNAVAILABLE": "The model is overloaded. Please try again later.",
    "DEADLINE_EXCEEDED": "Deadline expired before operation could complete.",
    "INTERNAL": "An internal error has occurred. Please retry or report in "
    "https://developers.generativeai.google/guide/troubleshooting",
}
_NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use "
    "API Key or other form of API consumer identity to call this API."
)
_BY_EVENTS_ONLY = "The stand-in streams with alt=sse only."


class GeminiGenerate:
    """Google's protocol at one address. A value without state.

    `method` stands behind the colon; `alt` is that parameter of the address.
    """

    def __init__(self, model: str = "", method: str = "", alt: str = "") -> None:
        self.model = model
        self.stream = _METHODS.get(method, False)
        self._method = method
        self._alt = alt

    def key(self, headers: Mapping[str, str]) -> str:
        key = headers.get("x-goog-api-key", "").strip()
        if not key:
            raise RefusalError(403, "PERMISSION_DENIED", _NO_KEY)
        return key

    def read(self, payload: bytes, _headers: Mapping[str, str]) -> Asked:
        if self._method not in _METHODS:
            raise self.no_such_path("POST", f"/models/{self.model}:{self._method}")
        if self.stream and self._alt != "sse":
            raise RefusalError(501, "UNIMPLEMENTED", _BY_EVENTS_ONLY)
        return read_request(payload, self.model, stream=self.stream)

    def unknown_model(self, model: str) -> RefusalError:
        message = (
            f"models/{model} is not found for API version v1beta, or is not supported for "
            "generateContent. Call ListModels to see the list of available models and their "
            "supported methods."
        )
        return RefusalError(404, "NOT_FOUND", message)

    def no_such_path(self, _method: str, path: str) -> RefusalError:
        return RefusalError(404, "NOT_FOUND", f"The requested URL {path} was not found.")

    def wrong_method(self, method: str, path: str) -> RefusalError:
        return RefusalError(405, "UNIMPLEMENTED", f"{method} is not allowed on {path}.")

    def oversized(self) -> RefusalError:
        message = "Request payload size exceeds the limit: 20971520 bytes."
        return RefusalError(400, INVALID, message)

    def fault(self, status: int) -> RefusalError:
        kind = _STATUSES.get(status, "INTERNAL" if status >= 500 else INVALID)
        return RefusalError(status, kind, _WORDS.get(kind, kind))

    def headers(self, _mark: Mark) -> dict[str, str]:
        return {"vary": "Origin, X-Origin, Referer"}

    def refused(self, refusal: RefusalError, _mark: Mark) -> bytes:
        error: dict[str, Any] = {
            "code": refusal.status,
            "message": refusal.message,
            "status": refusal.kind,
        }
        if refusal.param is not None:
            named = {"field": refusal.param} if refusal.param else {}
            violation = {**named, "description": refusal.message}
            kind = "type.googleapis.com/google.rpc.BadRequest"
            error["details"] = [{"@type": kind, "fieldViolations": [violation]}]
        return msgspec.json.encode({"error": error})

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        parts = [{"text": answered.text}] if answered.text or not answered.calls else []
        parts += [_call(call) for call in answered.calls]
        candidate = _candidate(parts, _FINISH[answered.stop])
        return msgspec.json.encode(
            _response(asked, candidate, mark, _usage(answered.input_tokens, answered.output_tokens))
        )

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        spoken: list[dict[str, Any]] = [{"text": piece} for piece in pieces(answered.text)]
        parts = [*spoken, *map(_call, answered.calls)] or [{"text": ""}]
        output = 0
        events: list[bytes] = []
        for at, part in enumerate(parts):
            last = at == len(parts) - 1
            output += count(part.get("text", ""))
            output = answered.output_tokens if last else output
            candidate = _candidate([part], _FINISH[answered.stop] if last else None)
            usage = _usage(answered.input_tokens, output)
            events.append(_event(_response(asked, candidate, mark, usage)))
        return events

    def catalogue(self, _host: str, models: Sequence[str]) -> bytes:
        return msgspec.json.encode({"models": [_model(model) for model in models]})

    def entry(self, _host: str, model: str) -> bytes:
        return msgspec.json.encode(_model(model))


def _call(call: Called) -> dict[str, Any]:
    """A call without an id, as models before the third generation give it."""
    return {"functionCall": {"name": call.name, "args": msgspec.Raw(call.arguments.encode())}}


def _candidate(parts: list[dict[str, Any]], finish: str | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}}
    if finish is not None:
        candidate["finishReason"] = finish
    return {**candidate, "index": 0}


def _response(
    asked: Asked, candidate: dict[str, Any], mark: Mark, usage: dict[str, Any]
) -> dict[str, Any]:
    return {
        "candidates": [candidate],
        "usageMetadata": usage,
        "modelVersion": asked.model,
        "responseId": mark.secret[:23],
    }


def _usage(input_tokens: int, output_tokens: int) -> dict[str, Any]:
    return {
        "promptTokenCount": input_tokens,
        "candidatesTokenCount": output_tokens,
        "totalTokenCount": input_tokens + output_tokens,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": input_tokens}],
    }


def _model(model: str) -> dict[str, Any]:
    return {
        "name": f"models/{model}",
        "version": "stand-in",
        "displayName": model,
        "supportedGenerationMethods": ["generateContent"],
    }


def _event(piece: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(piece) + b"\r\n\r\n"
