"""Citations of an answer's text, in answers and where an earlier answer comes back.

Source: Anthropic's reference, "Citations", and the types of its SDK (`TextCitation`). A
block's citations are of all of its words; ends are exclusive.

| written | canonically |
| --- | --- |
| `char_location`, `page_location`, `content_block_location` | a file's number and the unit |
| `search_result_location` | the search result's number, in blocks, and its source as address |
| `web_search_result_location` | an address; `encrypted_index` is what the vendor sealed |

* A citation of another vendor's that names an address and no file is told to clients as
  the last. One that names neither cannot be told.
* Back to the vendor go those of files that it is given, under their numbers there, and
  those that it sealed itself; the others are left out and reported.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from changeover.conversation.model import Citation, Loss, Sealed

RETURN_LOSS = Loss(
    field="citations", why="Messages takes back only citations of files that are sent with them."
)
UNKNOWN_LOSS = Loss(field="citations", why="A citation of a kind that is not known is not carried.")
_BOUNDS = {
    "character": ("char_location", "start_char_index", "end_char_index"),
    "page": ("page_location", "start_page_number", "end_page_number"),
    "block": ("content_block_location", "start_block_index", "end_block_index"),
}


class WireCitation(msgspec.Struct):
    """A citation of any kind; what its kind does not have stays empty."""

    type: str
    cited_text: str = ""
    document_index: int | None = None
    document_title: str | None = None
    title: str | None = None
    source: str = ""
    url: str = ""
    encrypted_index: str = ""
    search_result_index: int | None = None
    start_char_index: int | None = None
    end_char_index: int | None = None
    start_page_number: int | None = None
    end_page_number: int | None = None
    start_block_index: int | None = None
    end_block_index: int | None = None


def citation(given: WireCitation, *, wrapped: bool = False) -> Citation | None:
    """What a citation says; None for one of a kind that is not known.

    `wrapped` says that a client gives it back.
    """
    match given.type:
        case "char_location" | "page_location" | "content_block_location":
            return _of_file(given)
        case "search_result_location":
            return Citation(
                title=given.title or "",
                url=given.source,
                quote=given.cited_text,
                document=given.search_result_index,
                unit="block",
                first=given.start_block_index,
                last=given.end_block_index,
            )
        case "web_search_result_location":
            return Citation(
                title=given.title or "",
                url=given.url,
                quote=given.cited_text,
                sealed=_sealed(given.encrypted_index, wrapped=wrapped),
            )
        case _:
            return None


def _of_file(given: WireCitation) -> Citation:
    title, quote, number = given.document_title or "", given.cited_text, given.document_index
    cited = Citation(title=title, quote=quote, document=number)
    match given.type:
        case "char_location":
            first, last = given.start_char_index, given.end_char_index
            return msgspec.structs.replace(cited, unit="character", first=first, last=last)
        case "page_location":
            first, last = given.start_page_number, given.end_page_number
            return msgspec.structs.replace(cited, unit="page", first=first, last=last)
        case _:
            first, last = given.start_block_index, given.end_block_index
            return msgspec.structs.replace(cited, unit="block", first=first, last=last)


def _sealed(index: str, *, wrapped: bool) -> Sealed | None:
    if not index:
        return None
    return Sealed(form="wrapped" if wrapped else "encrypted", value=index, bound="account")


def citation_for_client(cited: Citation) -> dict[str, Any] | None:
    """The citation as a client reads it; None where this protocol cannot say it."""
    if cited.document is not None and cited.unit is not None:
        return _located(cited, cited.document)
    if not cited.url:
        return None
    sealed = cited.sealed
    index = sealed.value if sealed is not None and sealed.form == "wrapped" else ""
    return _found(cited, index)


def citation_for_vendor(cited: Citation, numbers: Mapping[int, int]) -> dict[str, Any] | None:
    """The citation as the vendor takes it back; None where it does not.

    `numbers` are the vendor's of the files that it is given.
    """
    number = None if cited.document is None else numbers.get(cited.document)
    if number is not None and cited.unit is not None and not cited.url:
        return _located(cited, number)
    if cited.url and cited.sealed is not None and cited.sealed.form == "encrypted":
        return _found(cited, cited.sealed.value)
    return None


def _located(cited: Citation, number: int) -> dict[str, Any]:
    kind, begin, end = _BOUNDS[cited.unit or "character"]
    bounds = {begin: cited.first or 0, end: cited.last or 0}
    if cited.unit == "block" and cited.url:
        return {
            "type": "search_result_location",
            "cited_text": cited.quote,
            "search_result_index": number,
            "source": cited.url,
            "title": cited.title or None,
            **bounds,
        }
    return {
        "type": kind,
        "cited_text": cited.quote,
        "document_index": number,
        "document_title": cited.title or None,
        **bounds,
    }


def _found(cited: Citation, index: str) -> dict[str, Any]:
    return {
        "type": "web_search_result_location",
        "cited_text": cited.quote,
        "url": cited.url,
        "title": cited.title or None,
        "encrypted_index": index,
    }
