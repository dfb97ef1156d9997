"""Messages at both ends with its own SDK: reasoning, files, citations, marks and forms."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import pytest

from tests.end_to_end.running import CLAUDE, Server
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

GEMINI = "gemini-2.5-pro"
ON: Any = {"type": "enabled", "budget_tokens": 2000}
TOOLS: Any = [{"name": "now", "input_schema": {"type": "object"}}]
ASK = "Use now. Use now. Then tell me the time."
REDACTED = (
    "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_"
    "46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB"
)
PDF = base64.b64encode(b"%PDF-1.7").decode()
Answer = Callable[..., anthropic.types.Message]


@pytest.fixture(scope="module")
def claude(server: Server) -> anthropic.Anthropic:
    return server.claude(server.key("treasury-code"))


@pytest.fixture(params=["whole", "streamed"])
def answer(request: pytest.FixtureRequest, claude: anthropic.Anthropic) -> Answer:
    """Asks for an answer in either way."""
    if request.param == "whole":
        return claude.messages.create

    def streamed(**given: Any) -> anthropic.types.Message:
        with claude.messages.stream(**given) as stream:
            return stream.get_final_message()

    return streamed


def loop(answer: Answer, models: Iterator[str], ask: str) -> list[list[str]]:
    """A loop of two rounds, sent back as it came; the kinds of each answer's blocks."""
    messages: list[Any] = [{"role": "user", "content": ask}]
    seen: list[list[str]] = []
    for model in models:
        given: Any = {"thinking": ON} if model == CLAUDE else {}
        message = answer(model=model, max_tokens=4000, messages=messages, tools=TOOLS, **given)
        seen.append([block.type for block in message.content])
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": "noon"}
            for block in message.content
            if block.type == "tool_use"
        ]
        messages += [
            {"role": "assistant", "content": [block.to_dict() for block in message.content]},
            {"role": "user", "content": results or "Thanks. What is it?"},
        ]
    return seen


def test_reasoning_comes_back_wrapped_and_is_taken_by_the_vendor(answer: Answer):
    seen = loop(answer, iter([CLAUDE] * 4), ASK)
    assert seen == [
        ["thinking", "text", "tool_use"],
        ["text", "tool_use"],
        ["text"],
        ["thinking", "text"],
    ]


def test_redacted_reasoning_comes_back_too(answer: Answer):
    seen = loop(answer, iter([CLAUDE] * 3), f"{ASK} {REDACTED}")
    assert seen[0] == ["thinking", "redacted_thinking", "text", "tool_use"]


@pytest.mark.parametrize(
    "models",
    [
        (CLAUDE, GEMINI, CLAUDE, CLAUDE),
        (GEMINI, CLAUDE, GEMINI, CLAUDE),
        (CLAUDE, CLAUDE, GEMINI, CLAUDE),
    ],
)
def test_the_vendor_may_change_in_a_loop_with_reasoning(answer: Answer, models):
    seen = loop(answer, iter(models), ASK)
    assert [("tool_use" in kinds) for kinds in seen] == [True, True, False, False]


def test_a_program_that_did_not_ask_finds_its_text_first(claude: anthropic.Anthropic):
    message = claude.messages.create(
        model=CLAUDE, max_tokens=99, messages=[{"role": "user", "content": "Hello."}]
    )
    assert message.content[0].type == "text"


def test_documents_are_read_and_cited(answer: Answer):
    words = {"type": "text", "media_type": "text/plain", "data": "The report is due in May."}
    files = [
        {"type": "document", "source": source, "title": title, "citations": {"enabled": True}}
        for title, source in (
            ("Form", {"type": "base64", "media_type": "application/pdf", "data": PDF}),
            ("Plan", words),
        )
    ]
    content: Any = [*files, {"type": "text", "text": "When is the report due?"}]
    message = answer(model=CLAUDE, max_tokens=300, messages=[{"role": "user", "content": content}])
    cited = [one for b in message.content if b.type == "text" for one in b.citations or ()]
    assert [one.to_dict() for one in cited] == [
        {
            "type": "char_location",
            "cited_text": "The report is due in May.",
            "document_index": 1,
            "document_title": "Plan",
            "start_char_index": 0,
            "end_char_index": 25,
        }
    ]
    again = answer(
        model=CLAUDE,
        max_tokens=300,
        messages=[
            {"role": "user", "content": content},
            {"role": "assistant", "content": [block.to_dict() for block in message.content]},
            {"role": "user", "content": "Thanks. When is it due?"},
        ],
    )
    assert again.stop_reason == "end_turn"


def test_marks_reach_the_vendors_cache_and_its_figures_come_back(answer: Answer):
    mark: Any = {"type": "ephemeral", "ttl": "1h"}
    system: Any = [{"type": "text", "text": "Be brief and exact.", "cache_control": mark}]
    message = answer(
        model=CLAUDE,
        max_tokens=99,
        system=system,
        messages=[{"role": "user", "content": "Hello."}],
    )
    usage = message.usage
    assert usage.cache_creation_input_tokens == 5
    assert usage.cache_creation is None or usage.cache_creation.ephemeral_1h_input_tokens == 5


def test_an_answer_of_a_form_has_it(answer: Answer):
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    }
    message = answer(
        model=CLAUDE,
        max_tokens=99,
        messages=[{"role": "user", "content": 'Where? "Paris"'}],
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    assert message.content[0].type == "text"
    assert json.loads(message.content[0].text) == {"city": "Paris"}


def test_a_request_as_claude_code_sends_it_is_served(server: Server, vendors: Vendors):
    before = len(vendors.calls)
    mark = {"type": "ephemeral", "ttl": "1h"}
    body = {
        "model": CLAUDE,
        "max_tokens": 32_000,
        "stream": True,
        "system": [
            {"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1.306"},
            {"type": "text", "text": "You are a command line tool.", "cache_control": mark},
        ],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Hi.", "cache_control": mark}]}
        ],
        "tools": [
            {"name": "Bash", "input_schema": {"type": "object"}, "eager_input_streaming": True}
        ],
        "metadata": {"user_id": json.dumps({"device_id": "d", "session_id": "s"})},
        "thinking": {"type": "adaptive"},
        "output_config": {"effort": "high"},
        "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    }
    headers = {
        "anthropic-version": "2023-06-01",
        "anthropic-beta": "claude-code-20250219,context-management-2025-06-27",
    }
    key = server.key("treasury-code")
    response = server.post("/v1/messages?beta=true", key, json.dumps(body).encode(), **headers)
    assert response.status_code == 200, response.text
    assert "event: message_stop" in response.text
    assert "thinking_delta" in response.text
    assert [call.path for call in vendors.calls[before:]] == ["/v1/messages"]
