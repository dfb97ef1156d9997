"""What Responses has beside words and functions, through the gateway to a strict vendor."""

import shutil
from collections.abc import Iterator
from typing import Any

import msgspec
import openai
import pydantic
import pytest

from tests.end_to_end.running import CLAUDE, GPT, OFFICER, ROOT, Server
from tests.end_to_end.vendors import Vendors

MODELS = ROOT / "scenarios" / "statechat" / "directory"
THINKER = "openai/gpt-4.1@openai:thinking"
PLAIN = "openai/gpt-4.1@openai:responses"
_ADDED = f"""routes:
  {THINKER}:
    protocol: openai-responses
    upstream_model: gpt-5.6-sol
    account: government-openai
  {PLAIN}:
    protocol: openai-responses
    upstream_model: gpt-4.1-2025-04-14
    account: government-openai
"""


@pytest.fixture(scope="module")
def vendors() -> Iterator[Vendors]:
    # Slow enough for an answer that breaks off to have begun: one that fails at once is asked
    # for again by another route.
    with Vendors(more={"openai": ("gpt-5.6-sol",)}, delay_ms=10) as running:
        yield running


@pytest.fixture(scope="module")
def gateway(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Server:
    folder = tmp_path_factory.mktemp("directory")
    for path in MODELS.glob("*.yaml"):
        shutil.copy(path, folder)
    models = folder / "models.yaml"
    models.write_text(models.read_text().replace("routes:\n", _ADDED))
    server.run("apply", str(folder), "--by", OFFICER)
    return server


@pytest.fixture(scope="module")
def gpt(gateway: Server) -> openai.OpenAI:
    return gateway.gpt(gateway.key("treasury-code"))


LOOK: Any = {
    "type": "function",
    "name": "look",
    "strict": False,
    "parameters": {"type": "object", "properties": {"at": {"type": "string"}}},
}
THINKING: Any = {
    "model": THINKER,
    "reasoning": {"effort": "low", "summary": "auto"},
    "include": ["reasoning.encrypted_content"],
    "store": False,
}


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_a_loop_of_calls_reasons_to_its_end(gpt: openai.OpenAI, streamed: bool):
    said: list[Any] = [{"role": "user", "content": 'Use look "here". Then use look "there".'}]
    rounds = 0
    while True:
        asked: Any = {**THINKING, "input": said, "tools": [LOOK]}
        if streamed:
            with gpt.responses.stream(**asked) as stream:
                list(stream)
                response: Any = stream.get_final_response()
        else:
            response = gpt.responses.create(**asked)
        thought = response.output[0]
        assert thought.type == "reasoning"
        assert len(thought.summary) == 2
        assert thought.encrypted_content
        assert response.usage.output_tokens_details.reasoning_tokens > 0
        said += [item.to_dict() for item in response.output]
        calls = [item for item in response.output if item.type == "function_call"]
        if not calls:
            assert rounds == 2
            return
        rounds += 1
        said += [
            {"type": "function_call_output", "call_id": call.call_id, "output": "A lamp."}
            for call in calls
        ]


def test_reasoning_goes_back_to_its_vendor_and_to_no_other(gpt: openai.OpenAI):
    said: list[Any] = [{"role": "user", "content": 'Use look "here".'}]
    first = gpt.responses.create(**THINKING, input=said, tools=[LOOK])
    said += [item.to_dict() for item in first.output]
    (call,) = [item for item in first.output if item.type == "function_call"]
    said += [{"type": "function_call_output", "call_id": call.call_id, "output": "A lamp."}]
    for route, losses in ((THINKER, False), (f"anthropic/{CLAUDE}@anthropic", True)):
        asked: Any = {**THINKING, "model": route, "input": said, "tools": [LOOK]}
        raw = gpt.responses.with_raw_response.create(**asked)
        assert "A lamp." in raw.parse().output_text
        assert ("reasoning" in raw.headers.get("changeover-losses", "")) is losses


def test_reasoning_comes_as_its_vendor_streams_it(gpt: openai.OpenAI):
    with gpt.responses.stream(**THINKING, input="Hello there.") as stream:
        kinds = [event.type.removeprefix("response.") for event in stream]
    ordered = list(dict.fromkeys(kinds))
    assert ordered[:8] == [
        "created", "in_progress", "output_item.added", "reasoning_summary_part.added",
        "reasoning_summary_text.delta", "reasoning_summary_text.done",
        "reasoning_summary_part.done", "output_item.done",
    ]  # fmt: skip
    assert kinds.count("reasoning_summary_part.done") == 2


class Person(pydantic.BaseModel):
    name: str
    age: int


@pytest.mark.parametrize("model", [PLAIN, THINKER])
def test_an_answer_is_parsed(gpt: openai.OpenAI, model: str):
    parsed = gpt.responses.parse(model=model, input='Who? "Ada", 36.', text_format=Person)
    assert parsed.output_parsed == Person(name="Ada", age=36)
    with gpt.responses.stream(model=model, input='Who? "Ada", 36.', text_format=Person) as stream:
        assert stream.get_final_response().output_parsed == Person(name="Ada", age=36)


def test_citations_and_probabilities_come_with_the_words(gpt: openai.OpenAI):
    asked: Any = {
        "model": PLAIN,
        "input": "Cite https://a.example/b.",
        "top_logprobs": 1,
        "include": ["message.output_text.logprobs"],
    }
    whole: Any = gpt.responses.create(**asked).output[0]
    with gpt.responses.stream(**asked) as stream:
        events = list(stream)
        streamed: Any = stream.get_final_response().output[0]
    for message in (whole, streamed):
        (part,) = message.content
        assert [each.type for each in part.annotations] == ["url_citation"]
        assert "".join(each.token for each in part.logprobs) == part.text
    assert "response.output_text.annotation.added" in {event.type for event in events}


def test_files_and_marks_and_names_reach_the_vendor(gpt: openai.OpenAI):
    file: Any = {
        "type": "input_file",
        "filename": "a.txt",
        "file_data": "data:text/plain;base64,VGhlIHJlcG9ydCBpcyBkdWUgb24gMjcgQXVndXN0Lg==",
    }
    marked: Any = {
        "type": "input_text",
        "text": "When is the report due?",
        "prompt_cache_breakpoint": {"mode": "explicit"},
    }
    raw = gpt.responses.with_raw_response.create(
        model=THINKER,
        input=[{"role": "user", "content": [file, marked]}],
        safety_identifier="someone",
        metadata={"case": "7"},
        prompt_cache_key="alike",
        store=False,
    )
    assert "27 August" in raw.parse().output_text
    assert "changeover-losses" not in raw.headers


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_a_refusal_is_heard_as_one(gpt: openai.OpenAI, streamed: bool):
    asked: Any = {"model": PLAIN, "input": "Please decline to answer this."}
    if streamed:
        with gpt.responses.stream(**asked) as stream:
            message: Any = stream.get_final_response().output[0]
    else:
        message = gpt.responses.create(**asked).output[0]
    assert message.content[0].type == "refusal"


def test_a_vendor_that_breaks_off_is_heard(gpt: openai.OpenAI):
    events = list(gpt.responses.create(model=PLAIN, input="Break off now.", stream=True))
    assert events[-1].type == "response.failed"
    assert events[-1].response.error is not None
    assert events[-1].response.error.code == "server_error"


PATCH: Any = {
    "type": "custom",
    "name": "apply_patch",
    "description": "Edits files.",
    "format": {"type": "grammar", "syntax": "lark", "definition": "start: WORD"},
}
CODEX: dict[str, Any] = {
    "instructions": "You are a coding agent.",
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "reasoning": {"effort": "medium", "summary": "auto"},
    "store": False,
    "stream": True,
    "include": ["reasoning.encrypted_content"],
    "prompt_cache_key": "0199a213-81c0-7800-8aa1-bbab2a035a53",
    "text": {"verbosity": "medium"},
}


@pytest.mark.parametrize(
    "route", [THINKER, f"anthropic/{CLAUDE}@anthropic", "google/gemini-2.5-pro@google", GPT]
)
def test_codexs_loop_runs_over_every_upstream(gateway: Server, route: str):
    """Its requests as it writes them: items without ids, and headers of its own."""
    key = gateway.key("treasury-code")
    headers = {"originator": "codex_cli_rs", "session_id": CODEX["prompt_cache_key"]}
    said: list[Any] = [
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": 'Use apply_patch "*** Begin Patch".'}],
        }
    ]
    for kind in ("custom_tool_call", "message"):
        body = {"model": route, "input": said, "tools": [LOOK, PATCH], **CODEX}
        response = gateway.post("/v1/responses", key, msgspec.json.encode(body), **headers)
        assert response.status_code == 200, response.text
        frames = response.text.strip().split("\n\n")
        events = [msgspec.json.decode(frame.partition("data: ")[2]) for frame in frames]
        items = [e["item"] for e in events if e["type"] == "response.output_item.done"]
        assert events[-1]["type"] == "response.completed"
        assert items[-1]["type"] == kind
        for item in items:
            del item["id"]
        said += items
        if kind == "custom_tool_call":
            assert items[-1]["input"] == "*** Begin Patch"
            output = {"call_id": items[-1]["call_id"], "output": "Done."}
            said.append({"type": "custom_tool_call_output", **output})
    assert "Done." in items[-1]["content"][0]["text"]
