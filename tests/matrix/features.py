"""The features: what a program asks, and what it must hear, whoever serves it.

Each is one entry. `request` says it in words that are no protocol's, `given` adds
arguments of one SDK alone (for a client without an entry there, where there are any,
the feature has no cell). `hears` holds what came against what had to come; it is asked
only where the feature reached the vendor. `fault` makes the vendor fail.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    File,
    Image,
    OutputForm,
    Part,
    Sampling,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from tests.matrix.heard import Heard
from tests.matrix.programs.program import Arguments

FACT = "The lighthouse keeper counts the boats."
QUESTION = f"{FACT} Who counts the boats?"
PICTURE = base64.b64encode(b"a picture that nobody looks at").decode()
PICTURE_URL = "https://example.org/harbour.png"
PDF = base64.b64encode(b"%PDF-1.4 the harbour's log").decode()
PDF_URL = "https://example.org/log.pdf"
LIMIT = Sampling(max_tokens=400)
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER = Tool(name="weather", description="The weather now.", parameters=SCHEMA)
CLOCK = Tool(name="clock", description="The time now.", parameters={"type": "object"})
EMPTY_CLOCK = Tool(name="clock", description="The time now.")
CALL = ToolCall(id="call_1", name="weather", arguments='{"city":"Paris"}')
WORDS = "18 degrees in Paris"


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario. `title` is its row in the table, `group` the row's heading."""

    name: str
    title: str
    group: str
    request: ChatRequest
    hears: Callable[[Heard], None]
    given: Mapping[str, Arguments] = {}
    modes: tuple[Literal["whole", "streamed"], ...] = ("whole", "streamed")
    fault: str = ""
    pinned: bool = False
    unknown: bool = False


def said(*parts: Part | str, role: Literal["user", "assistant"] = "user") -> Turn:
    """A turn; plain texts are parts of their own."""
    spoken = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
    return Turn(role=role, parts=spoken)


def asking(*turns: Turn, sampling: Sampling = LIMIT, **more: Any) -> ChatRequest:
    return ChatRequest(
        model="",
        system=more.pop("system", ()),
        turns=turns or (said(QUESTION),),
        sampling=sampling,
        **more,
    )


def sampled(**given: Any) -> ChatRequest:
    return asking(sampling=msgspec.structs.replace(LIMIT, **given))


def loop(*results: ToolResult, calls: tuple[ToolCall, ...] = (CALL,)) -> ChatRequest:
    """A request in the middle of a loop: the results of calls made before."""
    turns = (
        said("What is the weather?"),
        Turn(role="assistant", parts=calls),
        Turn(role="user", parts=results),
    )
    return asking(*turns, tools=(WEATHER,))


# What a program must hear


def answers(heard: Heard) -> None:
    assert "boats" in heard.text
    assert heard.stop == "end"


def answered(heard: Heard) -> None:
    assert heard.text
    assert heard.stop == "end"


def quotes_the_result(heard: Heard) -> None:
    assert WORDS in heard.text
    assert heard.stop == "end"


def calls(*expected: tuple[str, Any]) -> Callable[[Heard], None]:
    def check(heard: Heard) -> None:
        assert heard.calls == expected
        assert heard.stop == "tool-use"
        assert len(set(heard.call_ids)) == len(expected)

    return check


def is_cut(heard: Heard) -> None:
    assert heard.stop == "length"
    assert 0 < len(heard.text) < 80


def stops_before(words: str) -> Callable[[Heard], None]:
    def check(heard: Heard) -> None:
        assert heard.text
        assert words not in heard.text
        assert heard.stop in {"end", "stop-sequence"}

    return check


def counts(heard: Heard) -> None:
    answers(heard)
    assert heard.counts.input
    assert heard.counts.output


def is_json(heard: Heard) -> None:
    assert isinstance(json.loads(heard.text), dict)


def has_chances(heard: Heard) -> None:
    answers(heard)
    assert heard.chances
    assert all(chance <= 0 for chance in heard.chances)


def thinks(heard: Heard) -> None:
    answers(heard)
    assert heard.reasoning
    assert heard.counts.output


def fails(*statuses: int, words: str = "") -> Callable[[Heard], None]:
    def check(heard: Heard) -> None:
        assert heard.status in statuses
        assert words in heard.message

    return check


def breaks(heard: Heard) -> None:
    """What came at once with the fault, before anything was passed on, is an error at once."""
    assert heard.broke or heard.status == 502
    assert heard.message


def never(heard: Heard) -> None:
    raise AssertionError(f"this is refused at every client, and was answered: {heard}")


# The features, group by group

_TEXT = [
    Feature(
        name="text", title="Text", group="Conversation", request=asking(), hears=answers,
    ),
    Feature(
        name="parts",
        title="Several parts in one turn",
        group="Conversation",
        request=asking(said(FACT, "Who counts the boats?")),
        hears=answers,
    ),
    Feature(
        name="history",
        title="Earlier turns",
        group="Conversation",
        request=asking(
            said(FACT), said("Noted.", role="assistant"), said("Who counts the boats?")
        ),
        hears=answers,
    ),
    Feature(
        name="system",
        title="Instructions",
        group="Conversation",
        request=asking(system=(Text(text="Be brief."),)),
        hears=answers,
    ),
    Feature(
        name="system-later",
        title="Instructions after the first turn",
        group="Conversation",
        request=asking(),
        given={
            "chat": {
                "messages": [
                    {"role": "user", "content": FACT},
                    {"role": "assistant", "content": "Noted."},
                    {"role": "developer", "content": "Be brief."},
                    {"role": "user", "content": "Who counts the boats?"},
                ]
            },
            "responses": {
                "input": [
                    {"role": "user", "content": FACT},
                    {"role": "assistant", "content": "Noted."},
                    {"role": "developer", "content": "Be brief."},
                    {"role": "user", "content": "Who counts the boats?"},
                ]
            },
            "messages": {
                "messages": [
                    {"role": "user", "content": FACT},
                    {"role": "assistant", "content": "Noted."},
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Who counts the boats?"},
                ]
            },
        },
        hears=answers,
    ),
    Feature(
        name="declined",
        title="An earlier answer that declined",
        group="Conversation",
        request=asking(
            said(FACT),
            said(Text(text="I cannot say.", refusal=True), role="assistant"),
            said("Who counts the boats?"),
        ),
        hears=answers,
    ),
    Feature(
        name="prefill",
        title="An answer begun by the client",
        group="Conversation",
        request=asking(said(QUESTION), said("The one who counts is", role="assistant"), prefill=True),
        hears=answered,
    ),
    Feature(
        name="pinned",
        title="A pinned version of a model",
        group="Conversation",
        request=asking(),
        hears=answers,
        pinned=True,
    ),
]  # fmt: skip

_MEDIA = [
    Feature(
        name="image",
        title="Images as bytes",
        group="Images and files",
        request=asking(said(Image(media_type="image/png", data=PICTURE), QUESTION)),
        hears=answers,
    ),
    Feature(
        name="image-url",
        title="Images by address",
        group="Images and files",
        request=asking(said(Image(url=PICTURE_URL), QUESTION)),
        hears=answers,
    ),
    Feature(
        name="image-detail",
        title="How closely to look at an image",
        group="Images and files",
        request=asking(
            said(Image(media_type="image/png", data=PICTURE, detail="low"), QUESTION)
        ),
        hears=answers,
    ),
    Feature(
        name="pdf",
        title="PDF as bytes",
        group="Images and files",
        request=asking(
            said(File(media_type="application/pdf", data=PDF, name="log.pdf"), QUESTION)
        ),
        hears=answers,
    ),
    Feature(
        name="pdf-url",
        title="PDF by address",
        group="Images and files",
        request=asking(said(File(media_type="application/pdf", url=PDF_URL), QUESTION)),
        hears=answers,
    ),
    Feature(
        name="text-file",
        title="Text files",
        group="Images and files",
        request=asking(
            said(File(media_type="text/plain", text=FACT, name="log.txt"), "Who counts the boats?")
        ),
        hears=answers,
    ),
]  # fmt: skip

_ASK = 'Use weather "Paris". Then tell me.'
_TOOLS = [
    Feature(
        name="tool",
        title="Tools",
        group="Tools",
        request=asking(said(_ASK), tools=(WEATHER, CLOCK)),
        hears=calls(("weather", {"city": "Paris"})),
    ),
    Feature(
        name="tool-without-arguments",
        title="Tools without arguments",
        group="Tools",
        request=asking(said("Use clock now."), tools=(EMPTY_CLOCK,)),
        hears=calls(("clock", {})),
    ),
    Feature(
        name="tools-at-once",
        title="Several calls at once",
        group="Tools",
        request=asking(said('Use weather "Paris" and weather "Rome".'), tools=(WEATHER,)),
        hears=calls(("weather", {"city": "Paris"}), ("weather", {"city": "Rome"})),
    ),
    Feature(
        name="one-at-a-time",
        title="One call at a time",
        group="Tools",
        request=asking(
            said('Use weather "Paris" and weather "Rome".'),
            tools=(WEATHER,),
            parallel_calls=False,
        ),
        hears=calls(("weather", {"city": "Paris"})),
    ),
    Feature(
        name="tool-named",
        title="A tool that must be called",
        group="Tools",
        request=asking(
            said("Hello."), tools=(WEATHER, CLOCK), tool_choice=ToolChoice(mode="named", name="clock")
        ),
        hears=calls(("clock", {})),
    ),
    Feature(
        name="tool-required",
        title="Some tool must be called",
        group="Tools",
        request=asking(
            said("Hello."), tools=(CLOCK, WEATHER), tool_choice=ToolChoice(mode="required")
        ),
        hears=calls(("clock", {})),
    ),
    Feature(
        name="tool-none",
        title="No tool may be called",
        group="Tools",
        request=asking(
            said(f"{FACT} Use clock. Who counts the boats?"),
            tools=(CLOCK,),
            tool_choice=ToolChoice(mode="none"),
        ),
        hears=answered,
    ),
    Feature(
        name="tool-strict",
        title="Arguments that fit the schema without exception",
        group="Tools",
        request=asking(said(_ASK), tools=(msgspec.structs.replace(WEATHER, strict=True),)),
        hears=calls(("weather", {"city": "Paris"})),
    ),
    Feature(
        name="result",
        title="Results",
        group="Tools",
        request=loop(ToolResult(call="call_1", parts=(Text(text=WORDS),))),
        hears=quotes_the_result,
    ),
    Feature(
        name="results",
        title="Several results",
        group="Tools",
        request=loop(
            ToolResult(call="call_1", parts=(Text(text=WORDS),)),
            ToolResult(call="call_2", parts=(Text(text="20 degrees in Rome"),)),
            calls=(CALL, ToolCall(id="call_2", name="weather", arguments='{"city":"Rome"}')),
        ),
        hears=quotes_the_result,
    ),
    Feature(
        name="result-image",
        title="Results with images",
        group="Tools",
        request=loop(
            ToolResult(
                call="call_1",
                parts=(Text(text=WORDS), Image(media_type="image/png", data=PICTURE)),
            )
        ),
        hears=answered,
    ),
    Feature(
        name="result-error",
        title="A tool that failed",
        group="Tools",
        request=loop(ToolResult(call="call_1", parts=(Text(text=WORDS),), is_error=True)),
        hears=answered,
    ),
    Feature(
        name="foreign-ids",
        title="Calls' ids that the vendor would refuse",
        group="Tools",
        request=loop(
            ToolResult(call="fc_1|rs.2/" + "x" * 60, parts=(Text(text=WORDS),)),
            calls=(msgspec.structs.replace(CALL, id="fc_1|rs.2/" + "x" * 60),),
        ),
        hears=quotes_the_result,
    ),
]  # fmt: skip

_OUTPUT = [
    Feature(
        name="json",
        title="Any JSON object",
        group="The answer's form",
        request=asking(said(f"{QUESTION} Answer in JSON."), output=OutputForm()),
        hears=is_json,
    ),
    Feature(
        name="json-schema",
        title="JSON that fits a schema",
        group="The answer's form",
        request=asking(output=OutputForm(schema=SCHEMA, name="place", strict=True)),
        hears=is_json,
    ),
    Feature(
        name="limit",
        title="A limit of tokens",
        group="The answer's form",
        request=sampled(max_tokens=16),
        hears=is_cut,
    ),
    Feature(
        name="stop",
        title="Stop sequences",
        group="The answer's form",
        request=sampled(stop=("counts",)),
        hears=stops_before("counts"),
    ),
    Feature(
        name="many-stops",
        title="Six stop sequences",
        group="The answer's form",
        request=sampled(stop=("counts", "b1", "b2", "b3", "b4", "b5")),
        hears=stops_before("counts"),
    ),
    Feature(
        name="verbosity",
        title="How much to say",
        group="The answer's form",
        request=asking(verbosity="low"),
        hears=answers,
    ),
]  # fmt: skip

_SAMPLING = [
    Feature(
        name="temperature",
        title="Temperature",
        group="Sampling",
        request=sampled(temperature=0.5),
        hears=answers,
    ),
    Feature(
        name="hot",
        title="A temperature above 1",
        group="Sampling",
        request=sampled(temperature=1.5),
        hears=answers,
    ),
    Feature(
        name="top-p", title="top_p", group="Sampling", request=sampled(top_p=0.5), hears=answers
    ),
    Feature(
        name="top-k", title="top_k", group="Sampling", request=sampled(top_k=5), hears=answers
    ),
    Feature(name="seed", title="Seed", group="Sampling", request=sampled(seed=7), hears=answers),
    Feature(
        name="penalties",
        title="Penalties for repetition",
        group="Sampling",
        request=sampled(frequency_penalty=0.5, presence_penalty=0.25),
        hears=answers,
    ),
    Feature(
        name="chances",
        title="Probabilities of tokens",
        group="Sampling",
        request=sampled(chances=2),
        hears=has_chances,
    ),
]  # fmt: skip

_REASONING = [
    Feature(
        name="effort",
        title="How much to reason, in words",
        group="Reasoning",
        request=asking(thinking=Thinking(effort="high")),
        hears=answers,
    ),
    Feature(
        name="budget",
        title="How much to reason, in tokens",
        group="Reasoning",
        request=asking(
            thinking=Thinking(budget=2048), sampling=msgspec.structs.replace(LIMIT, max_tokens=4096)
        ),
        hears=answers,
    ),
    Feature(
        name="shown",
        title="Reasoning shown",
        group="Reasoning",
        request=asking(thinking=Thinking(effort="medium", show="auto")),
        hears=thinks,
    ),
]  # fmt: skip

_ACCOUNT = [
    Feature(
        name="user", title="For whom it is asked", group="Account and cache",
        request=asking(user="user-7"), hears=answers,
    ),
    Feature(
        name="metadata",
        title="The client's own records",
        group="Account and cache",
        request=asking(metadata={"case": "seven"}),
        hears=answers,
    ),
    Feature(
        name="cache",
        title="Marks for the prompt cache",
        group="Account and cache",
        request=asking(
            said(Text(text=FACT, cache=CacheMark()), "Who counts the boats?"),
            system=(Text(text="Be brief.", cache=CacheMark(ttl="1h")),),
        ),
        hears=answers,
    ),
    Feature(
        name="cache-key",
        title="A name for what requests have in common",
        group="Account and cache",
        request=asking(cache_key="harbour"),
        hears=answers,
    ),
    Feature(
        name="usage",
        title="Tokens counted",
        group="Account and cache",
        request=asking(),
        hears=counts,
    ),
]  # fmt: skip

_FAILURES = [
    Feature(
        name="unknown-model",
        title="A model that nobody serves",
        group="Errors",
        request=asking(),
        hears=fails(404, words="no-such-model"),
        unknown=True,
    ),
    Feature(
        name="rate-limited",
        title="The vendor's rate limit",
        group="Errors",
        request=asking(),
        hears=fails(429),
        fault="status=429",
    ),
    Feature(
        name="overloaded",
        title="The vendor is overloaded",
        group="Errors",
        request=asking(),
        hears=fails(503, 529),
        fault="status=503",
    ),
    Feature(
        name="refused-by-vendor",
        title="The vendor refuses the request",
        group="Errors",
        request=asking(),
        hears=fails(400),
        fault="status=400",
    ),
    Feature(
        name="garbage",
        title="The vendor answers what is no answer",
        group="Errors",
        request=asking(),
        hears=fails(502),
        fault="garbage",
    ),
    Feature(
        name="closed",
        title="The vendor breaks off in mid-stream",
        group="Errors",
        request=asking(),
        hears=breaks,
        fault="close-mid-stream",
        modes=("streamed",),
    ),
    Feature(
        name="garbage-in-stream",
        title="The vendor's stream turns into garbage",
        group="Errors",
        request=asking(),
        hears=breaks,
        fault="garbage-mid-stream",
        modes=("streamed",),
    ),
]  # fmt: skip

FEATURES: Mapping[str, Feature] = {
    feature.name: feature
    for feature in (
        *_TEXT, *_MEDIA, *_TOOLS, *_OUTPUT, *_SAMPLING, *_REASONING, *_ACCOUNT, *_FAILURES,
    )
}  # fmt: skip
