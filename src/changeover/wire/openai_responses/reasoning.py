"""Items of reasoning: what the model thought, in words and sealed.

Source: OpenAI's guide "Reasoning models" (keeping reasoning items in context) and
`ResponseReasoningItem` of its SDK.

* `summary` are parts of a summary, `content` is the reasoning itself where a vendor shows
  it, `encrypted_content` the sealed whole. The vendor binds the last to its account and to
  the item's id, and refuses a summary's item that comes without it, because nothing is
  stored.
* Canonically an item is one part. The parts of its summary stand in its text with two empty
  lines between them, which the vendor does not write within one, so that they come apart
  again as they were. An item that has both summary and content is two parts; the seal
  belongs to the second.
* To a vendor an item goes with its id and its summary, without content, which the vendor
  takes from nobody. Reasoning that is not sealed, or by another vendor, is taken from
  nobody either.
* To a client the item has an id of ours: it is told before the vendor's own is known.
"""

from typing import Any

import msgspec

from changeover.conversation.model import Loss, Reasoning, Sealed
from changeover.wire.fields import review
from changeover.wire.openai_responses.fields import REASONING_ITEM
from changeover.wire.shapes import shape_from_client

BETWEEN = "\n\n\n"
UNSEALED_LOSS = Loss(
    field="reasoning", why="Responses takes back only reasoning that it encrypted itself."
)
ALONE_LOSS = Loss(
    field="reasoning", why="Responses takes reasoning only before what the model said or called."
)


class _Words(msgspec.Struct):
    type: str
    text: str = ""


class _Item(msgspec.Struct):
    id: str | None = None
    summary: list[_Words] | None = None
    content: list[_Words] | None = None
    encrypted_content: str | None = None


def read_reasoning(given: dict[str, Any], place: str, losses: list[Loss]) -> tuple[Reasoning, ...]:
    """The parts of an item that a client sends back; `ProtocolError` for what is none."""
    losses += review(given, REASONING_ITEM, place)
    item = shape_from_client(given, _Item, place)
    value = item.encrypted_content
    sealed = Sealed(form="wrapped", value=value, id=item.id or "") if value else None
    parts = [
        Reasoning(text=text, summary=summary)
        for text, summary in ((_joined(item.content), False), (_joined(item.summary), True))
        if text
    ]
    if sealed is not None:
        *before, last = parts or [Reasoning()]
        return (*before, msgspec.structs.replace(last, sealed=sealed))
    if not parts:
        why = "Reasoning that a vendor keeps under its id cannot be reached from here."
        losses.append(Loss(field=f"{place}.id", why=why))
    return tuple(parts)


def _joined(words: list[_Words] | None) -> str:
    return BETWEEN.join(each.text for each in words or ())


def for_vendor(part: Reasoning) -> dict[str, Any] | None:
    """The item as its vendor gave it; None where it cannot be given to one."""
    sealed = part.sealed
    if sealed is None or sealed.form != "encrypted":
        return None
    return {
        "type": "reasoning",
        **({"id": sealed.id} if sealed.id else {}),
        "summary": summary_parts(part.text) if part.summary else [],
        "encrypted_content": sealed.value,
    }


def for_client(id_: str, part: Reasoning) -> dict[str, Any]:
    """The item as a client gets it."""
    item: dict[str, Any] = {
        "id": f"rs_{id_}",
        "type": "reasoning",
        "status": "completed",
        "summary": summary_parts(part.text) if part.summary else [],
    }
    if part.text and not part.summary:
        item["content"] = [{"type": "reasoning_text", "text": part.text}]
    if part.sealed is not None:
        item["encrypted_content"] = part.sealed.value
    return item


def is_given(part: Reasoning, *, asked: bool) -> bool:
    """Whether a client gets the part: what is sealed always, words alone where it asked."""
    return part.sealed is not None or (asked and bool(part.text))


def summary_parts(text: str) -> list[dict[str, str]]:
    """A summary's parts, from its text."""
    return [{"type": "summary_text", "text": each} for each in text.split(BETWEEN)] if text else []
