"""A transcript as Markdown.

An answer stands as the model wrote it, but keeps to itself: a fence that it leaves open
is closed, and where a block of HTML would begin, which might swallow all that follows or
be run by whatever shows the file, its `<` is written as a character.
"""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from changeover.chat.exports.transcript import Passage, Transcript

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>#|~])")


def markdown(transcript: Transcript) -> bytes:
    """The bytes of the file."""
    blocks = [f"# {escaped(transcript.title)}", _quoted(transcript.about)]
    for passage in transcript.passages:
        blocks += _passage(passage)
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def escaped(text: str) -> str:
    """A line in which nothing is markup."""
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(text.split()))


def contained(text: str) -> str:
    """Markdown that cannot reach beyond its own end."""
    tokens = MarkdownIt("commonmark").parse(text)
    lines = text.split("\n")
    for token in tokens:
        if token.type == "html_block" and token.map is not None:
            for line in range(token.map[0], min(token.map[1], len(lines))):
                lines[line] = lines[line].replace("<", "\\<")
    open_fence = _left_open(tokens, lines)
    return "\n".join([*lines, open_fence] if open_fence else lines).rstrip()


def _passage(passage: Passage) -> Iterator[str]:
    yield "---"
    if passage.seam:
        yield _quoted((f"**{escaped(passage.seam[0])}**", *map(escaped, passage.seam[1:])))
    yield f"## {escaped(passage.speaker)}, {escaped(passage.when)}"
    if passage.text:
        yield contained(passage.text if passage.role == "assistant" else _broken(passage.text))
    if passage.marks:
        yield _quoted(f"**{escaped(mark)}**" for mark in passage.marks)
    if passage.facts:
        yield f"*{escaped('; '.join(passage.facts))}*"


def _quoted(lines: Iterable[str]) -> str:
    return "\n>\n".join(f"> {line}" for line in lines)


def _broken(text: str) -> str:
    """A person's words with their line breaks, which Markdown would join."""
    if "```" in text or "~~~" in text:
        return text
    return re.sub(r"(\S)\n(?=\S)", r"\1\\\n", text)


def _left_open(tokens: list[Token], lines: list[str]) -> str:
    """The fence that ends the last block, where the text left it open."""
    last = tokens[-1] if tokens else None
    if last is None or last.type != "fence" or last.map is None:
        return ""
    first, end = last.map
    closing = lines[end - 1].strip() if 0 < end <= len(lines) else ""
    closed = end - 1 > first and closing.startswith(last.markup) and not closing.strip(closing[0])
    return "" if closed else last.markup
