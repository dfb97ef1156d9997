"""Every sentence that the code may say to somebody at the desk, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.repository import ROOT

SOURCE = ROOT / "src" / "changeover"
SPEAKING = (
    "basics", "chat/imports", "delivery", "directory", "documents", "evidence", "intake", "intake/formats", "intake/odrl", "isolation",
    "messages", "metering", "orders", "records", "translation", "web",
)  # fmt: skip
ALSO = (
    "chat/filing.py", "chat/folders.py", "chat/prompting.py", "chat/rating.py", "chat/removing.py", "chat/sharing.py", "chat/temporary.py", "identity/accounts.py", "identity/credential_office.py", "identity/people.py", "identity/removing.py",
)  # fmt: skip
NOT_AT_THE_DESK = {
    "basics/canonical.py": "speaks to who checks a ledger",
    "evidence/declaration.py": "is drafted for counsel, under rules of one country",
    "evidence/verifier.py": "speaks to who checks a pack, and stands alone",
    "evidence/vouched_pack.py": "speaks to who checks a pack, as the verifier does",
    "orders/unmatched.py": "speaks both languages itself",
    "translation/asking.py": "speaks to models, and both languages itself",
    "web/openapi.py": "describes the API",
    "web/pages.py": "speaks where there are no pages",
    "web/server.py": "speaks to who starts a server",
}
_DESCRIBING = frozenset({"Operation", "Stream", "Bilingual"})
_ELSEWHERE = re.compile(
    r"CHANGEOVER_SMTP|CHANGEOVER_MAIL|smtp://|Addresses are logged|^Set it, for"
    r"|: no use of \{1\} for \{2\} hours\.$"
)
"""What is said to who starts a server, and the words of a clause."""
_SENTENCE = re.compile(r"^[A-Z{].*[.?:]\s*(\{\d\})?\.?$", re.DOTALL)
_LEAST = 11


def files() -> Iterator[Path]:
    for folder in SPEAKING:
        for path in sorted((SOURCE / folder).glob("*.py")):
            if str(path.relative_to(SOURCE)) not in NOT_AT_THE_DESK:
                yield path
    for name in ALSO:
        yield SOURCE / name


def sentences() -> dict[str, str]:
    """Each sentence with its gaps as `{0}`, `{1}` …, and where it stands."""
    found: dict[str, str] = {}
    for path in files():
        tree = ast.parse(path.read_text())
        inner = _inner(tree)
        yielded = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Yield)}
        for node in ast.walk(tree):
            if id(node) in inner:
                continue
            text = (_template(node) or "").strip()
            reason = id(node) in yielded and " " in text and _worded(text)
            if reason or (len(text) >= _LEAST and " " in text and _said(text)):
                place = f"{path.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}"
                found.setdefault(text, place)
    return found


def _said(text: str) -> bool:
    return _SENTENCE.match(text) is not None and _worded(text) and not _ELSEWHERE.search(text)


def _worded(text: str) -> bool:
    """Whether there are words beside the gaps."""
    return re.search(r"[a-z]{2}", re.sub(r"\{\d\}", "", text)) is not None


def _inner(tree: ast.AST) -> set[int]:
    """Nodes that are parts of a text, docstrings, or parts of what describes and is not said."""
    found: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as value):
                found.add(id(value))
            case ast.JoinedStr(values=values):
                found |= {id(part) for value in values for part in ast.walk(value)}
            case ast.BinOp(op=ast.Add()) if _template(node) is not None:
                found |= {id(part) for part in ast.walk(node) if part is not node}
            case ast.Call(func=ast.Name(id=name)) if name in _DESCRIBING:
                found |= {id(part) for part in ast.walk(node)}
            case ast.Assign(targets=[ast.Name(id="summary")], value=value):
                found.add(id(value))
            case _:
                pass
    return found


def _template(node: ast.AST) -> str | None:
    """A text with its gaps numbered in the order in which they stand; None for no text."""
    parts = _parts(node)
    if parts is None or not any(isinstance(part, str) for part in parts):
        return None
    text, gaps = "", 0
    for part in parts:
        if part is None:
            text, gaps = f"{text}{{{gaps}}}", gaps + 1
        else:
            text += part
    return text


def _parts(node: ast.AST) -> list[str | None] | None:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return [part for value in values for part in _parts(value) or [None]]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            both = (_parts(left), _parts(right))
            if all(side is None for side in both):
                return None
            return [part for side in both for part in ([None] if side is None else side)]
        case _:
            return None
