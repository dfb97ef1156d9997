"""Models of Google's that think and sign, through the gateway: nothing of it is lost on the way.

The stand-in takes a call of this turn only with the signature that it minted for it, so
that a loop of tools that goes on proves that it came back as it was.
"""

import asyncio
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from google import genai
from google.genai import types
from pydantic import BaseModel

from tests.end_to_end.running import CLAUDE, OFFICER, ROOT, Server
from tests.end_to_end.vendors import Vendors

DIRECTORY = ROOT / "scenarios" / "statechat" / "directory"
NEW = "gemini-3-pro-preview"
ROUTE = {"protocol": "gemini-generate", "upstream_model": NEW, "account": "government-gemini"}
MODEL = {"name": "Gemini 3", "aliases": [NEW], "capabilities": {"context": 1_000_000}}
ASKED = 'Use weather "Paris" and weather "Rome". Then use convert 7. Then use weather "Oslo".'
EXPECTED = [("weather", "Paris"), ("weather", "Rome"), ("convert", 7), ("weather", "Oslo")]
SCHEMAS: dict[str, dict[str, Any]] = {
    "weather": {"type": "object", "properties": {"city": {"type": "string"}}},
    "convert": {"type": "object", "properties": {"degrees": {"type": "integer"}}},
}
SHOWN = types.ThinkingConfig(include_thoughts=True)


@pytest.fixture(scope="module")
def vendors() -> Iterator[Vendors]:
    with Vendors(more={"google": (NEW,)}) as running:
        yield running


@pytest.fixture(scope="module")
def key(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A key, where the directory knows one more model."""
    folder = Path(tmp_path_factory.mktemp("directory"))
    for path in DIRECTORY.glob("*.yaml"):
        shutil.copy(path, folder)
    models = folder / "models.yaml"
    given = yaml.safe_load(models.read_text())
    given["models"]["google/gemini-3-pro"] = {**MODEL, "maker": "google"}
    given["routes"]["google/gemini-3-pro@google"] = ROUTE
    models.write_text(yaml.safe_dump(given, allow_unicode=True))
    server.run("apply", str(folder), "--by", OFFICER)
    return server.key("treasury-code")


@pytest.fixture
def google(server: Server, key: str) -> Iterator[genai.Client]:
    with genai.Client(api_key=key, http_options=types.HttpOptions(base_url=server.url)) as client:
        yield client


class Tools:
    """What a program's functions were called with."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def run(self, name: str, given: dict[str, Any]) -> str:
        (value,) = given.values()
        self.asked.append((name, value))
        return f"{name} of {value} is mild"


def losses(response: types.GenerateContentResponse) -> list[str]:
    assert response.sdk_http_response is not None
    headers = response.sdk_http_response.headers or {}
    return [field for field in headers.get("changeover-losses", "").split(", ") if field]


@pytest.mark.parametrize("streamed", [False, True])
def test_thoughts_are_shown_to_who_asks(google: genai.Client, streamed: bool):
    config = types.GenerateContentConfig(thinking_config=SHOWN)
    if streamed:
        chunks = list(
            google.models.generate_content_stream(model=NEW, contents="Hello.", config=config)
        )
    else:
        chunks = [google.models.generate_content(model=NEW, contents="Hello.", config=config)]
    parts = [part for chunk in chunks for part in chunk.parts or ()]
    assert "".join(p.text or "" for p in parts if p.thought).startswith("**Reading")
    assert any(part.thought_signature for part in parts)
    usage = chunks[-1].usage_metadata
    assert usage is not None
    assert usage.thoughts_token_count
    silent = google.models.generate_content(model=NEW, contents="Hello.")
    assert not any(part.thought for part in silent.parts or ())


def test_the_sdk_calls_functions_by_itself_through_three_rounds(google: genai.Client):
    tools = Tools()

    def weather(city: str) -> str:
        """Tell the weather."""
        return tools.run("weather", {"city": city})

    def convert(degrees: int) -> str:
        """Convert degrees."""
        return tools.run("convert", {"degrees": degrees})

    config = types.GenerateContentConfig(tools=[weather, convert], thinking_config=SHOWN)
    answer = google.models.generate_content(model=NEW, contents=ASKED, config=config)
    assert tools.asked == EXPECTED
    assert "mild" in (answer.text or "")


def declared() -> types.GenerateContentConfig:
    functions = [
        types.FunctionDeclaration(name=name, parameters_json_schema=schema)
        for name, schema in SCHEMAS.items()
    ]
    return types.GenerateContentConfig(
        tools=[types.Tool(function_declarations=functions)], thinking_config=SHOWN
    )


def rounds(google: genai.Client, models: Sequence[str], *, streamed: bool) -> tuple[Tools, Any]:
    """A loop of tools whose steps the models do in turn; the program keeps all that it gets."""
    tools, history = Tools(), list[Any]([types.UserContent(ASKED)])
    for model in models:
        more: Any = {"model": model, "contents": history, "config": declared()}
        if streamed:
            chunks = list(google.models.generate_content_stream(**more))
            history += [c.candidates[0].content for c in chunks if c.candidates and c.parts]
        else:
            chunks = [google.models.generate_content(**more)]
            history.append(chunks[0].candidates and chunks[0].candidates[0].content)
        parts = [part for chunk in chunks for part in chunk.parts or ()]
        calls = [part.function_call for part in parts if part.function_call is not None]
        if not calls:
            break
        given = [
            types.FunctionResponse(
                id=call.id,
                name=call.name,
                response={"result": tools.run(call.name or "", call.args or {})},
            )
            for call in calls
        ]
        history.append(types.UserContent([types.Part(function_response=each) for each in given]))
    return tools, chunks[0]


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("models", "told"),
    [
        ([NEW] * 4, False),
        ([NEW, CLAUDE, NEW, CLAUDE], True),
        ([CLAUDE, NEW, NEW, CLAUDE], True),
        # Nobody but the first and last seals anything here.
        ([NEW, "gpt-4.1", CLAUDE, NEW], False),
        (["gemini-2.5-pro", NEW, "gemini-2.5-pro", NEW], True),
    ],
)
def test_a_loop_of_tools_goes_from_vendor_to_vendor_and_back(
    google: genai.Client, models: list[str], told: bool, streamed: bool
):
    tools, last = rounds(google, models, streamed=streamed)
    assert tools.asked == EXPECTED
    # What one vendor sealed stays behind where another answers, and that is told.
    assert ("reasoning" in losses(last)) is told


def test_a_chat_goes_on_with_every_piece_of_its_streams(google: genai.Client):
    chat = google.chats.create(model=NEW, config=types.GenerateContentConfig(thinking_config=SHOWN))
    first = [c.text for c in chat.send_message_stream("The visa report is due on 27 August.")]
    assert any(first)
    answer = chat.send_message("When is the visa report due?")
    assert "27 August" in (answer.text or "")


def test_the_asynchronous_client_goes_on_with_a_chat(server: Server, key: str):
    async def talk() -> str:
        options = types.HttpOptions(base_url=server.url)
        async with genai.Client(api_key=key, http_options=options).aio as client:
            chat = client.chats.create(model=NEW)
            async for _ in await chat.send_message_stream("The visa report is due on 27 August."):
                pass
            return (await chat.send_message("When is the visa report due?")).text or ""

    assert "27 August" in asyncio.run(talk())


class Trip(BaseModel):
    city: str
    days: int
    how: str | None = None


@pytest.mark.parametrize("model", [NEW, CLAUDE])
def test_an_answer_fits_the_schema_of_the_program(google: genai.Client, model: str):
    words = 'I go to "Rome" for 3 days, by "train".'
    for schema in ({"response_schema": Trip}, {"response_json_schema": Trip.model_json_schema()}):
        config = types.GenerateContentConfig(response_mime_type="application/json", **schema)
        answer = google.models.generate_content(model=model, contents=words, config=config)
        trip = Trip.model_validate_json(answer.text or "")
        assert trip.city
        if "response_schema" in schema:
            assert answer.parsed == trip


def test_a_program_of_openais_forces_json_and_reasons_with_google(server: Server, key: str):
    client = server.gpt(key)
    schema = {**Trip.model_json_schema(), "additionalProperties": False}
    schema["required"] = list(schema["properties"])
    completion = client.chat.completions.create(
        model=NEW,
        messages=[{"role": "user", "content": 'I go to "Rome" for 3 days.'}],
        reasoning_effort="low",
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "trip", "schema": schema, "strict": True},
        },
    )
    trip = json.loads(completion.choices[0].message.content or "")
    assert (trip["city"], trip["days"]) == ("Rome", 3)


def test_probabilities_sources_and_labels_reach_googles_program(google: genai.Client):
    config = types.GenerateContentConfig(
        response_logprobs=True, logprobs=2, seed=7, labels={"team": "visa"}
    )
    page = "https://example.org/a"
    answer = google.models.generate_content(model=NEW, contents=f"Cite {page}.", config=config)
    assert answer.candidates
    (candidate,) = answer.candidates
    result = candidate.logprobs_result
    assert result is not None
    assert "".join(c.token or "" for c in result.chosen_candidates or ()) == answer.text
    grounding = candidate.grounding_metadata
    assert grounding is not None
    assert grounding.grounding_chunks
    assert grounding.grounding_chunks[0].web is not None
    assert grounding.grounding_chunks[0].web.uri == page
    assert losses(answer) == []


def test_a_document_and_a_picture_among_results_arrive(google: genai.Client):
    parts = [
        types.Part.from_bytes(data=b"The visa report is due on 27 August.", mime_type="text/plain"),
        types.Part(text="When is the visa report due?"),
    ]
    contents: Any = [types.UserContent(parts)]
    answer = google.models.generate_content(model=NEW, contents=contents)
    assert "27 August" in (answer.text or "")
