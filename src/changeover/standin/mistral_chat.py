"""Chat Completions as Mistral speaks it.

Written from the types of its official SDK and bodies that callers reported. An error is an object
of its own, not under `error`; a fault of validation has its list in `message`. Ids of calls
are nine letters and digits. A model that reasons gives its content as chunks, the first of them
`thinking`. An answer that continues a marked message begins with it. A stream's last chunk has
the counts, unasked. "Run out of room" in a person's last message ends with `model_length`,
"break off" with `error`.
"""

import re
from typing import Any

import msgspec

from changeover.standin.asked import Answered, Asked, Mark, RefusalError
from changeover.standin.mistral_request import ForbiddenError, read_request
from changeover.standin.openai_chat import OpenAIChat
from changeover.standin.openai_saying import Delta, Saying, call_object
from changeover.standin.tokens import pieces

_NO_ROOM = re.compile(r"\brun out of room\b", re.IGNORECASE)
_THOUGHT = "The person asks something. What was said so far is all that can be quoted."


class MistralChat(OpenAIChat):
    """Mistral's. A value without state."""

    def read(self, payload: bytes, _headers: Any) -> Asked:
        return read_request(payload)

    def unknown_model(self, model: str) -> RefusalError:
        return RefusalError(400, "invalid_model", f"Invalid model: {model}", code="1500")

    def headers(self, mark: Mark) -> dict[str, str]:
        return {"mistral-correlation-id": mark.secret}

    def refused(self, refusal: RefusalError, _mark: Mark) -> bytes:
        said: Any = refusal.message
        if isinstance(refusal, ForbiddenError):
            said = {"detail": refusal.detail}
        return msgspec.json.encode(
            {
                "object": "error",
                "message": said,
                "type": refusal.kind,
                "param": None,
                "code": refusal.code,
                "raw_status_code": refusal.status,
            }
        )

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        saying = _Saying(asked, answered, mark)
        message: dict[str, Any] = {"role": "assistant", "content": saying.content()}
        if answered.calls:
            message["tool_calls"] = saying.calls()
        choice = {"index": 0, "message": message, "finish_reason": saying.finish}
        if saying.wanted.chances is not None:
            choice["logprobs"] = saying.logprobs()
        body = {**_head(asked, mark, "chat.completion"), "choices": [choice]}
        return msgspec.json.encode({**body, "usage": saying.counts})

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        saying = _Saying(asked, answered, mark)
        head = _head(asked, mark, "chat.completion.chunk")

        def chunk(
            delta: dict[str, Any], logprobs: Any = None, finish: str | None = None, **more: Any
        ) -> bytes:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            choice |= {} if logprobs is None else {"logprobs": logprobs}
            return b"data: " + msgspec.json.encode({**head, "choices": [choice], **more}) + b"\n\n"

        last: dict[str, Any] = {"content": ""}
        if answered.calls:
            last["tool_calls"] = saying.calls()
        events = [chunk({"role": "assistant", "content": ""})]
        events += [chunk(delta, logprobs) for delta, logprobs in saying.spoken()]
        events.append(chunk(last, None, saying.finish, usage=saying.counts))
        return [*events, b"data: [DONE]\n\n"]


class _Saying(Saying):
    """One answer as Mistral gives it."""

    @property
    def finish(self) -> str:
        if self.breaks_off:
            return "error"
        words = [said.text for said in self.wanted.conversation if said.role == "user"]
        if words and _NO_ROOM.search(words[-1]):
            return "model_length"
        found = super().finish
        return "tool_calls" if self.answered.calls else found

    @property
    def counts(self) -> dict[str, int]:
        names = ("prompt_tokens", "completion_tokens", "total_tokens")
        return {name: self.usage[name] for name in names}

    def calls(self) -> list[dict[str, Any]]:
        stem = "".join(one for one in self.mark.secret if one.isalnum())[:7]
        return [
            {**call_object(call, f"{stem}{at:02d}"), "index": at}
            for at, call in enumerate(self.answered.calls)
        ]

    def prefix(self) -> str:
        """What the answer continues, and says again."""
        last = self.wanted.conversation[-1]
        return last.text if last.role == "assistant" else ""

    def content(self) -> Any:
        words = "" if self.answered.calls else self.prefix() + (self.text or self.refusal or "")
        if not self.wanted.reasons:
            return words
        return [_thinking(_THOUGHT), *([_text(words)] if words else [])]

    def spoken(self) -> list[Delta]:
        """The deltas of what is said, with their probabilities."""
        thought = pieces(_THOUGHT) if self.wanted.reasons else []
        found: list[Delta] = [({"content": [_thinking(piece)]}, None) for piece in thought]
        if self.answered.calls:
            return found
        found += [({"content": piece}, None) for piece in pieces(self.prefix())]
        words = pieces(self.text or self.refusal or "")
        chances = self.said.get("logprobs") or []
        told: list[Any] = [{"content": [one]} for one in chances] or [None] * len(words)
        return [*found, *(({"content": piece}, of) for piece, of in zip(words, told, strict=True))]


def _thinking(words: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": [_text(words)]}


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _head(asked: Asked, mark: Mark, kind: str) -> dict[str, Any]:
    return {"id": mark.secret, "object": kind, "created": mark.created, "model": asked.model}
