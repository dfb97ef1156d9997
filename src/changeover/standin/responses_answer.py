"""The items of a stand-in's Responses answer.

An answer is what any stand-in would say, and what the request's fields and words ask:

1. Where the model reasons, an item of reasoning comes first: its summary in two parts where
   one is asked, and what is encrypted of it where that is included.
2. A form makes the words the JSON that fits it.
3. A person's last message that says "decline to answer" is refused, one that says "cite"
   has the addresses of the conversation cited for the whole answer.
4. Probabilities are made up from the words, the same each time.

Ids tell whether the model reasoned before: the vendor knows it from its records.
"""

import json
import re
from typing import Any

import msgspec

from changeover.standin.asked import Answered, Asked, Mark, Offered
from changeover.standin.calling import calls
from changeover.standin.responses_pairs import thought_id
from changeover.standin.responses_sealed import encrypt
from changeover.standin.responses_wanted import Wanted
from changeover.standin.tokens import count, cut, pieces

_DECLINES = re.compile(r"\bdecline to answer\b", re.IGNORECASE)
_CITES = re.compile(r"\bcite\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\"'<>)\]]+[^\s\"'<>)\].,;]")
_REFUSAL = "I decline to answer that."
Item = dict[str, Any]


def shaped(wanted: Wanted, answered: Answered) -> Answered:
    """The answer in the form that is asked for, with what reasoning costs."""
    if wanted.form is not None and not answered.calls:
        words = _fitting(wanted, answered.text)
        limited = cut(words, wanted.max_tokens, ())
        answered = msgspec.structs.replace(
            answered, text=limited.text, stop=limited.stop, output_tokens=count(limited.text)
        )
    spent = answered.output_tokens + thought_tokens(wanted)
    return msgspec.structs.replace(answered, output_tokens=spent)


def thought_tokens(wanted: Wanted) -> int:
    """How many tokens went into reasoning."""
    return sum(count(part) for part in _thoughts(wanted)) if wanted.reasons else 0


def items(wanted: Wanted, answered: Answered, mark: Mark, status: str) -> list[Item]:
    """The items of an answer."""
    stem = f"{mark.secret}_r" if wanted.reasons else mark.secret
    found = [_reasoning(wanted, mark)] if wanted.reasons else []
    if answered.text or not answered.calls:
        found.append(_message(wanted, answered, stem, status))
    for at, call in enumerate(answered.calls):
        known = {
            "status": "completed",
            "call_id": f"call_{mark.secret[:22]}{at:02d}",
            "name": call.name,
        }
        if call.name in wanted.freeform:
            words = json.loads(call.arguments)["input"]
            custom = {"id": f"ctc_{stem}{at:02d}", "type": "custom_tool_call"}
            found.append({**custom, **known, "input": words})
        else:
            function = {"id": f"fc_{stem}{at:02d}", "type": "function_call"}
            found.append({**function, **known, "arguments": call.arguments})
    return found


def text_part(text: str, **more: Any) -> Item:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": [], **more}


def _reasoning(wanted: Wanted, mark: Mark) -> Item:
    name, thoughts = thought_id(mark.secret), _thoughts(wanted)
    shown = thoughts if wanted.summary else ()
    item: Item = {
        "id": name,
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": part} for part in shown],
    }
    if wanted.encrypted:
        item["encrypted_content"] = encrypt(wanted.account, name, "\n".join(thoughts))
    return item


def _thoughts(wanted: Asked) -> tuple[str, ...]:
    asked = _last_words(wanted)
    return (
        f"**Reading the question**\n\nThe person says: {asked}",
        "**Answering**\n\nWhat was said so far is all that can be quoted.",
    )


def _message(wanted: Wanted, answered: Answered, stem: str, status: str) -> Item:
    return {
        "id": f"msg_{stem}",
        "type": "message",
        "status": status,
        "role": "assistant",
        "content": [content(wanted, answered)],
    }


def content(wanted: Wanted, answered: Answered) -> Item:
    """The words of an answer, or the refusal in their place."""
    asked = _last_words(wanted)
    if _DECLINES.search(asked):
        return {"type": "refusal", "refusal": _REFUSAL}
    text = answered.text
    addresses = _ADDRESS.findall(" ".join(said.text for said in wanted.conversation))
    cited = list(dict.fromkeys(addresses)) if _CITES.search(asked) else []
    return text_part(
        text,
        annotations=[
            {
                "type": "url_citation",
                "url": address,
                "title": address.partition("://")[2],
                "start_index": 0,
                "end_index": len(text),
            }
            for address in cited
        ],
        logprobs=logprobs(wanted, text),
    )


def logprobs(wanted: Wanted, text: str) -> list[Item]:
    """The tokens of a text with made-up probabilities."""
    if wanted.chances is None:
        return []
    return [
        {
            **_token(piece, 0),
            "top_logprobs": [_token(piece[: at or None], at) for at in range(wanted.chances)],
        }
        for piece in pieces(text)
    ]


def _token(piece: str, rank: int) -> Item:
    chance = -round(0.01 * len(piece) + rank, 4)
    return {"token": piece, "bytes": list(piece.encode()), "logprob": chance}


def _fitting(wanted: Wanted, text: str) -> str:
    """JSON that fits the form, from what the person's last message holds."""
    if not wanted.form:
        return json.dumps({"answer": text})
    form = Offered(name="answer", schema=wanted.form)
    alone = Asked(
        model=wanted.model,
        conversation=wanted.conversation,
        tools=(form,),
        choice="named",
        named="answer",
    )
    return calls(alone)[0].arguments


def _last_words(asked: Asked) -> str:
    said = [said.text for said in asked.conversation if said.role == "user"]
    return said[-1] if said else ""
