"""What a screen reader is given of a page: Chromium's accessibility tree, and what is wrong in it.

Screen readers speak from this tree (Core Accessibility API Mappings), not from the page's
elements. Names, levels and descriptions are as the browser computed them.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
from playwright.sync_api import Page

_OPERATED = frozenset(
    {"button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio",
     "spinbutton", "slider", "switch", "tab", "menuitem", "option", "Date", "DateTime"}
)  # fmt: skip
_NAMED = _OPERATED | {"dialog", "alertdialog", "image", "table", "form", "region", "navigation"}
_WHOLE = frozenset({"Date", "DateTime", "InputTime"})
"""Fields whose parts are the browser's own."""


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the tree that is spoken."""

    role: str
    name: str
    description: str
    level: int
    invalid: bool


def spoken(page: Page) -> list[Spoken]:
    """The page's nodes in the order in which they are read."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    return [_spoken(node) for node in _walk(nodes[0], by_id) if not node.get("ignored")]


def _walk(node: dict[str, Any], by_id: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    if _value(node, "role") in _WHOLE:
        return
    for child in node.get("childIds", ()):
        if child in by_id:
            yield from _walk(by_id[child], by_id)


def _spoken(node: dict[str, Any]) -> Spoken:
    properties = {p["name"]: p["value"].get("value") for p in node.get("properties", ())}
    return Spoken(
        role=_value(node, "role"),
        name=_value(node, "name").strip(),
        description=_value(node, "description").strip(),
        level=int(properties.get("level") or 0),
        invalid=properties.get("invalid") in {True, "true"},
    )


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value") or "")


def unspoken(page: Page) -> list[str]:
    """What somebody who listens to the page would miss."""
    nodes = spoken(page)
    return [
        *_landmarks(nodes),
        *_headings(nodes),
        *(f"a {n.role} has no name" for n in nodes if n.role in _NAMED and not n.name),
        *(f"{n.name!r} is wrong, unexplained" for n in nodes if n.invalid and not n.description),
        *_alike(nodes),
    ]


def _landmarks(nodes: list[Spoken]) -> Iterator[str]:
    for role in ("main", "banner"):
        count = sum(node.role == role for node in nodes)
        if count != 1:
            yield f"there are {count} landmarks {role!r}"


def _headings(nodes: list[Spoken]) -> Iterator[str]:
    headings = [node for node in nodes if node.role == "heading"]
    if [h.level for h in headings].count(1) != 1:
        yield f"headings of level 1: {[h.name for h in headings if h.level == 1]}"
    before = 0
    for heading in headings:
        if heading.level > before + 1:
            yield f"heading {heading.name!r} skips from level {before} to {heading.level}"
        before = heading.level


def _alike(nodes: list[Spoken]) -> Iterator[str]:
    """Buttons of one name do not tell which thing they act on."""
    names = Counter(node.name for node in nodes if node.role == "button")
    for name, count in names.items():
        if count > 1 and name:
            yield f"{count} buttons are called {name!r}"
