"""Thoughts and signatures of Google's stand-in: what it mints, and what it takes back."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from google import genai
from google.genai import errors, types

from changeover.standin.asked import RefusalError
from changeover.standin.gemini_answer import THOUGHTS
from changeover.standin.gemini_request import read_request
from changeover.standin.gemini_signatures import of_call, of_words
from changeover.standin.server import StandInServer
from tests.standin.conftest import make_settings

NEW, OLD = "gemini-3-flash-preview", "gemini-2.5-flash"
MODELS = {"google": (NEW, "gemini-3-pro-preview", OLD)}
ASKED = 'Use weather "Paris" and weather "Rome". Then use weather "Oslo".'
WEATHER = types.FunctionDeclaration(
    name="weather",
    parameters_json_schema={"type": "object", "properties": {"city": {"type": "string"}}},
)
TOOLS = [types.Tool(function_declarations=[WEATHER])]
SHOWN = types.ThinkingConfig(include_thoughts=True)


@pytest.fixture
async def gemini() -> AsyncIterator[Any]:
    async with StandInServer(make_settings(models=MODELS)) as server:
        options = types.HttpOptions(base_url=f"{server.url}/google")
        async with genai.Client(api_key="test-1", http_options=options).aio as client:
            yield client


async def asked(
    gemini: Any, contents: Any, model: str = NEW, *, stream: bool = False, **given: Any
):
    config = types.GenerateContentConfig(
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True), **given
    )
    more: dict[str, Any] = {"model": model, "contents": contents, "config": config}
    if stream:
        return [c async for c in await gemini.models.generate_content_stream(**more)]
    return [await gemini.models.generate_content(**more)]


def parts_of(chunks: Any) -> list[Any]:
    return [part for chunk in chunks for part in chunk.candidates[0].content.parts]


@pytest.mark.parametrize("stream", [False, True])
async def test_thoughts_are_told_to_who_asks_and_counted_in_any_case(gemini, stream):
    chunks = await asked(gemini, "Hello.", stream=stream, thinking_config=SHOWN)
    parts = parts_of(chunks)
    assert "".join(part.text for part in parts if part.thought) == THOUGHTS
    assert [part.thought_signature for part in parts[:-1]] == [None] * (len(parts) - 1)
    assert parts[-1].thought_signature
    assert (parts[-1].text == "") is stream
    counted = chunks[-1].usage_metadata.thoughts_token_count
    silent = await asked(gemini, "Hello.", stream=stream)
    assert not any(part.thought for part in parts_of(silent))
    assert silent[-1].usage_metadata.thoughts_token_count == counted > 0


@pytest.mark.parametrize("stream", [False, True])
async def test_a_loop_of_tools_goes_on_with_each_steps_signature_only(gemini, stream):
    history: list[Any] = [types.UserContent(ASKED)]
    for calls in (2, 1, 0):
        parts = parts_of(await asked(gemini, history, stream=stream, tools=TOOLS))
        called = [part for part in parts if part.function_call]
        assert len(called) == calls
        assert [bool(part.thought_signature) for part in called] == [True, False][:calls]
        if not called:
            break
        history.append(
            types.ModelContent([part for part in parts if part.text or part.function_call])
        )
        answers = [
            types.FunctionResponse(
                id=part.function_call.id, name="weather", response={"output": "mild"}
            )
            for part in called
        ]
        history.append(types.UserContent([types.Part(function_response=a) for a in answers]))
        unsigned = [
            content.model_copy(
                update={"parts": [part.model_copy(update={"thought_signature": None})
                                  for part in content.parts]}
            )
            for content in history
        ]  # fmt: skip
        with pytest.raises(errors.ClientError, match="missing a thought_signature"):
            await asked(gemini, unsigned, tools=TOOLS)
    assert "mild" in "".join(part.text for part in parts)


async def test_a_chat_of_the_sdks_gives_every_piece_back(gemini):
    chat = gemini.chats.create(model=NEW, config={"thinking_config": {"include_thoughts": True}})
    async for _ in await chat.send_message_stream("The visa report is due on 27 August."):
        pass
    answer = await chat.send_message("When is the visa report due?")
    assert "27 August" in answer.text


def read(*contents: Any, model: str = NEW, **config: Any) -> Any:
    body = {"contents": list(contents), "generationConfig": config}
    return read_request(msgspec.json.encode(body), model, stream=False)


ASKS = {"role": "user", "parts": [{"text": "Use weather."}]}
CALL = {"name": "weather", "args": {"city": "Paris", "days": 2}}
RESULT = {"role": "user", "parts": [{"functionResponse": {"name": "weather", "response": {}}}]}


def step(signature: str | None, **call: Any) -> dict[str, Any]:
    signed = {} if signature is None else {"thoughtSignature": signature}
    return {"role": "model", "parts": [{"functionCall": {**CALL, **call}, **signed}]}


GOOD = of_call(NEW, "weather", CALL["args"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "signature",
    [
        GOOD,
        GOOD.replace("+", "-").replace("/", "_"),
        "skip_thought_signature_validator",
        base64.b64encode(b"context_engineering_is_the_way_to_go").decode(),
    ],
)
def test_a_calls_own_signature_and_what_stands_for_one_are_taken(signature):
    assert read(ASKS, step(signature), RESULT).conversation
    floats = {"args": {"days": 2.0, "city": "Paris"}}
    assert read(ASKS, step(signature, **floats), RESULT).conversation


@pytest.mark.parametrize(
    ("content", "model"),
    [
        (step(of_call(OLD, "weather", CALL["args"])), NEW),  # type: ignore[arg-type]
        (step(GOOD), OLD),
        (step(GOOD, args={"city": "Rome", "days": 2}), NEW),
        (step(GOOD, name="news"), NEW),
        (step(of_words(NEW, "")), NEW),
        (step(GOOD[:-6] + "AAAA=="), NEW),
    ],
)
def test_a_signature_of_another_model_or_another_part_is_refused(content, model):
    name = content["parts"][0]["functionCall"]["name"]
    answered = {"role": "user", "parts": [{"functionResponse": {"name": name, "response": {}}}]}
    with pytest.raises(RefusalError, match="Thought signature is not valid"):
        read(ASKS, content, answered, model=model)


def test_a_signature_is_of_all_the_words_before_it_and_moves_nowhere():
    signature = of_words(NEW, "Hello")
    pieces = [{"text": "Hel"}, {"text": "lo"}, {"text": "", "thoughtSignature": signature}]
    apart = [{"role": "model", "parts": [piece]} for piece in pieces[1:]]
    assert read(ASKS, {"role": "model", "parts": pieces}, ASKS).conversation
    assert read(ASKS, {"role": "model", "parts": pieces[:1]}, *apart, ASKS).conversation
    with pytest.raises(RefusalError, match="not valid"):
        read(ASKS, {"role": "model", "parts": pieces[1:]}, ASKS)


def test_only_the_turn_under_way_needs_signatures():
    assert read(ASKS, step(None), RESULT, model=OLD).conversation
    with pytest.raises(RefusalError, match=r"`default_api:weather` , position 2\."):
        read(ASKS, step(None), RESULT)
    assert read(ASKS, step(None), RESULT, {"role": "model", "parts": [{"text": "a"}]}, ASKS)


@pytest.mark.parametrize(
    ("model", "config", "says"),
    [
        (NEW, {"thinkingLevel": "LOW", "thinkingBudget": 5}, "only one of thinking budget"),
        (NEW, {"thinkingLevel": "XHIGH"}, "Thinking level XHIGH is not supported"),
        ("gemini-3-pro-preview", {"thinkingLevel": "MINIMAL"}, "Thinking level MINIMAL"),
        (OLD, {"thinkingLevel": "LOW"}, "Thinking level is not supported for this model"),
        (OLD, {"thinkingBudget": 30000}, "The thinking budget 30000 is invalid"),
        (OLD, {"thinkingBudget": 0, "includeThoughts": True}, "only enabled when thinking is"),
        ("gemini-2.5-pro", {"thinkingBudget": 0}, "only works in thinking mode"),
        ("gemini-2.0-flash", {"includeThoughts": True}, "Thinking is not enabled"),
    ],
)
def test_what_a_model_does_not_know_of_thinking_is_refused(model, config, says):
    with pytest.raises(RefusalError, match=says):
        read(ASKS, model=model, thinkingConfig=config)


def test_a_signature_that_is_no_base64_is_refused_as_such():
    with pytest.raises(RefusalError, match=r"\(TYPE_BYTES\), Base64 decoding failed for"):
        read(ASKS, step("not base64!"), RESULT)


async def test_models_of_before_sign_the_first_part_where_functions_are_declared(gemini):
    parts = parts_of(await asked(gemini, ASKED, OLD, tools=TOOLS, thinking_config=SHOWN))
    assert [(bool(p.thought), bool(p.thought_signature)) for p in parts] == [
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]
    assert not any(part.function_call.id for part in parts[2:])
    silent = parts_of(await asked(gemini, ASKED, OLD, tools=TOOLS))
    assert not any(part.thought_signature for part in silent)
