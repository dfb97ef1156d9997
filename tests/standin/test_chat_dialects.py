"""The servers that are compatible with Chat Completions: what each refuses, and that the
gateway's codec asks of each what it takes, also where a loop of tools began at another vendor.
"""

import json
from typing import Any

import msgspec
import pytest

from changeover.conversation.events import Failed, StreamError, fold
from changeover.conversation.model import (
    ChatRequest,
    Image,
    OutputForm,
    Reasoning,
    Reply,
    Sampling,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from changeover.directory.model import Dialect
from changeover.standin.answering import answered
from changeover.standin.asked import Mark, RefusalError
from changeover.standin.chat_dialects import DIALECTS
from changeover.wire.echo import Unechoed, continued
from changeover.wire.openai_chat.codec import OpenAIChat
from changeover.wire.registry import codec

SERVERS: tuple[Dialect, ...] = ("azure", "llama-cpp", "mistral", "ollama", "vllm")
MODELS: dict[Dialect, str] = {"azure": "gpt-4.1", "mistral": "magistral-medium"}
MARK = Mark(secret="A1b2C3d4E5f6G7h8I9j0K1l2M3n4O", created=1)
PICTURE = Image(media_type="image/png", data="AA==")
CITY = {"type": "object", "properties": {"city": {"type": "string"}}}
TOOLS = (Tool(name="get_weather", parameters=CITY), Tool(name="now"))

each = pytest.mark.parametrize("dialect", SERVERS)
both = pytest.mark.parametrize("stream", [False, True])


def ask(dialect: Dialect, request: ChatRequest, model: str = "") -> Reply:
    """The reply to a request, through the codec, the stand-in and back."""
    wire, standin = codec("openai-chat", dialect), DIALECTS[dialect]
    assert isinstance(wire, OpenAIChat)
    name = model or MODELS.get(dialect, "open")
    body, _ = wire.encode_request(request, name)
    asked = standin.read(body, {})
    said = answered("house", asked)
    if not request.stream:
        events = wire.decode_reply(standin.whole(asked, said, MARK))
    else:
        decoder = wire.stream_decoder()
        events = decoder.feed(b"".join(standin.events(asked, said, MARK))) + decoder.close()
    if wire.echoes(stream=request.stream):
        events = Unechoed(continued(request)).take(events)
    return fold(events)


def made(*turns: Turn, **fields: Any) -> ChatRequest:
    return ChatRequest(
        **{"model": "m", "system": (Text(text="You help."),), "turns": turns, **fields}
    )


def user(*parts: Any) -> Turn:
    return Turn(
        role="user", parts=tuple(Text(text=one) if isinstance(one, str) else one for one in parts)
    )


BEGUN = (
    user('Use get_weather "Paris" and get_weather "Rome". Then tell me what now is.'),
    Turn(
        role="assistant",
        parts=(
            Reasoning(text="Two cities."),
            Text(text="Let me look."),
            ToolCall(
                id="toolu_01A09q90qw90lq917835lq9",
                name="get_weather",
                arguments='{"city": "Paris"}',
            ),
            ToolCall(id="fc_1|rs_2", name="get_weather", arguments='{"city": "Rome"}'),
        ),
    ),
    user(
        ToolResult(call="toolu_01A09q90qw90lq917835lq9", parts=(Text(text="18 degrees"),)),
        ToolResult(call="fc_1|rs_2", parts=(Text(text="See:"), PICTURE), is_error=True),
    ),
)


@each
@both
def test_a_loop_that_began_elsewhere_goes_on_to_its_end(dialect, stream):
    """Pictures among results come after them; then nobody asks on, so the loop ends there."""
    plain = user(
        *BEGUN[2].parts[:1], ToolResult(call="fc_1|rs_2", parts=(Text(text="20 degrees"),))
    )
    turns = (*BEGUN[:2], plain)
    reply = ask(dialect, made(*turns, tools=TOOLS, stream=stream))
    calls = [part for part in reply.parts if isinstance(part, ToolCall)]
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [("now", {})]
    assert reply.stop == "tool-use"
    back = user(ToolResult(call=calls[0].id, parts=(Text(text="noon"),)))
    ended = ask(
        dialect,
        made(*turns, Turn(role="assistant", parts=reply.parts), back, tools=TOOLS, stream=stream),
    )
    words = "".join(part.text for part in ended.parts if isinstance(part, Text))
    assert "“noon” (result 3)" in words
    assert ended.stop == "end"


@each
@both
def test_a_loop_with_pictures_and_words_after_results_is_taken(dialect, stream):
    turns = (
        *BEGUN,
        user("And now?"),
        Turn(role="assistant", parts=(Text(text="Yes."),)),
        user("Why?"),
    )
    assert ask(dialect, made(*turns, tools=TOOLS, stream=stream)).stop == "end"


@each
@both
def test_settings_of_other_vendors_do_no_harm(dialect, stream):
    sampling = Sampling(
        max_tokens=99, temperature=0.5, top_k=4, seed=7, stop=("ZZZ",), frequency_penalty=1.0,
        presence_penalty=1.0, chances=0,
    )  # fmt: skip
    request = made(
        user("One."), user("Two.", PICTURE), user("Say it in JSON."),
        sampling=sampling, stream=stream, thinking=Thinking(effort="max", budget=9, show="auto"),
        verbosity="medium", user="ann", metadata={"a": "b"}, cache_key="k" * 99, tools=TOOLS,
        tool_choice=ToolChoice(mode="none"), parallel_calls=False, output=OutputForm(),
    )  # fmt: skip
    reply = ask(dialect, request)
    said = "".join(part.text for part in reply.parts if isinstance(part, Text))
    assert isinstance(json.loads(said), dict)
    assert any(part.chances for part in reply.parts if isinstance(part, Text))


@pytest.mark.parametrize("dialect", ["llama-cpp", "mistral", "ollama", "vllm"])
@both
def test_reasoning_is_read_and_goes_back(dialect, stream):
    thinking = Thinking(effort="high")
    first = ask(dialect, made(user("Hello."), stream=stream, thinking=thinking))
    assert isinstance(first.parts[0], Reasoning)
    assert first.parts[0].text.startswith("The person asks")
    again = Turn(role="assistant", parts=first.parts)
    second = ask(
        dialect, made(user("Hello."), again, user("Again."), stream=stream, thinking=thinking)
    )
    assert second.stop == "end"


@each
def test_a_tool_that_must_be_called_is_called_where_the_server_can_be_told(dialect):
    choice = ToolChoice(mode="named", name="now")
    reply = ask(dialect, made(user("Hello."), tools=TOOLS, tool_choice=choice))
    called = [part.name for part in reply.parts if isinstance(part, ToolCall)]
    assert called == ([] if dialect == "ollama" else ["now"])


@pytest.mark.parametrize("dialect", ["llama-cpp", "mistral", "ollama", "vllm"])
@both
def test_what_is_continued_is_not_said_again(dialect, stream):
    said = Turn(role="assistant", parts=(Text(text="It is"),))
    reply = ask(dialect, made(user("Hello."), said, prefill=True, stream=stream))
    words = "".join(part.text for part in reply.parts if isinstance(part, Text))
    assert words
    assert not words.startswith("It is")


@both
def test_mistrals_own_ends(stream):
    assert ask("mistral", made(user("Run out of room."), stream=stream)).stop == "length"
    with pytest.raises(StreamError):
        ask("mistral", made(user("Break off."), stream=stream))


def test_azures_filter_ends_an_answer_and_refuses_a_question():
    assert ask("azure", made(user("Withhold it."), stream=True)).stop == "filtered"
    wire, standin = codec("openai-chat", "azure"), DIALECTS["azure"]
    body, _ = wire.encode_request(made(user("Filter the prompt.")), "gpt-4.1")
    with pytest.raises(RefusalError) as caught:
        standin.read(body, {})
    failed = wire.decode_error(400, standin.refused(caught.value, MARK))
    assert isinstance(failed, Failed)
    assert failed.kind == "content_filter"


USER: Any = {"role": "user", "content": "Hello."}
CALL = {"id": "abcdefghi", "type": "function", "function": {"name": "now", "arguments": "{}"}}
CALLED = {"role": "assistant", "content": "", "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "abcdefghi", "content": "noon"}
THINK = {"role": "assistant", "content": [{"type": "thinking", "thinking": []}]}
FUNCTION = {"type": "function", "function": {"name": "now", "parameters": {}}}
MISTRAL = [
    ({"max_completion_tokens": 5}, 422, "Extra inputs are not permitted"),
    ({"stream_options": {}}, 422, "Extra inputs are not permitted"),
    ({"messages": [{**USER, "name": "ann"}]}, 422, "Extra inputs are not permitted"),
    ({"messages": [USER, {"role": "assistant", "content": "x", "reasoning_content": "y"}, USER]}, 422,
     "Extra inputs are not permitted"),
    ({"messages": []}, 422, "Field required"),
    ({"tools": [{"type": "function", "function": {"name": "now"}}]}, 422, "Field required"),
    ({"messages": [USER, CALLED, RESULT, USER]}, 400, "Unexpected role 'user' after role 'tool'"),
    ({"messages": [USER, CALLED]}, 400, "Expected last role User or Tool"),
    ({"messages": [USER, CALLED, USER]}, 400, "Not the same number of function calls"),
    ({"messages": [USER, CALLED, {**RESULT, "tool_call_id": "ihgfedcba"}]}, 400, "Unexpected tool call id"),
    ({"messages": [USER, CALLED, {**RESULT, "tool_call_id": "toolu_1"}]}, 400,
     "Tool call id was toolu_1 but must be a-z, A-Z, 0-9, with a length of 9."),
    ({"messages": [USER, {"role": "assistant", "content": ""}, USER]}, 400, "must have either content"),
    ({"messages": [USER, THINK, USER]}, 400, "ThinkChunk"),
    ({"reasoning_effort": "high"}, 400, "is not supported for this model"),
    ({"tools": [{"type": "function", "function": {"name": "a b", "parameters": {}}}]}, 400, "Function name was a b"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "status", "message"), MISTRAL)
def test_what_mistral_refuses(change, status, message):
    body = {"model": "mistral-large-latest", "messages": [USER], **change}
    with pytest.raises(RefusalError) as caught:
        DIALECTS["mistral"].read(msgspec.json.encode(body), {})
    assert caught.value.status == status
    assert message in caught.value.message
    failed = codec("openai-chat", "mistral").decode_error(
        status, DIALECTS["mistral"].refused(caught.value, MARK)
    )
    assert message in failed.message


ADDRESS = {"type": "image_url", "image_url": {"url": "https://example.org/cat"}}
FILE = {"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBE"}}
COMPATIBLE = [
    ("llama-cpp", {"messages": [USER, USER]}, 500, "must alternate"),
    ("vllm", {"messages": [USER, USER]}, 400, "must alternate"),
    ("vllm", {"tools": []}, 400, "must not be an empty array"),
    ("vllm", {"tool_choice": "required"}, 400, "`tools` must be set"),
    ("ollama", {"messages": [{"role": "user", "content": [ADDRESS]}]}, 400, "invalid image input"),
    ("ollama", {"reasoning_effort": "max"}, 400, "invalid reasoning value: 'max'"),
    ("ollama", {"messages": [{"role": "user", "content": None}]}, 400, "invalid message content type"),
    ("llama-cpp", {"messages": [{"role": "user", "content": [FILE]}]}, 400, "unsupported content[].type: file"),
    ("llama-cpp", {"messages": [{"role": "developer", "content": "x"}]}, 400, "Unexpected message role"),
    ("ollama", {"messages": [USER, {**CALLED, "tool_calls": [{**CALL, "function": {"name": "now", "arguments": "{"}}]}]},
     400, "invalid tool call arguments"),
    ("vllm", {"messages": None}, 400, "'messages' is required"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "change", "status", "message"), COMPATIBLE)
def test_what_servers_of_open_models_refuse(dialect, change, status, message):
    body = {"model": "open", "messages": [USER], "anything": "else", **change}
    with pytest.raises(RefusalError) as caught:
        DIALECTS[dialect].read(msgspec.json.encode(body), {})
    assert (caught.value.status, message in caught.value.message) == (status, True)


def test_llama_cpp_takes_an_object_for_a_choice_as_none():
    choice = {"type": "function", "function": {"name": "now"}}
    body = {"model": "open", "messages": [USER], "tools": [FUNCTION], "tool_choice": choice}
    assert DIALECTS["llama-cpp"].read(msgspec.json.encode(body), {}).choice == "auto"
    told = {"model": "open", "messages": [USER], "logprobs": True}
    asked: Any = DIALECTS["llama-cpp"].read(msgspec.json.encode(told), {})
    assert asked.chances is None


@each
@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b'"x"'])
def test_what_is_no_json_object_is_refused(dialect, payload):
    with pytest.raises(RefusalError) as caught:
        DIALECTS[dialect].read(payload, {})
    assert caught.value.status in {400, 422}
