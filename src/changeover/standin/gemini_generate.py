"""Gemini's generateContent: keys, refusals, answers and streams, as the vendor writes them.

Written from the vendor's reference (ai.google.dev/api: generate-content, models,
errors) and the types of its official SDK.

The model and the method stand in the address. A stream is a piece for every few
words; the last words stand beside the finish reason, and each piece bears the
figures so far. The vendor ends lines with CRLF, and has no mark at the end. Vertex AI
takes an access token where the Gemini API takes a key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.asked import Answered, Asked, Mark, RefusalError
from changeover.standin.gemini_answer import Composed, chances, grounding
from changeover.standin.gemini_asked import GeminiAsked
from changeover.standin.gemini_request import INVALID, read_request
from changeover.standin.gemini_wishes import Wishes
from changeover.standin.tokens import count

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
_UNKNOWN_CALLER = (
    "Request is missing required authentication credential. Expected OAuth 2 access token, login "
    "cookie or other valid authentication credential."
)
_AGAIN = "1s"
_BY_EVENTS_ONLY = "The stand-in streams with alt=sse only."


class GeminiGenerate:
    """Google's protocol at one address. A value without state.

    `method` stands behind the colon; `alt` is that parameter of the address.
    """

    def __init__(
        self, model: str = "", method: str = "", alt: str = "", *, vertex: bool = False
    ) -> None:
        self.model = model
        self.stream = _METHODS.get(method, False)
        self._method = method
        self._alt = alt
        self._vertex = vertex

    def key(self, headers: Mapping[str, str]) -> str:
        if self._vertex:
            kind, _, token = headers.get("authorization", "").partition(" ")
            if kind.lower() != "bearer" or not token.strip():
                raise RefusalError(401, "UNAUTHENTICATED", _UNKNOWN_CALLER)
            return token.strip()
        key = headers.get("x-goog-api-key", "").strip()
        if not key:
            raise RefusalError(403, "PERMISSION_DENIED", _NO_KEY)
        return key

    def read(self, payload: bytes, _headers: Mapping[str, str]) -> Asked:
        if self._method not in _METHODS:
            raise self.no_such_path("POST", f"/models/{self.model}:{self._method}")
        if self.stream and self._alt != "sse":
            raise RefusalError(501, "UNIMPLEMENTED", _BY_EVENTS_ONLY)
        return read_request(payload, self.model, stream=self.stream, vertex=self._vertex)

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
        if refusal.kind == "RESOURCE_EXHAUSTED":
            kind = "type.googleapis.com/google.rpc.RetryInfo"
            error["details"] = [{"@type": kind, "retryDelay": _AGAIN}]
        return msgspec.json.encode({"error": error})

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        assert isinstance(asked, GeminiAsked)
        wishes, composed = Wishes(asked.conversation), Composed(asked, answered, mark.secret)
        usage = _usage(answered, composed, answered.output_tokens)
        if wishes.block:
            return msgspec.json.encode(_blocked(asked, wishes, mark, usage))
        candidate = _candidate(composed.whole(), _FINISH[answered.stop])
        candidate |= _beside(asked, composed, wishes)
        if wishes.finish:
            candidate = _withheld(wishes)
        return msgspec.json.encode(_response(asked, [candidate], mark, usage))

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        assert isinstance(asked, GeminiAsked)
        wishes, composed = Wishes(asked.conversation), Composed(asked, answered, mark.secret)
        if wishes.block:
            return [_event(_blocked(asked, wishes, mark, _usage(answered, composed, 0)))]
        parts = composed.pieces()
        output = 0
        events: list[bytes] = []
        for at, part in enumerate(parts):
            last = at == len(parts) - 1
            output += count(part.get("text", ""))
            output = answered.output_tokens if last else output
            candidate = _candidate([part], _FINISH[answered.stop] if last else None)
            if last:
                candidate |= _beside(asked, composed, wishes)
                candidate = _withheld(wishes) if wishes.finish else candidate
            usage = _usage(answered, composed, output)
            events.append(_event(_response(asked, [candidate], mark, usage)))
        return events

    def catalogue(self, _host: str, models: Sequence[str]) -> bytes:
        return msgspec.json.encode({"models": [_model(model) for model in models]})

    def entry(self, _host: str, model: str) -> bytes:
        return msgspec.json.encode(_model(model))


def _candidate(parts: list[dict[str, Any]], finish: str | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}}
    if finish is not None:
        candidate["finishReason"] = finish
    return {**candidate, "index": 0}


def _withheld(wishes: Wishes) -> dict[str, Any]:
    """A candidate without content: why there is none is all that is told."""
    told = {"finishMessage": "Asked to end so."} if wishes.finish.startswith("MAL") else {}
    return {"finishReason": wishes.finish, **told, "index": 0}


def _beside(asked: GeminiAsked, composed: Composed, wishes: Wishes) -> dict[str, Any]:
    beside = grounding(wishes, composed.text)
    if asked.chances is not None and composed.text:
        beside["logprobsResult"] = chances(composed.text, asked.chances)
    return beside


def _response(
    asked: Asked, candidates: list[dict[str, Any]], mark: Mark, usage: dict[str, Any]
) -> dict[str, Any]:
    return {
        "candidates": candidates,
        "usageMetadata": usage,
        "modelVersion": asked.model,
        "responseId": mark.secret[:23],
    }


def _blocked(asked: Asked, wishes: Wishes, mark: Mark, usage: dict[str, Any]) -> dict[str, Any]:
    """The answer to a prompt that was blocked: no candidate at all."""
    answer = _response(asked, [], mark, usage)
    del answer["candidates"], usage["candidatesTokenCount"]
    return {"promptFeedback": {"blockReason": wishes.block}, **answer}


def _usage(answered: Answered, composed: Composed, output_tokens: int) -> dict[str, Any]:
    read = answered.input_tokens
    thought = composed.thought_tokens
    return {
        "promptTokenCount": read,
        "candidatesTokenCount": output_tokens,
        "totalTokenCount": read + output_tokens + thought,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": read}],
        **({"thoughtsTokenCount": thought} if thought else {}),
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
