"""Reasoning at Anthropic's stand-in: what it refuses, when it reasons, and how it signs."""

from typing import Any

import anthropic
import msgspec
import pytest

from changeover.standin.anthropic_models import family_of
from changeover.standin.anthropic_request import MessagesAsked, read_request
from changeover.standin.anthropic_signatures import Thought, mint, minted
from changeover.standin.anthropic_thinking import REDACTED_TRIGGER
from changeover.standin.asked import RefusalError

from .conftest import CLAUDE

ADAPTIVE = "claude-opus-4-8"
TOOLS: Any = [{"name": "now", "input_schema": {"type": "object"}}]
USER = {"role": "user", "content": "Use now."}
ON = {"type": "enabled", "budget_tokens": 1024}
USE = {"type": "tool_use", "id": "a", "name": "now", "input": {}}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a"}]}
TEXT = {"type": "text", "text": "Well."}


def signed(words: str, model: str = CLAUDE, place: int = 0, of: int = 1) -> dict[str, Any]:
    signature = mint(Thought(words=words, place=place, of=of), model)
    return {"type": "thinking", "thinking": words, "signature": signature}


def redacted(place: int = 0, of: int = 1) -> dict[str, Any]:
    thought = Thought(words="x", place=place, of=of, redacted=True)
    return {"type": "redacted_thinking", "data": mint(thought, CLAUDE)}


def loop(*answer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    messages = [USER, {"role": "assistant", "content": [*answer, USE]}, RESULT]
    return {"messages": messages, **fields}


def read(change: dict[str, Any]) -> MessagesAsked:
    body = {"model": CLAUDE, "max_tokens": 5000, "messages": [USER], "tools": TOOLS}
    asked = read_request(msgspec.json.encode(body | change), "2023-06-01")
    assert isinstance(asked, MessagesAsked)
    return asked


MODIFIED = (
    "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified."
)
REFUSED = [
    ({"thinking": {}}, "thinking.type: Field required"),
    ({"thinking": {"type": "deep"}}, "thinking: Input tag 'deep' found using 'type' does not match"),
    ({"thinking": {"type": "enabled"}}, "thinking.enabled.budget_tokens: Field required"),
    ({"thinking": {"type": "enabled", "budget_tokens": 512}},
     "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"),
    ({"thinking": {"type": "disabled", "display": "omitted"}},
     "thinking.disabled.display: Extra inputs are not permitted"),
    ({"thinking": ON, "max_tokens": 1024},
     "`max_tokens` must be greater than `thinking.budget_tokens`."),
    ({"thinking": {"type": "adaptive"}}, "adaptive thinking is not supported on this model"),
    ({"thinking": ON, "model": ADAPTIVE}, '"thinking.type.enabled" is not supported for this model.'),
    ({"thinking": {"type": "disabled"}, "model": "claude-sonnet-5-5"},
     ('"thinking.type.disabled" is not supported for this model. Use "thinking.type.between_tools"')),
    ({"output_config": {"effort": "low"}}, "This model does not support the effort parameter."),
    ({"output_config": {"effort": "xhigh"}, "model": "claude-sonnet-4-6"},
     "This model does not support effort level 'xhigh'. Supported levels: low, medium, high, max."),
    ({"thinking": ON, "temperature": 0.5}, "`temperature` may only be set to 1"),
    ({"thinking": ON, "top_k": 5}, "`top_k` must be unset"),
    ({"thinking": ON, "top_p": 0.5}, "`top_p` must be greater than or equal to 0.95"),
    ({"thinking": ON, "tool_choice": {"type": "any"}},
     "Thinking may not be enabled when tool_choice forces tool use."),
    ({"tool_choice": {"type": "any"}, "model": "claude-opus-5-5"},
     'tool_choice: type "tool" and "any" are not supported for this model.'),
    ({"messages": [USER, {"role": "assistant", "content": "So"}], "model": ADAPTIVE},
     "This model does not support assistant message prefill."),
    ({"temperature": 0, "model": ADAPTIVE}, '"temperature" must be 1.0 for this model'),
    (loop(signed("Hm.") | {"thinking": "Other."}, thinking=ON),
     "messages.1.content.0: Invalid `signature` in `thinking` block"),
    (loop(signed("Hm.") | {"signature": "EqQB"}, thinking=ON),
     "messages.1.content.0: Invalid `signature` in `thinking` block"),
    (loop(signed("Hm.", "claude-opus-4-5"), thinking=ON),
     "messages.1.content.0: Invalid `signature` in `thinking` block"),
    (loop({"type": "redacted_thinking", "data": signed("Hm.")["signature"]}, thinking=ON),
     "messages.1.content.0: Invalid `data` in `redacted_thinking` block"),
    (loop(redacted(1, 2), signed("Hm.", of=2), thinking=ON), f"messages.1.content.0: {MODIFIED}"),
    (loop(signed("Hm.", of=2), thinking=ON), f"messages.1.content.1: {MODIFIED}"),
    (loop(signed("a") | {"thinking": "ab"}, signed("b"), thinking=ON),
     "messages.1.content.0: Invalid `signature` in `thinking` block"),
    (loop(signed("Hm.") | {"cache_control": {"type": "ephemeral"}}),
     "messages.1.content.0.thinking.cache_control: Extra inputs are not permitted"),
    (loop({"type": "thinking", "thinking": "Hm."}),
     "messages.1.content.0.thinking.signature: Field required"),
    (loop(thinking=ON), ("messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, "
                         "but found `tool_use`. When `thinking` is enabled, a final")),
    (loop(TEXT, signed("Hm."), thinking=ON), "messages.1.content.0.type: Expected `thinking`"),
    (loop(signed("Hm.")), ("messages.1.content.0: When thinking is disabled, an `assistant` message "
                           "in the final position cannot contain `thinking`.")),
    ({"messages": [USER, {"role": "assistant", "content": [TEXT, signed("Hm.")]}, USER]},
     "messages.1: The final block in an assistant message cannot be `thinking`."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_the_vendor_refuses_of_reasoning_is_refused_in_its_words(change, message):
    with pytest.raises(RefusalError) as caught:
        read(change)
    assert caught.value.message.startswith(message)
    assert (caught.value.status, caught.value.kind) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    "change",
    [
        loop(signed("Hm."), thinking=ON),
        loop(signed("Hm.") | {"thinking": ""}, thinking=ON),
        loop(signed("Hm.", of=2), redacted(1, 2), thinking=ON),
        loop(thinking={"type": "adaptive"}, model=ADAPTIVE),
        loop(signed("Hm.", "claude-opus-5"), model="claude-opus-5"),
        {"messages": [USER, {"role": "assistant", "content": [signed("Hm."), TEXT]}, USER]},
        {"messages": [USER, {"role": "assistant", "content": [TEXT]}, USER], "thinking": ON},
    ],
)
def test_what_the_vendor_takes_of_reasoning_is_taken(change):
    assert read(change).tools


@pytest.mark.parametrize(
    ("change", "thoughts", "shown"),
    [
        ({}, 0, True),
        ({"thinking": ON}, 1, True),
        ({"thinking": ON | {"display": "omitted"}}, 1, False),
        (loop(signed("Hm."), thinking=ON), 0, True),
        ({"thinking": {"type": "adaptive"}, "model": ADAPTIVE}, 1, False),
        ({"thinking": {"type": "adaptive", "display": "summarized"}, "model": ADAPTIVE}, 1, True),
        ({"thinking": {"type": "adaptive"}, "model": ADAPTIVE, "output_config": {"effort": "low"}},
         0, True),
        ({"model": "claude-opus-5"}, 1, False),
        ({"thinking": {"type": "disabled"}, "model": "claude-opus-5"}, 0, True),
        ({"thinking": ON, "messages": [{"role": "user", "content": REDACTED_TRIGGER}]}, 2, True),
    ],
)  # fmt: skip
def test_it_reasons_when_the_request_says_so(change, thoughts, shown):
    reasons = read(change).reasons
    assert len(reasons.thoughts) == thoughts
    assert reasons.shown is (shown or not thoughts)


def test_a_signature_is_good_for_its_model_at_every_host():
    hosts = (CLAUDE, f"anthropic.{CLAUDE}-20250929-v1:0", f"{CLAUDE}@20250929", "claude-sonnet-4.5")
    assert {family_of(host) for host in hosts} == {CLAUDE}
    value = mint(Thought(words="Hm."), CLAUDE)
    assert minted(value, hosts[1]) == Thought(words="Hm.")
    assert minted(value, "claude-sonnet-4-6") is None
    assert family_of("other") == "other"


async def test_reasoning_is_given_streamed_and_taken_back(claude: anthropic.AsyncAnthropic):
    ask: Any = {"model": CLAUDE, "max_tokens": 5000, "thinking": ON, "tools": TOOLS}
    messages: list[Any] = [{"role": "user", "content": f"Use now. {REDACTED_TRIGGER}"}]
    whole = await claude.messages.create(**ask, messages=messages)
    async with claude.messages.stream(**ask, messages=messages) as stream:
        streamed = await stream.get_final_message()
    kinds = ["thinking", "redacted_thinking", "text", "tool_use"]
    assert [block.type for block in whole.content] == kinds
    assert [block.to_dict() for block in streamed.content[:2]] == [
        block.to_dict() for block in whole.content[:2]
    ]
    assert whole.usage.output_tokens_details is not None
    assert whole.usage.output_tokens > whole.usage.output_tokens_details.thinking_tokens > 0
    use = whole.content[3]
    assert use.type == "tool_use"
    messages += [
        {"role": "assistant", "content": whole.content},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": use.id}]},
    ]
    after = await claude.messages.create(**ask, messages=messages)
    assert after.stop_reason == "end_turn"
