"""Parts written as Converse's content blocks.

Source: the service model `bedrock-runtime`, shapes `Message` and `ContentBlock`, and what
Bedrock refuses (`ValidationException`) in the reports of its users.

* A result of a tool must stand in the message after its call, and is written first. Its
  content may be empty, unless it is an error.
* Images and documents are bytes, in a user's message or in a result. One that is
  elsewhere, or only has an address, is told as lost; the address is written as words.
* A message with a document must hold words too.
* Text that is blank is refused; it is left out.
* Reasoning goes back with the signature of the model that made it, or as the bytes that
  it was redacted to; any other is left out, and told. So is a mark for the vendor's cache
  that the model does not take.
* Citations go back only if they are of documents; those of the web are other vendors'.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any, assert_never

from changeover.conversation.model import (
    CacheMark,
    File,
    Image,
    Loss,
    Part,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
)
from changeover.wire.arguments import as_object
from changeover.wire.bedrock_converse.citations import cited_block
from changeover.wire.bedrock_converse.families import Known
from changeover.wire.bedrock_converse.media import DocumentNames, document_format, image_format
from changeover.wire.call_ids import CallIds

Block = dict[str, Any]

FITTING_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
"""What Claude takes as a call's id; Converse itself takes dots and colons too."""

REFUSAL_LOSS = Loss(
    field="refusal", why="Converse does not mark a refusal; its words are sent as text."
)
ARGUMENTS_LOSS = Loss(
    field="arguments", why="A call's arguments are no JSON object; they are sent within one."
)
DETAIL_LOSS = Loss(field="detail", why="Converse does not say how closely to look at an image.")
PLACE_LOSS = Loss(
    field="messages", why="Converse takes no part of this kind from this side; it is left out."
)
REASONING_LOSS = Loss(
    field="reasoning", why="Converse takes reasoning back only with the same model's signature."
)
END_LOSS = Loss(field="reasoning", why="Converse takes no turn that ends with reasoning.")
ADDRESS_LOSS = Loss(
    field="url", why="Converse takes bytes alone; what is at an address is named in words."
)
FORMAT_LOSS = Loss(field="media_type", why="Converse takes no file of this kind; it is left out.")
ERROR_LOSS = Loss(field="content", why="Converse takes no error without words; one is put in.")
WORDS_LOSS = Loss(
    field="content", why="Converse wants words beside a document; its name is put in."
)
MARK_LOSS = Loss(field="cache_control", why="This model takes no mark for the cache here.")
CITATIONS_LOSS = Loss(
    field="citations", why="Converse takes back only citations of a request's own documents."
)
_ERROR = "The tool failed."
_ALIEN: dict[Role, tuple[type, ...]] = {
    "user": (ToolCall, Reasoning),
    "assistant": (Image, File, ToolResult),
}
"""What stands on the side that does not say such things."""


class BlockWriter:
    """Parts to blocks, for one request. `losses` are what of them Converse cannot say."""

    def __init__(self, model: Known) -> None:
        self.losses: dict[Loss, None] = {}
        self._model = model

    @cached_property
    def _ids(self) -> CallIds:
        return CallIds(FITTING_ID)

    @cached_property
    def _names(self) -> DocumentNames:
        return DocumentNames()

    def message(self, parts: Sequence[Part], role: Role) -> list[Block]:
        """The content of one message; empty where nothing is left to say."""
        if len(parts) == 1 and isinstance(only := parts[0], Text) and only.is_plain:
            return self._text(only)
        ordered = parts
        if len(parts) > 1:
            ordered = sorted(parts, key=lambda part: not isinstance(part, ToolResult))
        blocks: list[Block] = []
        for part in ordered:
            if isinstance(part, _ALIEN[role]):
                self._lose(PLACE_LOSS)
            else:
                blocks += self._marked(self._block(part), _cache(part))
        while role == "assistant" and blocks and "reasoningContent" in blocks[-1]:
            self._lose(END_LOSS)
            blocks.pop()
        document = next((block for block in blocks if "document" in block), None)
        if document is not None and not any("text" in block for block in blocks):
            self._lose(WORDS_LOSS)
            blocks.append({"text": str(document["document"]["name"])})
        return blocks

    def system(self, parts: Sequence[Text]) -> list[Block]:
        blocks: list[Block] = []
        for part in parts:
            words = [{"text": part.text}] if part.text.strip() else []
            blocks += self._marked(words, part.cache)
        return blocks

    def mark(self, cache: CacheMark) -> list[Block]:
        """A cache point, or none where the model takes none."""
        if not self._model.caches:
            self._lose(MARK_LOSS)
            return []
        point = {"type": "default"}
        if cache.ttl is not None and self._model.family == "claude":
            point["ttl"] = cache.ttl
        elif cache.ttl is not None:
            self._lose(MARK_LOSS)
        return [{"cachePoint": point}]

    def _marked(self, blocks: list[Block], cache: CacheMark | None) -> list[Block]:
        if cache is None:
            return blocks
        if not blocks:
            self._lose(MARK_LOSS)
            return blocks
        return [*blocks, *self.mark(cache)]

    def _block(self, part: Part) -> list[Block]:
        match part:
            case Text():
                return self._text(part)
            case Image():
                return self._image(part)
            case File():
                return self._file(part)
            case Reasoning():
                return self._reasoning(part)
            case ToolCall():
                given, whole = as_object(part.arguments)
                if not whole:
                    self._lose(ARGUMENTS_LOSS)
                named = self._ids.of_call(part.id)
                return [{"toolUse": {"toolUseId": named, "name": part.name, "input": given}}]
            case ToolResult():
                return [self._result(part)]
            case _:
                assert_never(part)

    def _text(self, text: Text) -> list[Block]:
        if text.refusal:
            self._lose(REFUSAL_LOSS)
        if not text.text.strip():
            return []
        if not text.citations:
            return [{"text": text.text}]
        cited = [one for one in text.citations if one.document is not None and one.unit]
        if len(cited) < len(text.citations):
            self._lose(CITATIONS_LOSS)
        return [cited_block(text.text, cited) if cited else {"text": text.text}]

    def _image(self, image: Image) -> list[Block]:
        if image.detail is not None:
            self._lose(DETAIL_LOSS)
        if image.url:
            self._lose(ADDRESS_LOSS)
            return [{"text": f"An image at {image.url}"}]
        format_ = image_format(image.media_type)
        if format_ is None:
            self._lose(FORMAT_LOSS)
            return []
        return [{"image": {"format": format_, "source": {"bytes": image.data}}}]

    def _file(self, file: File) -> list[Block]:
        if not file.data and not file.text:
            self._lose(ADDRESS_LOSS)
            return [{"text": f"A document at {file.url}"}] if file.url else []
        format_ = document_format(file.media_type)
        if format_ is None and not file.data:
            format_ = "txt"
        if format_ is None:
            self._lose(FORMAT_LOSS)
            return []
        document: Block = {
            "format": format_,
            "name": self._names.fitted(file.name, format_),
            "source": {"bytes": file.data} if file.data else {"text": file.text},
        }
        if file.context:
            document["context"] = file.context
        if file.cited:
            document["citations"] = {"enabled": True}
        return [{"document": document}]

    def _reasoning(self, reasoning: Reasoning) -> list[Block]:
        sealed = reasoning.sealed
        if sealed is not None and sealed.form == "signature":
            said = {"text": reasoning.text, "signature": sealed.value}
            return [{"reasoningContent": {"reasoningText": said}}]
        if sealed is not None and sealed.form == "redacted":
            return [{"reasoningContent": {"redactedContent": sealed.value}}]
        self._lose(REASONING_LOSS)
        return []

    def _result(self, result: ToolResult) -> Block:
        content = [block for part in result.parts for block in self._block(part)]
        if result.is_error and not content:
            self._lose(ERROR_LOSS)
            content = [{"text": _ERROR}]
        written: Block = {
            "toolUseId": self._ids.of_result(result.call),
            "content": content,
            "status": "error" if result.is_error else "success",
        }
        return {"toolResult": written}

    def _lose(self, loss: Loss) -> None:
        self.losses[loss] = None


def _cache(part: Part) -> CacheMark | None:
    """The mark on a part; one within a tool's result stands behind all of it here."""
    if isinstance(part, ToolResult) and part.cache is None:
        return next((inner.cache for inner in part.parts if inner.cache), None)
    return None if isinstance(part, Reasoning) else part.cache


def trimmed(blocks: list[Block]) -> list[Block]:
    """The blocks without white space at the end of the last one's words."""
    match blocks:
        case [*before, {"text": str(text)}]:
            return [*before, {"text": text.rstrip()}]
        case _:
            return blocks
