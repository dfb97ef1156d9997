"""What the codec sends passes the stand-in's checks, which are as strict as the vendor's."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.model import ChatRequest, File, Part, Reasoning, Sealed, ToolResult
from changeover.standin.anthropic_request import read_request
from changeover.standin.anthropic_signatures import Thought, mint
from changeover.wire.anthropic_messages.codec import AnthropicMessages
from tests.wire import rich_anthropic as rich

WIRE = AnthropicMessages()
replaced = msgspec.structs.replace
PDF = "JVBERi0xLjc="
KNOWN = [model for model in rich.MODELS if model != "m"]


def as_minted(part: Part, model: str) -> Part:
    """The part with a seal of the model's own, and PDFs that are some."""
    match part:
        case Reasoning(sealed=Sealed(form="signature") as sealed):
            return replaced(
                part, sealed=replaced(sealed, value=mint(Thought(words=part.text), model))
            )
        case Reasoning(sealed=Sealed(form="redacted") as sealed):
            value = mint(Thought(words="x", redacted=True), model)
            return replaced(part, sealed=replaced(sealed, value=value))
        case File(media_type="application/pdf"):
            return replaced(part, data=PDF)
        case ToolResult():
            inner: Any = tuple(as_minted(one, model) for one in part.parts)
            return replaced(part, parts=inner)
        case _:
            return part


def minted(request: ChatRequest, model: str) -> ChatRequest:
    turns = tuple(
        replaced(turn, parts=tuple(as_minted(part, model) for part in turn.parts))
        for turn in request.turns
    )
    most = request.sampling.max_tokens
    limit = None if most is None else min(most, 30_000)
    return replaced(request, turns=turns, sampling=replaced(request.sampling, max_tokens=limit))


@given(request=rich.requests(), model=st.sampled_from(KNOWN))
def test_what_is_sent_is_what_the_vendor_takes(request, model):
    body, _ = WIRE.encode_request(minted(request, model), model)
    assert read_request(body, "2023-06-01").model == model
