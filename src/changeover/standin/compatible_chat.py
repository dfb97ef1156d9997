"""Chat Completions as servers of open models speak it: vLLM, llama.cpp and Ollama.

Written from their sources (see `compatible_request.py`). Where an effort is asked, they reason
and show it: llama.cpp in `reasoning_content`, newer vLLM and Ollama in `reasoning`. llama.cpp
says again, in a whole answer and not in a stream, what it was to continue. Errors have the
status as their code.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.asked import Answered, Asked, Mark, RefusalError
from changeover.standin.compatible_request import Habits, Reader
from changeover.standin.openai_chat import OpenAIChat
from changeover.standin.openai_saying import Saying
from changeover.standin.tokens import pieces

VLLM = Habits(kind="BadRequestError", thoughts="reasoning")
LLAMA_CPP = Habits(
    kind="invalid_request_error",
    template=(500, "server_error"),
    choices=frozenset({"auto", "none", "required"}),
    least_others=1,
    echoes=True,
)
OLLAMA = Habits(
    kind="invalid_request_error",
    choices=frozenset({"auto"}),
    alternates=False,
    bytes_alone=True,
    efforts=("high", "medium", "low", "none"),
    thoughts="reasoning",
)
_THOUGHT = "The person asks something. What was said so far is all that can be quoted."


class CompatibleChat(OpenAIChat):
    """One of these servers. A value without state."""

    def __init__(self, habits: Habits, owner: str) -> None:
        self._habits = habits
        self._owner = owner
        self._reader = Reader(habits)

    def key(self, headers: Mapping[str, str]) -> str:
        return headers.get("authorization", "").partition(" ")[2].strip()

    def read(self, payload: bytes, _headers: Mapping[str, str]) -> Asked:
        return self._reader.read(payload)

    def headers(self, mark: Mark) -> dict[str, str]:
        return {"x-request-id": mark.secret}

    def refused(self, refusal: RefusalError, _mark: Mark) -> bytes:
        error = {
            "message": refusal.message,
            "type": refusal.kind,
            "param": refusal.param,
            "code": refusal.status,
        }
        return msgspec.json.encode({"error": error})

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        saying = Saying(asked, answered, mark)
        body = msgspec.json.decode(super().whole(asked, answered, mark))
        message = body["choices"][0]["message"]
        if self._habits.echoes and message["content"]:
            message["content"] = _continued(asked) + message["content"]
        if saying.wanted.reasons:
            message[self._habits.thoughts] = _THOUGHT
        body["usage"] = _counts(saying)
        return msgspec.json.encode(body)

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        opening, *events = super().events(asked, answered, mark)
        if not Saying(asked, answered, mark).wanted.reasons:
            return [opening, *events]
        return [opening, *(self._thought(opening, piece) for piece in pieces(_THOUGHT)), *events]

    def _thought(self, opening: bytes, piece: str) -> bytes:
        chunk = msgspec.json.decode(opening.removeprefix(b"data: "))
        chunk["choices"][0]["delta"] = {self._habits.thoughts: piece}
        return b"data: " + msgspec.json.encode(chunk) + b"\n\n"

    def catalogue(self, host: str, models: Sequence[str]) -> bytes:  # noqa: ARG002
        data = [
            {"id": model, "object": "model", "created": 0, "owned_by": self._owner}
            for model in models
        ]
        return msgspec.json.encode({"object": "list", "data": data})


def _continued(asked: Asked) -> str:
    last = asked.conversation[-1]
    return last.text if last.role == "assistant" else ""


def _counts(saying: Saying) -> dict[str, Any]:
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    return {name: saying.usage[name] for name in names}
