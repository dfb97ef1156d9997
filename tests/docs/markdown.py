"""The little of Markdown that the checks read: links and headings outside of code."""

import re
from collections import Counter
from urllib.parse import unquote

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)[^`\n](?:.*?[^`\n])?\1(?!`)")
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE = re.compile(r"^\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def links(source: str) -> list[str]:
    """The targets of the document's links, percent-decoded."""
    prose = _CODE.sub("", _FENCE.sub("", source))
    return [unquote(target) for target in (*_LINK.findall(prose), *_REFERENCE.findall(prose))]


def headings(source: str) -> list[str]:
    return _HEADING.findall(_FENCE.sub("", source))


def anchors(source: str) -> set[str]:
    """The anchors of the headings as GitHub writes them; a repeated one is numbered."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in headings(source):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found
