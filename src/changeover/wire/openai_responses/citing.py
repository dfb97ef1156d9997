"""Where words of an answer come from: `annotations` of a text.

Source: `ResponseOutputText.Annotation` of OpenAI's SDK. A page of the web is cited for a
stretch of the text. A file is cited at a place in it, by an id that only its vendor knows;
its name is carried, the id is not, which is reported. Other kinds name what a vendor's own
tools made. What stands at the cited place, and where in a document that is, cannot be said
here.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from changeover.conversation.model import Citation, Loss

ID_LOSS = Loss(field="annotations.file_id", why="A vendor's id for a cited file is not carried.")
KIND_LOSS = Loss(field="annotations", why="A citation of what a vendor's own tool made is lost.")


class WireAnnotation(msgspec.Struct):
    """A citation in a vendor's answer."""

    type: str = ""
    url: str = ""
    title: str = ""
    filename: str = ""
    start_index: int | None = None
    end_index: int | None = None
    index: int | None = None


def read_citation(given: WireAnnotation) -> tuple[Citation | None, Loss | None]:
    """The citation, if it can be carried, and what of it is lost."""
    match given.type:
        case "url_citation":
            cited = Citation(
                url=given.url, title=given.title, start=given.start_index, end=given.end_index
            )
            return cited, None
        case "file_citation":
            place = given.index
            return Citation(title=given.filename, start=place, end=place), ID_LOSS
        case "container_file_citation":
            cited = Citation(title=given.filename, start=given.start_index, end=given.end_index)
            return cited, ID_LOSS
        case _:
            return None, KIND_LOSS


def write_citations(citations: Sequence[Citation], text: str) -> list[dict[str, Any]]:
    """The annotations of a whole text."""
    return [_written(citation, len(text)) for citation in citations]


def _written(citation: Citation, length: int) -> dict[str, Any]:
    end = length if citation.end is None else citation.end
    if not citation.url:
        named = citation.title or f"document {(citation.document or 0) + 1}"
        return {"type": "file_citation", "file_id": "", "filename": named, "index": end}
    return {
        "type": "url_citation",
        "url": citation.url,
        "title": citation.title,
        "start_index": citation.start or 0,
        "end_index": end,
    }
