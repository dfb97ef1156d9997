"""Annotations of an answer: where its words come from.

The published kind is `url_citation`: an address, its title, and the place in the content that
it stands for, in characters (`start_index` to `end_index`). Other kinds have no place in the
schema. A citation of a document that has no address cannot be written, and is left out.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from changeover.conversation.model import Citation, Loss

UNKNOWN = Loss(field="annotations", why="An annotation of this kind is not carried.")


class _URLCitation(msgspec.Struct):
    url: str
    title: str = ""
    start_index: int | None = None
    end_index: int | None = None


class _Annotation(msgspec.Struct):
    type: Literal["url_citation"]
    url_citation: _URLCitation


def read_citation(given: Any, begin: int = 0) -> Citation | None:
    """The citation that an annotation is, of a text that begins at `begin` of the content."""
    try:
        found = msgspec.convert(given, _Annotation).url_citation
    except msgspec.ValidationError:
        return None
    start, end = found.start_index, found.end_index
    if start is None or end is None or not begin <= start <= end:
        start = end = None
    return Citation(
        url=found.url,
        title=found.title,
        start=None if start is None else start - begin,
        end=None if end is None else end - begin,
    )


def read_citations(given: Sequence[Any], place: str, losses: list[Loss]) -> list[Citation]:
    """The citations among a client's annotations; the others are reported."""
    found: list[Citation] = []
    for index, annotation in enumerate(given):
        if citation := read_citation(annotation):
            found.append(citation)
        else:
            losses.append(Loss(field=f"{place}.annotations[{index}]", why=UNKNOWN.why))
    return found


def annotations(cited: Iterable[Citation], begin: int, length: int) -> list[dict[str, Any]]:
    """Citations of a text of `length` characters that begins at `begin` of the content."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "url": citation.url,
                "title": citation.title,
                "start_index": begin + (citation.start or 0),
                "end_index": begin + (length if citation.end is None else citation.end),
            },
        }
        for citation in cited
        if citation.url
    ]
