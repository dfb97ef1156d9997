"""Citations, as Converse writes them and canonically.

Source: the service model `bedrock-runtime`, shapes `CitationsContentBlock`, `Citation`,
`CitationsDelta` and `CitationLocation`. A citation belongs to a whole block of text. Its
location is in a document of the request (characters, pages or chunks), in a result of a
search, or on the web. `source` names what a search found, mostly by its address.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from changeover.conversation.model import Citation

_Unit = Literal["character", "page", "block"]
_UNITS: dict[str, _Unit] = {
    "documentChar": "character",
    "documentPage": "page",
    "documentChunk": "block",
}
_MEMBERS = {unit: member for member, unit in _UNITS.items()}


class WireText(msgspec.Struct):
    text: str = ""


class _Web(msgspec.Struct):
    url: str = ""


class _Span(msgspec.Struct):
    documentIndex: int | None = None  # noqa: N815 (the vendor's name)
    start: int | None = None
    end: int | None = None


class _Location(msgspec.Struct):
    web: _Web | None = None
    documentChar: _Span | None = None  # noqa: N815
    documentPage: _Span | None = None  # noqa: N815
    documentChunk: _Span | None = None  # noqa: N815


class WireCitation(msgspec.Struct):
    """A citation as it is written, in an answer or in a history."""

    title: str | None = None
    source: str | None = None
    sourceContent: list[WireText] | None = None  # noqa: N815
    location: _Location | None = None


class WireCited(msgspec.Struct):
    """A block of text with what it cites."""

    content: list[WireText] | None = None
    citations: list[WireCitation] | None = None


def read_citation(given: WireCitation) -> Citation:
    location = given.location or _Location()
    unit, span = _span(location)
    return Citation(
        title=given.title or "",
        url=(location.web.url if location.web else "") or given.source or "",
        quote="".join(piece.text for piece in given.sourceContent or ()),
        document=span.documentIndex,
        unit=unit,
        first=span.start,
        last=span.end,
    )


def _span(location: _Location) -> tuple[_Unit | None, _Span]:
    for member, unit in _UNITS.items():
        if span := getattr(location, member):
            return unit, span
    return None, _Span()


def written_citation(citation: Citation) -> dict[str, Any]:
    """The citation as a block or a stream holds it."""
    written: dict[str, Any] = {}
    if citation.title:
        written["title"] = citation.title
    if citation.quote:
        written["sourceContent"] = [{"text": citation.quote}]
    if location := _written_location(citation):
        written["location"] = location
    if citation.url and "web" not in location:
        written["source"] = citation.url
    return written


def _written_location(citation: Citation) -> dict[str, Any]:
    if citation.unit is not None:
        span = {
            "documentIndex": citation.document,
            "start": citation.first,
            "end": citation.last,
        }
        known = {name: number for name, number in span.items() if number is not None}
        return {_MEMBERS[citation.unit]: known}
    return {"web": {"url": citation.url}} if citation.url else {}


def cited_block(text: str, citations: Sequence[Citation]) -> dict[str, Any]:
    """A block of text with its citations."""
    cited = {
        "content": [{"text": text}],
        "citations": [written_citation(citation) for citation in citations],
    }
    return {"citationsContent": cited}
