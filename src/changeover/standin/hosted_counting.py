"""Counting tokens where Bedrock and Vertex AI host models: what is taken, and the answer.

Written from the operation `CountTokens` of the service model `bedrock-runtime`, and from
Google's page "Count tokens for Claude models" and Anthropic's client for Vertex AI, whose one
address is for all models. What is counted is checked as in a request for an answer.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import msgspec

from changeover.standin.amazon import invalid
from changeover.standin.anthropic_hosted import BedrockInvoke, VertexPredict
from changeover.standin.asked import Answered, Asked, Mark, RefusalError
from changeover.standin.bedrock_converse import BedrockConverse

_COUNTED = {"messages", "system", "toolConfig", "additionalModelRequestFields"}
_OF_MESSAGES = {
    "model", "messages", "system", "tools", "tool_choice", "thinking", "output_config",
    "cache_control", "anthropic_version",
}  # fmt: skip
_VERSION = "vertex-2023-10-16"
_MOST = 64_000


class BedrockCount(BedrockConverse):
    """CountTokens; made for one request."""

    def read(self, payload: bytes, headers: Mapping[str, str], /) -> Asked:
        self.let_in(payload, headers)
        match _input(payload):
            case {"converse": dict(whole), **more} if not more and set(whole) <= _COUNTED:
                # The signature was made over all of it, and is checked above.
                return super().read(msgspec.json.encode(whole), {})
            case {"invokeModel": {"body": str(packed), **inner}, **more} if not (more or inner):
                invoked = BedrockInvoke(self.model, self._arrival, stream=False)
                try:
                    return invoked.read(base64.b64decode(packed, validate=True), {})
                except binascii.Error as error:
                    raise invalid("The body is not base64.") from error
            case _:
                raise invalid("The provided request is not valid")

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:  # noqa: ARG002
        return msgspec.json.encode({"inputTokens": answered.input_tokens})


class VertexCount(VertexPredict):
    """`count-tokens:rawPredict`; made for one request. The body names the model."""

    def read(self, payload: bytes, headers: Mapping[str, str]) -> Asked:
        given = _object(payload)
        for name in given:
            if name not in _OF_MESSAGES:
                message = f"{name}: Extra inputs are not permitted"
                raise RefusalError(400, "invalid_request_error", message)
        named = given.pop("model", None)
        if not isinstance(named, str):
            raise RefusalError(400, "invalid_request_error", "model: Field required")
        self.model = named
        whole = {**given, "anthropic_version": _VERSION, "max_tokens": _MOST}
        return super().read(msgspec.json.encode(whole), headers)

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:  # noqa: ARG002
        return msgspec.json.encode({"input_tokens": answered.input_tokens})


def _input(payload: bytes) -> Any:
    return _object(payload).get("input")


def _object(payload: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise invalid("The provided request is not valid JSON") from error
