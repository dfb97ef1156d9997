"""Programs with the official SDKs, unchanged: the ways in which an application calls.

A program keeps its client from its first call to its last; whatever changes
behind the address that it was given, it is not restarted.
"""

from collections.abc import Callable, Mapping
from typing import Any

import anthropic
import httpx2
import msgspec
import openai

from tests.end_to_end.running import MESSAGES


class Heard(msgspec.Struct, frozen=True):
    """What a program got: the text, the model that the body names, and the headers."""

    text: str
    model: str
    headers: Mapping[str, str]


Ask = Callable[[str], Heard]
Error = anthropic.APIStatusError | openai.APIStatusError
ERRORS = (anthropic.APIStatusError, openai.APIStatusError)


def anthropic_whole(client: anthropic.Anthropic) -> Ask:
    def ask(model: str) -> Heard:
        raw = client.messages.with_raw_response.create(
            model=model, max_tokens=200, messages=MESSAGES
        )
        message = raw.parse()
        assert message.stop_reason == "end_turn"
        assert message.usage.output_tokens > 0
        return Heard(_text(message.content), message.model, raw.headers)

    return ask


def anthropic_events(client: anthropic.Anthropic) -> Ask:
    def ask(model: str) -> Heard:
        raw = client.messages.with_raw_response.create(
            model=model, max_tokens=200, messages=MESSAGES, stream=True
        )
        events: list[Any] = list(raw.parse())
        assert [events[0].type, events[-1].type] == ["message_start", "message_stop"]
        deltas = [e.delta for e in events if e.type == "content_block_delta"]
        text = "".join(delta.text for delta in deltas if delta.type == "text_delta")
        return Heard(text, events[0].message.model, raw.headers)

    return ask


def anthropic_helper(client: anthropic.Anthropic) -> Ask:
    def ask(model: str) -> Heard:
        with client.messages.stream(model=model, max_tokens=200, messages=MESSAGES) as stream:
            text = "".join(stream.text_stream)
            message = stream.get_final_message()
            assert _text(message.content) == text
            return Heard(text, message.model, stream.response.headers)

    return ask


def openai_whole(client: openai.OpenAI) -> Ask:
    def ask(model: str) -> Heard:
        raw = client.chat.completions.with_raw_response.create(model=model, messages=MESSAGES)
        completion = raw.parse()
        assert completion.choices[0].finish_reason == "stop"
        assert completion.usage is not None
        assert completion.usage.completion_tokens > 0
        return Heard(completion.choices[0].message.content or "", completion.model, raw.headers)

    return ask


def openai_chunks(client: openai.OpenAI) -> Ask:
    def ask(model: str) -> Heard:
        raw = client.chat.completions.with_raw_response.create(
            model=model, messages=MESSAGES, stream=True
        )
        chunks = list(raw.parse())
        text = "".join(c.choices[0].delta.content or "" for c in chunks)
        assert chunks[-1].choices[0].finish_reason == "stop"
        return Heard(text, chunks[0].model, raw.headers)

    return ask


def openai_helper(client: openai.OpenAI) -> Ask:
    def ask(model: str) -> Heard:
        with client.chat.completions.stream(
            model=model, messages=MESSAGES, stream_options={"include_usage": True}
        ) as stream:
            completion = stream.get_final_completion()
            assert completion.usage is not None
            text = completion.choices[0].message.content or ""
            # The helper shows no headers of its own.
            return Heard(text, completion.model, stream._response.headers)

    return ask


ANTHROPIC: Mapping[str, Callable[[anthropic.Anthropic], Ask]] = {
    "anthropic, whole": anthropic_whole,
    "anthropic, events": anthropic_events,
    "anthropic, helper": anthropic_helper,
}
OPENAI: Mapping[str, Callable[[openai.OpenAI], Ask]] = {
    "openai, whole": openai_whole,
    "openai, chunks": openai_chunks,
    "openai, helper": openai_helper,
}
WAYS = (*ANTHROPIC, *OPENAI)


def programs(claude: anthropic.Anthropic, gpt: openai.OpenAI) -> dict[str, Ask]:
    """A program for each way, on two clients."""
    return {
        **{name: make(claude) for name, make in ANTHROPIC.items()},
        **{name: make(gpt) for name, make in OPENAI.items()},
    }


def response_of(error: Exception) -> httpx2.Response:
    """The response that an SDK raised an error for."""
    assert isinstance(error, ERRORS)
    return error.response


def told(error: Exception) -> str:
    """The message in an error's body, in the shape of the SDK that raised it."""
    assert isinstance(error, ERRORS)
    body: Any = error.body
    if isinstance(error, anthropic.APIStatusError):
        assert body["type"] == "error"
        return str(body["error"]["message"])
    assert error.code
    return str(body["message"])


def _text(blocks: Any) -> str:
    return "".join(block.text for block in blocks if block.type == "text")
