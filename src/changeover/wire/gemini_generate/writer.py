"""A whole answer, written for a client.

* Reasoning is written as a part of thoughts where the client asked for it. A program
  that did not reads the first part as the answer; for it the words are left out, and
  only seals beside a call or a text are given, which are a field of those.
* Texts that follow one another are one part. Citations are told as bytes of their part.
"""

from typing import Any, assert_never

import msgspec

from changeover.conversation.model import Reasoning, Reply, Text, TokenChance, ToolCall
from changeover.wire.codec import ReplyContext
from changeover.wire.gemini_generate.chances import written_chances
from changeover.wire.gemini_generate.endings import Ending
from changeover.wire.gemini_generate.response import content, response
from changeover.wire.gemini_generate.seals import signature_for_client
from changeover.wire.gemini_generate.signing import SignedParts, is_plain_text
from changeover.wire.gemini_generate.sources import Said, written_sources


def encode_reply(reply: Reply, context: ReplyContext) -> bytes:
    """The `GenerateContentResponse` that answers a client."""
    writing = _Answer(context)
    for part in reply.parts:
        match part:
            case Text():
                writing.say(part)
            case Reasoning():
                writing.think(part)
            case ToolCall():
                writing.call(part)
            case _:
                assert_never(part)
    candidate = {**writing.candidate(), **writing.ending.finish(reply.stop), "index": 0}
    return msgspec.json.encode(response([candidate], context, reply.usage))


class _Answer:
    def __init__(self, context: ReplyContext) -> None:
        self.ending = Ending()
        self._thinking = context.thinking
        self._signed = SignedParts()
        self._said: list[Said] = []
        self._chances: list[TokenChance] = []

    def say(self, text: Text) -> None:
        parts = self._signed.parts
        if not parts or not is_plain_text(parts[-1]):
            self._signed.add({"text": ""})
        last, part = parts[-1], len(parts) - 1
        before = len(last["text"].encode(errors="replace"))
        self._said += [Said(each, text.text, before, part) for each in text.citations]
        self._chances += text.chances
        last["text"] += text.text

    def think(self, part: Reasoning) -> None:
        sealed = part.sealed
        on_itself = sealed is not None and sealed.on == "self"
        if on_itself and not self._thinking:
            return
        if self._thinking and (part.text or on_itself):
            self._signed.add({"text": part.text, "thought": True})
        if sealed is not None:
            self._signed.sign(signature_for_client(sealed), sealed.on)

    def call(self, call: ToolCall) -> None:
        part = self.ending.call(call)
        if part is None:
            self._signed.drop_next()
        else:
            self._signed.add(part)

    def candidate(self) -> dict[str, Any]:
        candidate: dict[str, Any] = {"content": content(self._signed.whole())}
        if self._said:
            candidate["groundingMetadata"] = written_sources(self._said)
        if self._chances:
            candidate["logprobsResult"] = written_chances(self._chances)
        return candidate
