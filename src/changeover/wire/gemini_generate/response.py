"""The object that a whole answer and each piece of a stream are: `GenerateContentResponse`.

What is told about an answer (probabilities, sources) is read apart from it, so that a
form of it that is not known does not cost the answer itself.
"""

from typing import Any

import msgspec

from changeover.conversation.model import Usage
from changeover.wire.codec import ReplyContext
from changeover.wire.gemini_generate.usage import WireUsage, usage_for_client
from changeover.wire.shapes import from_vendor

_NULL = msgspec.Raw(b"null")


class WireCall(msgspec.Struct, rename="camel"):
    name: str
    id: str | None = None
    args: msgspec.Raw = _NULL
    will_continue: bool | None = None


class WirePart(msgspec.Struct, rename="camel"):
    """A part of an answer; of those that are not carried it is enough that they are there."""

    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    function_call: WireCall | None = None
    inline_data: msgspec.Raw = _NULL
    file_data: msgspec.Raw = _NULL
    executable_code: msgspec.Raw = _NULL
    code_execution_result: msgspec.Raw = _NULL
    tool_call: msgspec.Raw = _NULL


class _Content(msgspec.Struct):
    parts: list[WirePart] | None = None


class WireCandidate(msgspec.Struct, rename="camel"):
    content: _Content | None = None
    finish_reason: str | None = None
    finish_message: str | None = None
    index: int | None = None
    citation_metadata: msgspec.Raw = _NULL
    grounding_metadata: msgspec.Raw = _NULL
    url_context_metadata: msgspec.Raw = _NULL
    logprobs_result: msgspec.Raw = _NULL

    @property
    def parts(self) -> list[WirePart]:
        return (self.content and self.content.parts) or []

    @property
    def tells(self) -> bool:
        """Whether anything may be told beside the parts."""
        return not (
            self.citation_metadata is _NULL
            and self.grounding_metadata is _NULL
            and self.url_context_metadata is _NULL
            and self.logprobs_result is _NULL
        )


class _Feedback(msgspec.Struct, rename="camel"):
    block_reason: str | None = None


class WireResponse(msgspec.Struct, rename="camel"):
    candidates: list[WireCandidate] | None = None
    prompt_feedback: _Feedback | None = None
    usage_metadata: WireUsage | None = None
    model_version: str | None = None
    response_id: str | None = None
    error: msgspec.Raw = _NULL


_decoder = msgspec.json.Decoder(WireResponse)


def response_from_vendor(body: bytes) -> WireResponse:
    return from_vendor(_decoder, body, "an answer")


def is_given(raw: msgspec.Raw) -> bool:
    return raw is not _NULL and bytes(raw) not in {b"null", b"[]", b"{}"}


def content(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"role": "model", "parts": parts or [{"text": ""}]}


def response(
    candidates: list[dict[str, Any]], context: ReplyContext, usage: Usage | None = None
) -> dict[str, Any]:
    """The object for a client."""
    written: dict[str, Any] = {"candidates": candidates}
    counts = None if usage is None else usage_for_client(usage)
    if counts is not None:
        written["usageMetadata"] = counts
    return {**written, "modelVersion": context.model, "responseId": context.id}
