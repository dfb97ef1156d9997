"""What Anthropic's Messages takes and refuses of documents, and how a stand-in cites them.

Written from the vendor's reference ("PDF support", "Citations", "Search results"), the
types of its official SDK and error bodies that callers reported.

* Documents are cited all or none, and never in an answer of a given form.
* A stand-in reads the words of text and of content; of a PDF it checks that it is one.
* It cites a sentence of a document that is cited wherever its answer holds it: the
  sentence, with the white space after it, is a block of its own.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from changeover.standin.asked import RefusalError

KINDS = {"document", "search_result"}
_SOURCES = ("base64", "content", "file", "text", "url")
_SOURCE_FIELDS = {
    "base64": {"type", "media_type", "data"},
    "text": {"type", "media_type", "data"},
    "url": {"type", "url"},
    "content": {"type", "content"},
}
_FIELDS = {
    "document": {"type", "source", "title", "context", "citations", "cache_control"},
    "search_result": {"type", "source", "title", "content", "citations", "cache_control"},
}
_REQUIRED = {"document": ("source",), "search_result": ("content", "source", "title")}
_SENTENCE = re.compile(r"[^\s.!?][^.!?\n]*[.!?]?")


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document's words and name; `parts` are its own blocks, where it has them.

    `number` counts documents and search results apart; `source` is a search result's.
    """

    text: str
    number: int
    title: str | None = None
    parts: tuple[str, ...] = ()
    source: str | None = None


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, "invalid_request_error", message)


def check_block(path: str, block: dict[str, Any], nested: Any) -> None:
    """Refuses a malformed document or search result; `nested` checks content."""
    kind = block["type"]
    at = f"{path}.{kind}"
    for field in _REQUIRED[kind]:
        if field not in block:
            raise _invalid(f"{at}.{field}: Field required")
    for field in block:
        if field not in _FIELDS[kind]:
            raise _invalid(f"{at}.{field}: Extra inputs are not permitted")
    for field in ("title", "context"):
        if not isinstance(block.get(field) or "", str):
            raise _invalid(f"{at}.{field}: Input should be a valid string")
    enabled = (block.get("citations") or {}).get("enabled", False)
    if not isinstance(enabled, bool):
        raise _invalid(f"{at}.citations.enabled: Input should be a valid boolean")
    if kind == "document":
        _check_source(f"{at}.source", block["source"], nested)
    else:
        _check_texts(f"{at}.content", block["content"], nested)


def _check_texts(path: str, content: Any, nested: Any) -> None:
    nested(path, content)
    for at, inner in enumerate(content if isinstance(content, list) else ()):
        if inner["type"] not in {"text", "image"}:
            raise _invalid(f"{path}.{at}.type: Input should be 'text' or 'image'")


def _check_source(path: str, source: Any, nested: Any) -> None:
    if not isinstance(source, dict):
        raise _invalid(f"{path}: Input should be an object")
    kind = source.get("type")
    if kind not in _SOURCES:
        tags = ", ".join(f"'{tag}'" for tag in _SOURCES)
        found = f"Input tag '{kind}' found using 'type' does not match any of the expected tags"
        raise _invalid(f"{path}: {found}: {tags}")
    if kind == "file":
        raise RefusalError(404, "not_found_error", f"File not found: {source.get('file_id')}")
    for field in _SOURCE_FIELDS[kind]:
        if field not in source:
            raise _invalid(f"{path}.{kind}.{field}: Field required")
    if kind == "content":
        _check_texts(f"{path}.content.content", source["content"], nested)
    else:
        _SOURCE_CHECKS[kind](f"{path}.{kind}", source)


def _check_text(path: str, source: dict[str, Any]) -> None:
    if source["media_type"] != "text/plain":
        raise _invalid(f"{path}.media_type: Input should be 'text/plain'")
    if not isinstance(source["data"], str) or not source["data"].strip():
        raise _invalid(f"{path}.data: document text cannot be empty")


def _check_url(path: str, source: dict[str, Any]) -> None:
    if not isinstance(source["url"], str) or not source["url"].startswith("https://"):
        raise _invalid(f"{path}.url: Only HTTPS URLs are supported.")


def _check_pdf(path: str, source: dict[str, Any]) -> None:
    if source["media_type"] != "application/pdf":
        raise _invalid(f"{path}.media_type: Input should be 'application/pdf'")
    try:
        raw = base64.b64decode(source["data"], validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise _invalid(f"{path}.data: invalid base64 data") from error
    if not raw.startswith(b"%PDF-"):
        raise _invalid(f"{path}.data: The PDF specified was not valid.")


_SOURCE_CHECKS = {"base64": _check_pdf, "text": _check_text, "url": _check_url}


def blocks_of(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The documents and search results of a request, those within results of tools too."""
    found: list[dict[str, Any]] = []
    for message in messages:
        for block in message["content"] if isinstance(message["content"], list) else ():
            inner = block.get("content") if block["type"] == "tool_result" else None
            inside = inner if isinstance(inner, list) else [block]
            found += [one for one in inside if one["type"] in KINDS]
    return found


def check_citing(given: dict[str, Any]) -> None:
    """Refuses citations for some documents only, and in an answer of a given form."""
    cited = [_cited(block) for block in blocks_of(given["messages"])]
    if any(cited) and not all(cited):
        raise _invalid("messages: citations must be enabled on all documents or none of them")
    if any(cited) and given.get("output_config", {}).get("format"):
        raise _invalid("output_config.format: citations are not supported with output formats")


def _cited(block: dict[str, Any]) -> bool:
    return bool((block.get("citations") or {}).get("enabled"))


def words_of(block: dict[str, Any]) -> str:
    """The words of a document or a search result."""
    parts = _parts(block)
    if parts:
        return "\n\n".join(parts)
    source = block.get("source")
    return source["data"] if isinstance(source, dict) and source["type"] == "text" else ""


def _parts(block: dict[str, Any]) -> tuple[str, ...]:
    if block["type"] == "search_result":
        return tuple(inner["text"] for inner in block["content"] if inner["type"] == "text")
    source = block["source"]
    if source["type"] != "content":
        return ()
    content = source["content"]
    if isinstance(content, str):
        return (content,)
    return tuple(inner.get("text", "") for inner in content)


def to_cite(given: dict[str, Any]) -> tuple[Document, ...]:
    """The documents that the answer is to cite."""
    numbers = {"document": 0, "search_result": 0}
    found: list[Document] = []
    for block in blocks_of(given["messages"]):
        number = numbers[block["type"]]
        numbers[block["type"]] += 1
        if _cited(block):
            source = block["source"] if block["type"] == "search_result" else None
            found.append(
                Document(
                    text=words_of(block),
                    number=number,
                    title=block.get("title"),
                    parts=_parts(block),
                    source=source,
                )
            )
    return tuple(found)


def cited_blocks(answer: str, documents: Sequence[Document]) -> list[dict[str, Any]]:
    """The answer as blocks of text, those of cited sentences with their citations."""
    spans: list[tuple[int, int, dict[str, Any]]] = []
    for document in documents:
        for sentence, citation in _citable(document):
            begin = answer.find(sentence)
            if begin >= 0 and all(begin >= e or begin + len(sentence) <= b for b, e, _ in spans):
                spans.append((begin, begin + len(sentence), citation))
    blocks: list[dict[str, Any]] = []
    at = 0
    for begin, last, citation in sorted(spans, key=lambda span: span[0]):
        end = last + len(answer[last:]) - len(answer[last:].lstrip())
        if begin > at:
            blocks.append({"type": "text", "text": answer[at:begin]})
        blocks.append({"type": "text", "text": answer[begin:end], "citations": [citation]})
        at = end
    if at < len(answer):
        blocks.append({"type": "text", "text": answer[at:]})
    return blocks


def _citable(document: Document) -> list[tuple[str, dict[str, Any]]]:
    """Each sentence of a document, and its citation."""
    if not document.parts:
        return [
            (found[0], _by_character(document, found))
            for found in _SENTENCE.finditer(document.text)
        ]
    return [
        (found[0], _by_block(document, at, part))
        for at, part in enumerate(document.parts)
        for found in _SENTENCE.finditer(part)
    ]


def _by_character(document: Document, found: re.Match[str]) -> dict[str, Any]:
    return {
        "type": "char_location",
        "cited_text": found[0],
        "document_index": document.number,
        "document_title": document.title,
        "start_char_index": found.start(),
        "end_char_index": found.end(),
    }


def _by_block(document: Document, at: int, part: str) -> dict[str, Any]:
    bounds = {"start_block_index": at, "end_block_index": at + 1}
    if document.source is not None:
        return {
            "type": "search_result_location",
            "cited_text": part,
            "search_result_index": document.number,
            "source": document.source,
            "title": document.title,
            **bounds,
        }
    return {
        "type": "content_block_location",
        "cited_text": part,
        "document_index": document.number,
        "document_title": document.title,
        **bounds,
    }
