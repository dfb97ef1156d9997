"""Chat Completions as Azure speaks it: OpenAI's, behind Microsoft's filter.

Written from Microsoft's documentation ("Content filtering", "Content streaming") and bodies that
callers reported. The key comes as `api-key`. A stream begins with a chunk
without a choice and without an id, which holds the filter's verdict on the request; each chunk
with words holds the one on them. A person's last message that says "filter the prompt" is
refused by the filter.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from changeover.standin.asked import Answered, Asked, Mark, RefusalError
from changeover.standin.openai_chat import OpenAIChat

_FILTER = re.compile(r"\bfilter the prompt\b", re.IGNORECASE)
_KINDS = ("hate", "self_harm", "sexual", "violence")
_SAFE = {kind: {"filtered": False, "severity": "safe"} for kind in _KINDS}
_FILTERED = (
    "The response was filtered due to the prompt triggering Azure OpenAI's content management "
    "policy. Please modify your prompt and retry. To learn more about our content filtering "
    "policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766"
)
_NO_KEY = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a "
    "valid key for an active subscription and use a correct regional API endpoint for your "
    "resource."
)


def azure_key(headers: Mapping[str, str]) -> str:
    """The key that came; `RefusalError` where none did."""
    key = headers.get("api-key", "").strip()
    if not key:
        raise RefusalError(401, "invalid_request_error", _NO_KEY, code="401")
    return key


class AzureChat(OpenAIChat):
    """Azure's. A value without state."""

    def key(self, headers: Mapping[str, str]) -> str:
        return azure_key(headers)

    def read(self, payload: bytes, headers: Mapping[str, str]) -> Asked:
        asked = super().read(payload, headers)
        said = [one.text for one in asked.conversation if one.role == "user"]
        if said and _FILTER.search(said[-1]):
            raise RefusalError(400, "", _FILTERED, param="prompt", code="content_filter")
        return asked

    def headers(self, mark: Mark) -> dict[str, str]:
        return {**super().headers(mark), "apim-request-id": mark.secret, "x-ms-region": "stand-in"}

    def refused(self, refusal: RefusalError, mark: Mark) -> bytes:
        if refusal.code != "content_filter":
            return super().refused(refusal, mark)
        verdict = {**_SAFE, "violence": {"filtered": True, "severity": "medium"}}
        error = {
            "message": refusal.message,
            "type": None,
            "param": refusal.param,
            "code": refusal.code,
            "status": refusal.status,
            "innererror": {
                "code": "ResponsibleAIPolicyViolation",
                "content_filter_result": verdict,
            },
        }
        return msgspec.json.encode({"error": error})

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        body = msgspec.json.decode(super().whole(asked, answered, mark))
        body["choices"][0]["content_filter_results"] = _SAFE
        body["prompt_filter_results"] = _VERDICT
        return msgspec.json.encode(body)

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        first = {
            "choices": [],
            "created": 0,
            "id": "",
            "model": "",
            "object": "",
            "prompt_filter_results": _VERDICT,
        }
        *events, done = super().events(asked, answered, mark)
        return [_frame(first), *map(_judged, events), done]


_VERDICT = [{"prompt_index": 0, "content_filter_results": _SAFE}]


def _frame(chunk: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(chunk) + b"\n\n"


def _judged(event: bytes) -> bytes:
    """The chunk with the filter's verdict on its words."""
    chunk = msgspec.json.decode(event.removeprefix(b"data: "))
    for choice in chunk.get("choices", ()):
        choice["content_filter_results"] = _SAFE if choice["delta"].get("content") else {}
    return _frame(chunk)
