"""Where words of an answer come from: `groundingMetadata` and `citationMetadata`, both ways.

* `groundingSupports` tie a segment of a part to some of the `groundingChunks`: pages of
  the web, passages of the client's own documents, or places. `citationMetadata` names
  what an answer quotes at length; the Gemini API writes `citationSources` for it,
  Vertex AI and the SDK `citations`.
* Positions are bytes of UTF-8 in their part, and may arrive before or after the words.
  The text of a segment decides where positions and words disagree; where neither fits,
  the citation is of the whole text.
* A chunk that no support names is a source of the whole answer.
* A client's citations are written as grounding. A page of a document is told by its
  number; a place in a document of the request's own has no field here.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from changeover.conversation.model import Citation


class _Source(msgspec.Struct, rename="camel"):
    uri: str = ""
    title: str = ""
    text: str = ""
    page_number: int | None = None


class _Chunk(msgspec.Struct, rename="camel"):
    web: _Source | None = None
    retrieved_context: _Source | None = None
    maps: _Source | None = None

    @property
    def source(self) -> _Source:
        return self.web or self.retrieved_context or self.maps or _Source()


class _Segment(msgspec.Struct, rename="camel"):
    part_index: int = 0
    start_index: int = 0
    end_index: int | None = None
    text: str = ""


class _Support(msgspec.Struct, rename="camel"):
    segment: _Segment | None = None
    grounding_chunk_indices: list[int] | None = None


class _Grounding(msgspec.Struct, rename="camel"):
    grounding_chunks: list[_Chunk] | None = None
    grounding_supports: list[_Support] | None = None


class _Quoted(msgspec.Struct, rename="camel"):
    start_index: int = 0
    end_index: int | None = None
    uri: str = ""
    title: str = ""


class _Citations(msgspec.Struct, rename="camel"):
    citations: list[_Quoted] | None = None
    citation_sources: list[_Quoted] | None = None


class Cited(msgspec.Struct, frozen=True):
    """A source, and the segment of a part that it is of; placed when the text is whole."""

    source: _Source
    segment: _Segment | None = None
    part: int = 0


_grounding = msgspec.json.Decoder(_Grounding)
_citations = msgspec.json.Decoder(_Citations)


def grounded(raw: msgspec.Raw) -> list[Cited]:
    """What `groundingMetadata` cites; `msgspec.ValidationError` where its form is not known."""
    read = _grounding.decode(raw)
    sources = [chunk.source for chunk in read.grounding_chunks or ()]
    found: list[Cited] = []
    named: set[int] = set()
    for support in read.grounding_supports or ():
        for index in support.grounding_chunk_indices or ():
            if 0 <= index < len(sources):
                named.add(index)
                part = 0 if support.segment is None else support.segment.part_index
                found.append(Cited(sources[index], support.segment, part))
    found += [Cited(source) for index, source in enumerate(sources) if index not in named]
    return [cited for cited in found if _tells(cited.source)]


def quoted(raw: msgspec.Raw) -> list[Cited]:
    """What `citationMetadata` cites; `msgspec.ValidationError` where its form is not known."""
    read = _citations.decode(raw)
    return [
        Cited(
            _Source(uri=each.uri, title=each.title),
            _Segment(start_index=each.start_index, end_index=each.end_index),
        )
        for each in (*(read.citations or ()), *(read.citation_sources or ()))
    ]


def _tells(source: _Source) -> bool:
    return bool(source.uri or source.title or source.text)


def placed(cited: Cited, words: str, before: int) -> Citation:
    """The citation in the whole text `words`, `before` bytes of which stood in earlier parts."""
    source, span = cited.source, _span(cited.segment, words, before)
    page = source.page_number
    return Citation(
        title=source.title,
        url=source.uri,
        quote=source.text,
        start=None if span is None else span[0],
        end=None if span is None else span[1],
        unit=None if page is None else "page",
        first=page,
        last=None if page is None else page + 1,
    )


def _span(segment: _Segment | None, words: str, before: int) -> tuple[int, int] | None:
    if segment is None or segment.end_index is None:
        return _found(segment, words)
    octets = words.encode(errors="replace")
    first, last = before + segment.start_index, before + segment.end_index
    if not before <= first <= last <= len(octets):
        return _found(segment, words)
    start = len(octets[:first].decode(errors="ignore"))
    end = len(octets[:last].decode(errors="ignore"))
    if segment.text and words[start:end] != segment.text:
        return _found(segment, words)
    return start, end


def _found(segment: _Segment | None, words: str) -> tuple[int, int] | None:
    if segment is None or not segment.text or segment.text not in words:
        return None
    start = words.index(segment.text)
    return start, start + len(segment.text)


class Said(msgspec.Struct, frozen=True):
    """A citation of the text `words`, which stands in a part after `before` bytes of it."""

    citation: Citation
    words: str
    before: int = 0
    part: int = 0


def written_sources(said: Iterable[Said]) -> dict[str, Any]:
    """The `groundingMetadata` for a client."""
    chunks: list[dict[str, Any]] = []
    supports: list[dict[str, Any]] = []
    for each in said:
        chunk = _chunk(each.citation)
        if chunk not in chunks:
            chunks.append(chunk)
        if each.citation.start is not None and each.citation.end is not None:
            index = [chunks.index(chunk)]
            supports.append({"segment": _segment(each), "groundingChunkIndices": index})
    return {"groundingChunks": chunks, **({"groundingSupports": supports} if supports else {})}


def _chunk(citation: Citation) -> dict[str, Any]:
    named = {"uri": citation.url, "title": citation.title}
    told = {name: value for name, value in named.items() if value}
    if citation.url and not citation.quote and citation.unit != "page":
        return {"web": told}
    page = {"pageNumber": citation.first} if citation.unit == "page" else {}
    text = {"text": citation.quote} if citation.quote else {}
    return {"retrievedContext": {**told, **text, **page}}


def _segment(said: Said) -> dict[str, Any]:
    start, end = said.citation.start or 0, said.citation.end or 0
    first = said.before + _octets(said.words[:start])
    last = said.before + _octets(said.words[:end])
    index = {"partIndex": said.part} if said.part else {}
    return {**index, "startIndex": first, "endIndex": last, "text": said.words[start:end]}


def _octets(words: str) -> int:
    return len(words.encode(errors="replace"))
