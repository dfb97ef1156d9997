"""Documents, cache marks and answers of a form at Anthropic's stand-in."""

import base64
import json
from typing import Any

import anthropic
import msgspec
import pytest

from changeover.standin.anthropic_caching import Written
from changeover.standin.anthropic_request import MessagesAsked, read_request
from changeover.standin.asked import RefusalError

from .conftest import CLAUDE

PDF = base64.b64encode(b"%PDF-1.7").decode()
CITED = {"citations": {"enabled": True}}


def document(**source: Any) -> dict[str, Any]:
    return {"type": "document", "source": source}


def text(data: str = "The report is due on 27 August. It is long.") -> dict[str, Any]:
    return document(type="text", media_type="text/plain", data=data)


def said(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    content = [*blocks, {"type": "text", "text": "When is the report due?"}]
    return {"messages": [{"role": "user", "content": content}], **fields}


def marked(ttl: str = "5m", **fields: Any) -> dict[str, Any]:
    mark = {"type": "ephemeral", "ttl": ttl}
    return {"type": "text", "text": "One two three", "cache_control": mark, **fields}


def form(schema: dict[str, Any]) -> dict[str, Any]:
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


def read(change: dict[str, Any]) -> MessagesAsked:
    body = {"model": CLAUDE, "max_tokens": 300, "messages": [{"role": "user", "content": "?"}]}
    asked = read_request(msgspec.json.encode(body | change), "2023-06-01")
    assert isinstance(asked, MessagesAsked)
    return asked


SOURCE = "messages.0.content.0.document.source"
REFUSED = [
    (said({"type": "document"}), "messages.0.content.0.document.source: Field required"),
    (said(text() | {"name": "x"}), "messages.0.content.0.document.name: Extra inputs are not"),
    (said(text() | {"title": 7}), "messages.0.content.0.document.title: Input should be a valid"),
    (said(text("")), f"{SOURCE}.text.data: document text cannot be empty"),
    (said(document(type="text", media_type="text/html", data="x")),
     f"{SOURCE}.text.media_type: Input should be 'text/plain'"),
    (said(document(type="base64", media_type="image/png", data=PDF)),
     f"{SOURCE}.base64.media_type: Input should be 'application/pdf'"),
    (said(document(type="base64", media_type="application/pdf", data="?")),
     f"{SOURCE}.base64.data: invalid base64 data"),
    (said(document(type="base64", media_type="application/pdf", data="AAAA")),
     f"{SOURCE}.base64.data: The PDF specified was not valid."),
    (said(document(type="url", url="http://a")), f"{SOURCE}.url.url: Only HTTPS URLs"),
    (said(document(type="content", content=[text()])),
     f"{SOURCE}.content.content.0.type: Input should be 'text' or 'image'"),
    (said({"type": "search_result", "source": "a", "title": "T"}),
     "messages.0.content.0.search_result.content: Field required"),
    (said(text() | CITED, text()), "messages: citations must be enabled on all documents or none"),
    (said(text() | CITED, **form({"type": "string"})), "output_config.format: citations are not"),
    (said(*[marked()] * 5), "A maximum of 4 blocks with cache_control may be provided. Found 5."),
    (said(*[marked()] * 4, cache_control={"type": "ephemeral"}), "A maximum of 4 blocks"),
    (said(marked(), marked("1h")),
     ("messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come after "
      "a ttl='5m' cache_control block.")),
    (said(marked("2h")), "messages.0.content.0.cache_control.ephemeral.ttl: Input should be"),
    ({"cache_control": {"type": "lasting"}}, "cache_control.type: Input should be 'ephemeral'"),
    ({"output_config": {"form": {}}}, "output_config.form: Extra inputs are not permitted"),
    ({"output_config": {"format": {"type": "json"}}}, "output_config.format.type: Input should be"),
    (form({"type": "object"}), ("output_config.format.schema: For 'object' type, "
                                "'additionalProperties' must be explicitly set to false")),
    (form({"anyOf": [{"type": "integer", "minimum": 1}]}),
     "output_config.format.schema: For 'integer' type, property 'minimum' is not supported"),
    (form({"type": "array", "items": {}, "minItems": 2}),
     "output_config.format.schema: For 'array' type, 'minItems' values other than 0 or 1"),
    (form({"type": "string", "format": "phone"}),
     "output_config.format.schema: For 'string' type, format 'phone' is not supported"),
    ({"tools": [{"name": "f", "input_schema": {"type": "object"}, "strict": True}]},
     "tools.0.custom.input_schema: For 'object' type, 'additionalProperties' must be"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_the_vendor_refuses_of_them_is_refused_in_its_words(change, message):
    with pytest.raises(RefusalError) as caught:
        read(change)
    assert caught.value.message.startswith(message)


def test_documents_are_read_also_within_results():
    use = {"type": "tool_use", "id": "a", "name": "f", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "a", "content": [text("In a result.")]}
    messages = [
        *said(text(), document(type="base64", media_type="application/pdf", data=PDF))["messages"],
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    asked = read(
        {"messages": messages, "tools": [{"name": "f", "input_schema": {"type": "object"}}]}
    )
    assert asked.conversation[0].text.startswith("The report is due")
    assert asked.conversation[-1].text == "In a result."


def test_what_stands_before_the_last_mark_is_written_to_the_cache():
    assert read(said(marked("1h"), marked())).written == Written(6, "5m")
    assert read(said(marked("1h"))).written == Written(3, "1h")
    assert read({"cache_control": {"type": "ephemeral"}}).written == Written(1, "5m")
    assert read({}).written == Written()


async def test_sentences_of_documents_are_cited(claude: anthropic.AsyncAnthropic):
    search = {
        "type": "search_result",
        "source": "kb/1",
        "title": "Dues",
        "content": [{"type": "text", "text": "Reports are due in summer."}],
        **CITED,
    }
    content = said(text() | CITED | {"title": "Plan"}, search)["messages"][0]["content"]
    ask: Any = {
        "model": CLAUDE,
        "max_tokens": 300,
        "messages": [{"role": "user", "content": content}],
    }
    whole = await claude.messages.create(**ask)
    async with claude.messages.stream(**ask) as stream:
        streamed = await stream.get_final_message()
    told = [(b.text, b.citations) for b in streamed.content if b.type == "text"]
    assert told == [(b.text, b.citations) for b in whole.content if b.type == "text"]
    cited = [c for b in whole.content if b.type == "text" for c in b.citations or ()]
    first = next(one for one in cited if one.type == "char_location")
    assert first.cited_text == "The report is due on 27 August."
    assert (first.document_index, first.document_title) == (0, "Plan")
    assert (first.start_char_index, first.end_char_index) == (0, 31)
    found = next(one for one in cited if one.type == "search_result_location")
    assert (found.source, found.search_result_index) == ("kb/1", 0)


async def test_an_answer_of_a_form_is_filled_from_the_words(claude: anthropic.AsyncAnthropic):
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "additionalProperties": False,
    }
    config: Any = form(schema)
    answer = await claude.messages.create(
        model=CLAUDE,
        max_tokens=99,
        messages=[{"role": "user", "content": 'Plan "Paris" for 3 days.'}],
        **config,
    )
    (block,) = answer.content
    assert block.type == "text"
    assert json.loads(block.text) == {"city": "Paris", "days": 3}
    assert answer.usage.cache_creation is not None
