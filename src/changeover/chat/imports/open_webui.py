"""Open WebUI's export: a list of `{id, title, chat: {history, models}, created_at, …}`.

`history.messages` are messages by id with `parentId` and `childrenIds`, and
`history.currentId` is where its reader stood. Older exports have only a list
`chat.messages`, in which each follows the one before; the oldest have that beside the
title, without `chat`. Times are in seconds, some in milli- or nanoseconds.

An answer's words may hold `<details type="reasoning">` and `<details type="tool_calls">`
blocks, which the page folds away: they are taken out and counted. So are files, pictures,
sources, and the instructions that a chat's settings give.
"""

import re
from collections import Counter
from typing import Any

import msgspec

from changeover.basics.text import Bilingual
from changeover.chat import problems
from changeover.chat.imports.found import (
    FoundConversation,
    FoundTurn,
    UnreadableFileError,
    all_of,
    listed,
)
from changeover.chat.imports.instants import instant
from changeover.chat.imports.trees import Node, grown, leaf_below, nearest_kept
from changeover.chat.model import Problem, TurnState, Uncarried
from changeover.conversation.model import Role

_DETAILS = re.compile(
    r'<details\b[^>]*\btype="(reasoning|tool_calls|code_interpreter)"[^>]*>.*?</details>\s*',
    re.DOTALL,
)
_FAILED = Bilingual(
    en="The file says that this answer ended with an error.",
    fr="Le fichier dit que cette réponse s'est terminée par une erreur.",
)

Counts = Counter[Uncarried]


class _History(msgspec.Struct, frozen=True):
    messages: dict[str, Any] = {}
    currentId: str | None = None  # noqa: N815 - the file's own name


class _Chat(msgspec.Struct, frozen=True):
    title: str | None = None
    history: _History | None = None
    messages: list[Any] | None = None
    models: list[Any] | None = None
    params: dict[str, Any] | None = None
    system: Any = None
    timestamp: Any = None


class _Entry(msgspec.Struct, frozen=True):
    id: str | None = None
    title: str | None = None
    chat: _Chat | None = None
    created_at: Any = None
    updated_at: Any = None


_entry_decoder = msgspec.json.Decoder(_Entry)
_chat_decoder = msgspec.json.Decoder(_Chat)


def read(entry: msgspec.Raw) -> FoundConversation:
    """The conversation; `UnreadableFileError`, `msgspec.DecodeError`."""
    given = _entry_decoder.decode(entry)
    chat = given.chat or _chat_decoder.decode(entry)
    messages, current = _messages(chat)
    usual = next((one for one in chat.models or () if isinstance(one, str)), None)
    beside: Counts = Counter()
    nodes: list[Node] = []
    for id_, parent, message in messages:
        turn, left = _turn(id_, message, usual)
        beside.update(left if turn is None else {})
        nodes.append(Node(id_, parent, turn))
    beside["instructions"] += bool((chat.params or {}).get("system") or chat.system)
    turns = grown(nodes)
    return FoundConversation(
        source="open-webui",
        id=given.id or "",
        title=given.title or chat.title or "",
        created=instant(given.created_at) or instant(chat.timestamp),
        changed=instant(given.updated_at),
        head=leaf_below(turns, nearest_kept(nodes, current)),
        turns=turns,
        not_carried=all_of(listed(beside), *(turn.not_carried for turn in turns)),
    )


def _messages(chat: _Chat) -> tuple[list[tuple[str, str | None, dict[str, Any]]], str | None]:
    """Each message with its name and what it follows, and where the reader stood."""
    if chat.history is not None and chat.history.messages:
        found = [
            (id_, _name(message.get("parentId")), message)
            for id_, message in chat.history.messages.items()
            if isinstance(message, dict)
        ]
        return found, chat.history.currentId
    if chat.messages is None:
        raise UnreadableFileError("This entry has no messages.", means="It was not taken in.")
    listed_: list[tuple[str, str | None, dict[str, Any]]] = []
    for place, message in enumerate(chat.messages):
        if isinstance(message, dict):
            before = listed_[-1][0] if listed_ else None
            listed_.append((f"{place}", before, message))
    return listed_, listed_[-1][0] if listed_ else None


def _turn(id_: str, message: dict[str, Any], usual: str | None) -> tuple[FoundTurn | None, Counts]:
    left: Counts = Counter()
    text = _words(message.get("content"), left)
    match message.get("role"):
        case ("user" | "assistant") as role:
            _attached(message, left)
            turn = _spoken(id_, role, message, text, usual)
            if text or turn.problem is not None or any(left.values()):
                return msgspec.structs.replace(turn, not_carried=listed(left)), left
        case other:
            left["tool" if other == "tool" else "instructions"] += bool(text)
    return None, left


def _spoken(
    id_: str, role: Role, message: dict[str, Any], text: str, usual: str | None
) -> FoundTurn:
    answered = role == "assistant"
    state, problem = _ending(message, text) if answered else ("complete", None)
    model = _name(message.get("modelName")) or _name(message.get("model")) or usual
    return FoundTurn(
        id=id_,
        parent=None,
        role=role,
        text=text,
        said=instant(message.get("timestamp")),
        state=state,
        problem=problem,
        model=model if answered else None,
    )


def _ending(message: dict[str, Any], text: str) -> tuple[TurnState, Problem | None]:
    if message.get("error"):
        return "failed", Problem(kind="failed", words=_FAILED)
    if message.get("done") is False:
        return "interrupted", problems.interrupted(kept=bool(text))
    return "complete", None


def _words(content: Any, left: Counts) -> str:
    match content:
        case str():
            return _unfolded(content, left)
        case list():
            return "\n\n".join(word for part in content if (word := _part(part, left)))
        case None:
            return ""
        case _:
            left["other"] += 1
            return ""


def _part(part: Any, left: Counts) -> str:
    match part:
        case str():
            return part
        case {"type": "text", "text": str(text)}:
            return text
        case {"type": "image_url" | "image"}:
            left["image"] += 1
        case {"type": "input_audio" | "audio"}:
            left["audio"] += 1
        case _:
            left["other"] += 1
    return ""


def _unfolded(text: str, left: Counts) -> str:
    # Most texts have none, and the search for an end is slow where there is none.
    if "</details>" not in text:
        return text

    def taken(found: re.Match[str]) -> str:
        left["reasoning" if found[1] == "reasoning" else "tool"] += 1
        return ""

    return _DETAILS.sub(taken, text).strip()


def _attached(message: dict[str, Any], left: Counts) -> None:
    for one in _list(message.get("files")):
        kind = str(one.get("type", "")) if isinstance(one, dict) else ""
        left["image" if kind.startswith("image") else "file"] += 1
    left["citation"] += len(_list(message.get("sources") or message.get("citations")))
    left["tool"] += len(_list(message.get("tool_calls")))


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _name(given: Any) -> str | None:
    return given if isinstance(given, str) and given else None
