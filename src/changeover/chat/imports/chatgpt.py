"""ChatGPT's export: `conversations.json`, lately in pieces `conversations-000.json` ….

OpenAI documents no schema. What is relied on here is what exports of 2023 to 2026 hold,
as their readers describe them: a list of conversations, each a `mapping` of nodes by id
with `parent`, `children` and a `message` that may be null, and `current_node`, where its
reader stood. A message has an author (`system`, `user`, `assistant`, `tool`), a
`recipient` (a tool's name where the model calls one), `content` of a `content_type`, and
`metadata` that may be missing and names the model (`model_slug`).

* `text` and the strings of `multimodal_text` are words, and so is the transcription of
  speech. Pictures, sound and other objects among them are counted and left.
* `code` that is addressed to a tool is a call of it; the rest is shown as code.
* What tools answer, thoughts, hidden and system messages are counted and left.
* Marks of citations in private-use characters are taken out of words, and counted.
"""

import re
from collections import Counter
from typing import Any

import msgspec

from changeover.chat import problems
from changeover.chat.imports.found import FoundConversation, FoundTurn, all_of, listed
from changeover.chat.imports.instants import instant
from changeover.chat.imports.trees import Node, grown, leaf_below, nearest_kept
from changeover.chat.model import Uncarried
from changeover.conversation.model import Role

_CITED = re.compile("\ue200[^\ue200\ue201]*\ue201")
_PRIVATE = re.compile("[\ue200-\ue2ff]")
_TOOLS = {
    "execution_output",
    "tether_browsing_display",
    "tether_quote",
    "sonic_webpage",
    "system_error",
    "super_widget",
    "computer_output",
}
_REASONING = {"thoughts", "reasoning_recap"}
_INSTRUCTIONS = {"user_editable_context", "model_editable_context"}
_POINTERS: dict[str, Uncarried] = {
    "image_asset_pointer": "image",
    "audio_asset_pointer": "audio",
    "real_time_user_audio_video_asset_pointer": "audio",
    "video_container_asset_pointer": "video",
}
_SHOWS: set[Uncarried] = {"image", "audio", "video", "file", "other"}
"""What makes a message a turn even without a word."""

Counts = Counter[Uncarried]


class _Author(msgspec.Struct, frozen=True):
    role: str = ""


class _Message(msgspec.Struct, frozen=True):
    author: _Author = _Author()
    create_time: Any = None
    content: dict[str, Any] | None = None
    status: str | None = None
    weight: float | None = None
    recipient: str | None = None
    metadata: dict[str, Any] | None = None


class _Node(msgspec.Struct, frozen=True):
    message: _Message | None = None
    parent: str | None = None


class _Conversation(msgspec.Struct, frozen=True):
    mapping: dict[str, _Node]
    title: str | None = None
    create_time: Any = None
    update_time: Any = None
    current_node: str | None = None
    conversation_id: str | None = None
    id: str | None = None
    default_model_slug: str | None = None
    gizmo_id: str | None = None
    plugin_ids: list[Any] | None = None


_decoder = msgspec.json.Decoder(_Conversation)


def read(entry: msgspec.Raw) -> FoundConversation:
    """The conversation; `UnreadableFileError`, `msgspec.DecodeError`."""
    given = _decoder.decode(entry)
    nodes: list[Node] = []
    beside: Counts = Counter()
    beside["assistant"] += bool(given.gizmo_id) + len(given.plugin_ids or ())
    for id_, node in given.mapping.items():
        turn = None
        if node.message is not None:
            turn, left = _turn(id_, node.message, given.default_model_slug)
            beside.update(left if turn is None else {})
        nodes.append(Node(id_, node.parent, turn))
    turns = grown(nodes)
    return FoundConversation(
        source="chatgpt",
        id=given.conversation_id or given.id or "",
        title=given.title or "",
        created=instant(given.create_time),
        changed=instant(given.update_time),
        head=leaf_below(turns, nearest_kept(nodes, given.current_node)),
        turns=turns,
        not_carried=all_of(listed(beside), *(turn.not_carried for turn in turns)),
    )


def _turn(id_: str, message: _Message, usual: str | None) -> tuple[FoundTurn | None, Counts]:
    """A message's turn, None where it makes none, and what of it is left."""
    left: Counts = Counter()
    text = _words(message, left)
    match message.author.role:
        case ("user" | "assistant") as role:
            left.update(_attached(message))
            if text or any(left[what] for what in _SHOWS):
                turn = _spoken(id_, role, message, text, usual)
                return msgspec.structs.replace(turn, not_carried=listed(left)), left
        case other if text:
            left["tool" if other == "tool" else "instructions"] += 1
    return None, left


def _spoken(id_: str, role: Role, message: _Message, text: str, usual: str | None) -> FoundTurn:
    metadata = message.metadata or {}
    answered = role == "assistant"
    slug = metadata.get("model_slug") or usual
    broken = answered and message.status in {"in_progress", "finished_partial_completion"}
    return FoundTurn(
        id=id_,
        parent=None,
        role=role,
        text=text,
        said=instant(message.create_time),
        state="interrupted" if broken else "complete",
        problem=problems.interrupted(kept=bool(text)) if broken else None,
        model=slug if answered and isinstance(slug, str) else None,
    )


def _words(message: _Message, left: Counts) -> str:
    """The words that a message shows; what it does not carry is counted in `left`."""
    content, metadata = message.content or {}, message.metadata or {}
    kind = content.get("content_type")
    if metadata.get("is_visually_hidden_from_conversation") or message.weight == 0:
        left["instructions"] += bool(_plain(content, Counter()))
        return ""
    if message.author.role == "assistant" and message.recipient not in {None, "", "all"}:
        left["tool"] += 1
        return ""
    if kind in _TOOLS or kind in _REASONING or kind in _INSTRUCTIONS:
        what: Uncarried = "instructions"
        if kind not in _INSTRUCTIONS:
            what = "tool" if kind in _TOOLS else "reasoning"
        left[what] += 1
        return ""
    if kind == "code":
        return _code(content)
    return _plain(content, left)


def _plain(content: dict[str, Any], left: Counts) -> str:
    parts = content.get("parts")
    if not isinstance(parts, list):
        parts = [content.get("text") or content.get("result") or ""]
    words = [_part(part, left) for part in parts]
    return _uncited("\n\n".join(word for word in words if word.strip()), left)


def _part(part: Any, left: Counts) -> str:
    match part:
        case str():
            return part
        case {"content_type": "audio_transcription", "text": str(text)}:
            return text
        case {"content_type": str(kind)}:
            left[_POINTERS.get(kind, "other")] += 1
        case {"text": str(text)}:
            return text
        case None:
            pass
        case _:
            left["other"] += 1
    return ""


def _code(content: dict[str, Any]) -> str:
    text = content.get("text")
    if not isinstance(text, str) or not text.strip():
        return ""
    language = content.get("language")
    name = language if isinstance(language, str) and language.isalnum() else ""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{'' if name == 'unknown' else name}\n{text}\n{fence}"


def _uncited(text: str, left: Counts) -> str:
    bare, count = _CITED.subn("", text)
    left["citation"] += count
    return _PRIVATE.sub("", bare)


def _attached(message: _Message) -> Counts:
    """Files; pictures stand among the parts too, and are counted there."""
    counts: Counts = Counter()
    attachments = (message.metadata or {}).get("attachments")
    for one in attachments if isinstance(attachments, list) else ():
        kind = one.get("mime_type") if isinstance(one, dict) else None
        if not (isinstance(kind, str) and kind.startswith("image/")):
            counts["file"] += 1
    return counts
