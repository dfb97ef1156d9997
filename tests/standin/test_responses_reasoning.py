"""OpenAI's Responses beyond words and functions: what is given, and what is refused."""

import json
from typing import Any

import msgspec
import openai
import pydantic
import pytest

from changeover.standin.asked import RefusalError
from changeover.standin.responses_request import read_request
from changeover.standin.responses_sealed import encrypt
from changeover.standin.server import StandInServer

from .conftest import GPT, make_settings

THINKER = "gpt-5.6"
LOOK: dict[str, Any] = {
    "type": "function",
    "name": "look",
    "strict": False,
    "parameters": {"type": "object", "properties": {"at": {"type": "string"}}},
}
ENCRYPTED = ["reasoning.encrypted_content"]
THINKING: Any = {
    "model": THINKER,
    "reasoning": {"effort": "low", "summary": "auto"},
    "include": ENCRYPTED,
    "store": False,
}


@pytest.fixture
async def thinker():
    async with (
        StandInServer(make_settings(models={"openai": (GPT, THINKER)})) as running,
        openai.AsyncOpenAI(
            base_url=f"{running.url}/openai/v1", api_key="sk-test-1", max_retries=0
        ) as client,
    ):
        yield client


async def test_reasoning_goes_round_a_loop_of_calls(thinker):
    said: list[Any] = [{"role": "user", "content": 'Use look "here". Then use look "there".'}]
    rounds = 0
    while True:
        response = await thinker.responses.create(**THINKING, input=said, tools=[LOOK])
        said += [item.to_dict() for item in response.output]
        calls = [item for item in response.output if item.type == "function_call"]
        assert response.output[0].type == "reasoning"
        assert response.usage.output_tokens_details.reasoning_tokens > 0
        if not calls:
            break
        rounds += 1
        said += [
            {"type": "function_call_output", "call_id": call.call_id, "output": "A lamp."}
            for call in calls
        ]
    assert rounds == 2
    assert [item["type"] for item in said if "type" in item].count("reasoning") == 3


async def test_a_summary_is_streamed_part_by_part(thinker):
    async with thinker.responses.stream(**THINKING, input="Hello there.") as stream:
        events = [event async for event in stream]
        final = await stream.get_final_response()
    parts = [e for e in events if e.type == "response.reasoning_summary_part.done"]
    words = [e.delta for e in events if e.type == "response.reasoning_summary_text.delta"]
    (item,) = [item for item in final.output if item.type == "reasoning"]
    assert [part.part.text for part in parts] == [each.text for each in item.summary]
    assert "".join(words) == "".join(each.text for each in item.summary)
    assert item.encrypted_content


async def test_what_is_not_asked_for_is_not_given(thinker):
    plain = await thinker.responses.create(model=THINKER, input="Hello.", reasoning=None)
    assert [item.type for item in plain.output] == ["message"]
    asked = await thinker.responses.create(
        model=THINKER, input="Hello.", reasoning={"effort": "low"}
    )
    assert (asked.output[0].summary, asked.output[0].encrypted_content) == ([], None)


class Person(pydantic.BaseModel):
    name: str
    age: int


async def test_an_answer_fits_its_form(thinker):
    parsed = await thinker.responses.parse(model=GPT, input='Who? "Ada", 36.', text_format=Person)
    assert parsed.output_parsed == Person(name="Ada", age=36)
    loose = await thinker.responses.create(
        model=GPT, input="In JSON.", text={"format": {"type": "json_object"}}
    )
    assert isinstance(json.loads(loose.output_text), dict)


async def test_citations_probabilities_and_refusals(thinker):
    cited = await thinker.responses.create(
        model=GPT,
        input="Cite https://a.example/b.",
        top_logprobs=1,
        include=["message.output_text.logprobs"],
    )
    (part,) = cited.output[0].content
    assert [each.url for each in part.annotations] == ["https://a.example/b"]
    assert "".join(each.token for each in part.logprobs) == part.text
    assert len(part.logprobs[0].top_logprobs) == 1
    refused = await thinker.responses.create(model=GPT, input="Please decline to answer this.")
    assert refused.output[0].content[0].type == "refusal"


async def test_a_custom_tool_is_called_with_words(thinker):
    tool: Any = {"type": "custom", "name": "patch"}
    ask: Any = {"model": GPT, "input": 'Use patch "*** Begin".', "tools": [tool]}
    async with thinker.responses.stream(**ask) as stream:
        final = await stream.get_final_response()
    (call,) = [item for item in final.output if item.type == "custom_tool_call"]
    assert call.input == "*** Begin"
    output = {"type": "custom_tool_call_output", "call_id": call.call_id, "output": "Done."}
    said = [{"role": "user", "content": ask["input"]}, *final.output, output]
    after = await thinker.responses.create(**{**ask, "input": said})
    assert "Done." in after.output_text


async def test_a_vendor_breaks_off_where_it_is_asked_to(thinker):
    stream = await thinker.responses.create(model=GPT, input="Break off now.", stream=True)
    events = [event async for event in stream]
    assert events[-1].type == "response.failed"
    assert events[-1].response.error.code == "server_error"


def sealed(account: str, item: str) -> dict[str, Any]:
    value = encrypt(account, item, "hm")
    return {"type": "reasoning", "id": item, "summary": [], "encrypted_content": value}


REASONED = "rs_abc_r"
MINE = sealed("me", REASONED)
ANSWER: dict[str, Any] = {"role": "assistant", "content": "Yes."}
LED_TO = ANSWER | {"type": "message", "id": "msg_abc_r"}
FORM: dict[str, Any] = {"type": "json_schema", "name": "a", "strict": True}


@pytest.mark.parametrize(
    "items",
    [
        [MINE, LED_TO],
        [MINE, ANSWER],
        [{**MINE, "id": None}, ANSWER],
        [MINE, sealed("me", "rs_2"), ANSWER],
        [ANSWER],
    ],
)
def test_what_belongs_together_is_taken(items):
    assert read(input=items).conversation


@pytest.mark.parametrize(
    ("fields", "param", "message"),
    [
        ({"input": [MINE]}, "input",
         f"Item '{REASONED}' of type 'reasoning' was provided without its required following item."),
        ({"input": [MINE, {"role": "user", "content": "x"}]}, "input",
         f"Item '{REASONED}' of type 'reasoning' was provided without its required following item."),
        ({"input": [LED_TO]}, "input",
         ("Item 'msg_abc_r' of type 'message' was provided without its required 'reasoning' "
          f"item: '{REASONED}'.")),
        ({"input": [MINE, MINE, ANSWER]}, "input",
         (f"Duplicate item found with id {REASONED}. Remove duplicate items from your input and "
          "try again.")),
        ({"input": [sealed("you", REASONED), ANSWER]}, None,
         (f"The encrypted content for item {REASONED} could not be verified. Reason: Encrypted "
          "content organization_id did not match the target organization.")),
        ({"input": [MINE | {"id": "rs_other"}, ANSWER]}, None,
         ("The encrypted content for item rs_other could not be verified. Reason: Encrypted "
          "content item_id did not match the target item id.")),
        ({"input": [MINE | {"encrypted_content": MINE["encrypted_content"] + "A"}, ANSWER]}, None,
         (f"The encrypted content for item {REASONED} could not be verified. Reason: Encrypted "
          "content could not be decrypted or parsed.")),
        ({"input": [MINE | {"id": "x"}, ANSWER]}, "input[0].id",
         "Invalid 'input[0].id': 'x'. Expected an ID that begins with 'rs'."),
        ({"input": [MINE | {"content": [{}]}, ANSWER]}, "input[0].content",
         ("Invalid 'input[0].content': array too long. Expected an array with maximum length 0, "
          "but got an array with length 1 instead.")),
        ({"input": [{k: v for k, v in MINE.items() if k != "summary"}, ANSWER]},
         "input[0].summary", "Missing required parameter: 'input[0].summary'."),
        ({"model": GPT, "reasoning": {"effort": "low"}}, "reasoning.effort",
         "Unsupported parameter: 'reasoning.effort' is not supported with this model."),
        ({"model": GPT, "include": ENCRYPTED}, "include",
         "Encrypted content is not supported with this model."),
        ({"model": GPT, "text": {"verbosity": "low"}}, "text.verbosity",
         ("Unsupported value: 'low' is not supported with the 'gpt-4.1' model. Supported values "
          "are: 'medium'.")),
        ({"reasoning": {"effort": "low"}, "temperature": 1}, "temperature",
         "Unsupported parameter: 'temperature' is not supported with this model."),
        ({"text": {"format": FORM | {"schema": {"type": "object"}}}}, "text.format.schema",
         ("Invalid schema for response_format 'a': In context=(), 'additionalProperties' is "
          "required to be supplied and to be false.")),
        ({"text": {"format": FORM | {"name": "a b", "schema": {}}}}, "text.format.name",
         ("Invalid 'text.format.name': string does not match pattern. Expected a string that "
          "matches the pattern '^[a-zA-Z0-9_-]+$'.")),
        ({"include": ["secrets"]}, "include[0]", None),
        ({"prompt_cache_key": "k" * 65}, "prompt_cache_key", None),
        ({"metadata": {str(n): "" for n in range(17)}}, "metadata", None),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]},
         "input[0].content[0].file_id", "Files with IDs ['f'] were not found."),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_data": "QQ=="}]}]},
         "input[0].content[0].filename", None),
        ({"model": GPT, "input": [{"role": "user", "content": [
            {"type": "input_text", "text": "a", "prompt_cache_breakpoint": {"mode": "explicit"}}
         ]}]}, "input[0].content[0].prompt_cache_breakpoint",
         "prompt_cache_breakpoint is not supported on this model"),
        ({"tools": [{"type": "custom"}]}, "tools[0].name", None),
    ],
)  # fmt: skip
def test_what_the_vendor_refuses_is_refused_in_its_words(fields, param, message):
    with pytest.raises(RefusalError) as caught:
        read(**fields)
    assert caught.value.param == param
    if message is not None:
        assert caught.value.message == message


def read(**fields: Any) -> Any:
    body = {"model": THINKER, "input": "Hello.", **fields}
    return read_request(msgspec.json.encode(body), "me")
