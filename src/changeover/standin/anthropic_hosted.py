"""Anthropic's Messages as Bedrock (`InvokeModel`) and Vertex AI (`rawPredict`) host it.

Written from Anthropic's pages "Claude on Amazon Bedrock" and "Claude on Vertex AI", its SDK's
clients for both, and error bodies that callers reported. The body says the protocol's
version, and neither the model nor, on Bedrock, whether a stream is wanted. Vertex AI takes
OAuth tokens: those that were issued here (`google_tokens.py`), or one set up beforehand.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.amazon import Amazon, framed, invalid
from changeover.standin.anthropic_messages import AnthropicMessages
from changeover.standin.anthropic_request import LATEST_VERSION
from changeover.standin.asked import Answered, Asked, Mark, RefusalError
from changeover.standin.google_tokens import Tokens

_VERSION = "2023-06-01"
# What hosts call the version, and since its second version what the SDK sends to both.
_ON_BEDROCK = {"bedrock-2023-05-31": _VERSION, LATEST_VERSION: LATEST_VERSION}
_ON_VERTEX = {"vertex-2023-10-16": _VERSION, LATEST_VERSION: LATEST_VERSION}
_MODEL = AnthropicMessages()
_INVALID = "invalid_request_error"
_AGAIN = "please reformat your input and try again."
_UNAUTHENTICATED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
    "or other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_METHODS = {"rawPredict": False, "streamRawPredict": True}


def _read(given: Mapping[str, Any], model: str, *, stream: bool) -> Asked:
    plain = {name: value for name, value in given.items() if not name.startswith("anthropic_")}
    body = msgspec.json.encode({**plain, "model": model, "stream": stream})
    version = (_ON_BEDROCK | _ON_VERTEX)[given["anthropic_version"]]
    return _MODEL.read(body, {"anthropic-version": version})


def _object(payload: bytes) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


class BedrockInvoke(Amazon):
    """InvokeModel on one of Anthropic's models; made for one request."""

    def read(self, payload: bytes, headers: Mapping[str, str], /) -> Asked:
        self.let_in(payload, headers)
        given = _object(payload)
        if given is None:
            raise invalid(f"Malformed input request: the body is no JSON object, {_AGAIN}")
        if "anthropic_version" not in given:
            missing = "#: required key [anthropic_version] not found"
            raise invalid(f"Malformed input request: {missing}, {_AGAIN}")
        if given["anthropic_version"] not in _ON_BEDROCK:
            raise invalid("Invalid API version")
        for name in ("model", "stream"):
            if name in given:
                extra = f"#: extraneous key [{name}] is not permitted"
                raise invalid(f"Malformed input request: {extra}, {_AGAIN}")
        try:
            return _read(given, self.model, stream=self.stream)
        except RefusalError as refusal:
            raise invalid(refusal.message) from refusal

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        return _MODEL.whole(asked, answered, mark)

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        frames: list[bytes] = []
        for written in _MODEL.events(asked, answered, mark):
            data = written.partition(b"data: ")[2].rstrip(b"\n")
            if b'"type":"message_stop"' in data:
                metrics = {"inputTokenCount": answered.input_tokens, "invocationLatency": 5}
                stop = {"type": "message_stop", "amazon-bedrock-invocationMetrics": metrics}
                data = msgspec.json.encode(stop)
            frames.append(framed("chunk", {"bytes": base64.b64encode(data).decode()}))
        return frames


class VertexPredict(AnthropicMessages):
    """rawPredict on one of Anthropic's models; made for one request."""

    def __init__(self, model: str, method: str, tokens: Tokens) -> None:
        self.model = model
        self.stream = _METHODS.get(method, False)
        self._method = method
        self._tokens = tokens

    def key(self, headers: Mapping[str, str]) -> str:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not self._tokens.holds(token.strip()):
            raise RefusalError(401, "UNAUTHENTICATED", _UNAUTHENTICATED)
        return token.strip()

    def read(self, payload: bytes, _headers: Mapping[str, str]) -> Asked:
        if self._method not in _METHODS:
            raise RefusalError(404, "NOT_FOUND", f"The method {self._method} was not found.")
        given = _object(payload)
        if given is None:
            raise RefusalError(400, _INVALID, "The request body is not valid JSON")
        if "anthropic_version" not in given:
            raise RefusalError(400, _INVALID, "anthropic_version: Field required")
        if given["anthropic_version"] not in _ON_VERTEX:
            listed = " or ".join(f"'{one}'" for one in _ON_VERTEX)
            raise RefusalError(400, _INVALID, f"anthropic_version: Input should be {listed}")
        if "model" in given:
            raise RefusalError(400, _INVALID, "model: Extra inputs are not permitted")
        if bool(given.get("stream")) != self.stream:
            raise RefusalError(400, _INVALID, f"stream: does not fit the method {self._method}")
        return _read(given, self.model, stream=self.stream)

    def unknown_model(self, model: str) -> RefusalError:
        message = f"Publisher Model `publishers/anthropic/models/{model}` was not found."
        return RefusalError(404, "NOT_FOUND", message)

    def refused(self, refusal: RefusalError, mark: Mark) -> bytes:
        if refusal.kind.islower():
            return super().refused(refusal, mark)
        error = {"code": refusal.status, "message": refusal.message, "status": refusal.kind}
        return msgspec.json.encode({"error": error})

    def catalogue(self, _host: str, models: Sequence[str]) -> bytes:
        return msgspec.json.encode({"publisherModels": [{"name": model} for model in models]})
