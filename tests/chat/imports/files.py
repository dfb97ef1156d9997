"""Files as other programs write them, written by hand after what their readers describe."""

import io
import json
import zipfile
from typing import Any


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def message(role: str, *parts: Any, at: Any = 1_706_745_600.25, **fields: Any) -> Any:
    """A message of ChatGPT's."""
    given: dict[str, Any] = {
        "id": "m",
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": at,
        "update_time": None,
        "content": {"content_type": "text", "parts": list(parts)},
        "status": "finished_successfully",
        "end_turn": None,
        "weight": 1.0,
        "metadata": {"model_slug": "gpt-4o"} if role == "assistant" else {},
        "recipient": "all",
    }
    return given | fields


def mapping(*nodes: tuple[str, str | None, Any]) -> dict[str, Any]:
    children: dict[str | None, list[str]] = {}
    for name, parent, _ in nodes:
        children.setdefault(parent, []).append(name)
    return {
        name: {"id": name, "message": said, "parent": parent, "children": children.get(name, [])}
        for name, parent, said in nodes
    }


def chatgpt(*nodes: tuple[str, str | None, Any], **fields: Any) -> dict[str, Any]:
    """A conversation of ChatGPT's."""
    given: dict[str, Any] = {
        "title": "Capitals",
        "create_time": 1_706_745_600.0,
        "update_time": 1_706_745_900.0,
        "mapping": mapping(*nodes),
        "moderation_results": [],
        "current_node": nodes[-1][0] if nodes else None,
        "plugin_ids": None,
        "conversation_id": "c0ffee",
        "gizmo_id": None,
        "default_model_slug": "auto",
        "id": "c0ffee",
    }
    return given | fields


CAPITALS = chatgpt(
    ("root", None, None),
    ("sys", "root", message("system", "", at=None, weight=0)),
    ("u1", "sys", message("user", "What is the capital of France?")),
    ("a1", "u1", message("assistant", "Paris.", at=1_706_745_610.5)),
    ("u2", "a1", message("user", "And of Spain?", at=1_706_745_620.0)),
    ("a2", "u2", message("assistant", "Madrid.", at=1_706_745_630.0)),
    ("a2b", "u2", message("assistant", "It is Madrid.", at=1_706_745_640.0)),
    current_node="a2",
)


def webui_message(id_: str, parent: str | None, role: str, content: Any, **fields: Any) -> Any:
    """A message of Open WebUI's."""
    given: dict[str, Any] = {
        "id": id_,
        "parentId": parent,
        "childrenIds": [],
        "role": role,
        "content": content,
        "timestamp": 1_738_000_000 + len(id_),
    }
    if role == "assistant":
        given |= {"model": "llama3:8b", "modelName": "Llama 3", "done": True}
    return given | fields


def webui(*messages: Any, **chat: Any) -> dict[str, Any]:
    """A chat of Open WebUI's."""
    said = {
        "id": "",
        "title": "Rivers",
        "models": ["llama3:8b"],
        "params": {},
        "history": {
            "messages": {one["id"]: one for one in messages},
            "currentId": messages[-1]["id"],
        },
        "messages": [],
        "tags": [],
        "timestamp": 1_738_000_000_000,
    }
    return {
        "id": "6f9619ff",
        "user_id": "u",
        "title": "Rivers",
        "chat": said | chat,
        "updated_at": 1_738_000_500,
        "created_at": 1_738_000_000,
        "share_id": None,
        "archived": False,
    }


RIVERS = webui(
    webui_message("1", None, "user", "Longest river?"),
    webui_message("22", "1", "assistant", "The Nile."),
    webui_message("333", "1", "assistant", "The Amazon, say some."),
)
