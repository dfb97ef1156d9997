"""The content of a Converse request's messages, read from clients.

Source: the service model `bedrock-runtime`, shape `ContentBlock` and what it holds.

* A cache point is a block of its own and marks what stands before it.
* A tool's result holds text, JSON, images and documents. JSON is carried as its text.
* A result of a search is carried as a document, and what a guardrail was to look at as
  what it is; what is left of them is told.
* Reasoning comes back as it was given: its text with the signature, or redacted bytes.
  What the gateway wrapped is text within those bytes.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from changeover.conversation.model import (
    CacheMark,
    File,
    Image,
    Loss,
    Part,
    Reasoning,
    Sealed,
    Text,
    ToolCall,
    ToolResult,
)
from changeover.wire.bedrock_converse import fields
from changeover.wire.bedrock_converse.citations import WireCited, WireText, read_citation
from changeover.wire.bedrock_converse.media import media_of_document, media_of_image
from changeover.wire.bedrock_converse.unions import Member, member_of
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import Table, review
from changeover.wire.shapes import shape_from_client

MARK_LOSS = "A cache point marks what stands before it, and nothing does."
_WRAPPED = re.compile(rb"[A-Za-z0-9._-]+")
_Id = Annotated[str, msgspec.Meta(min_length=1)]
_TAKES: dict[str, frozenset[str]] = {
    "user": frozenset(
        {"text", "image", "document", "toolResult", "cachePoint", "searchResult", "guardContent"}
    ),
    "assistant": frozenset(
        {"text", "toolUse", "cachePoint", "reasoningContent", "citationsContent"}
    ),
    "system": frozenset({"text", "cachePoint", "guardContent"}),
    "toolResult": frozenset(fields.RESULT_BLOCK),
}
_TABLES: dict[str, Table] = {"system": fields.SYSTEM_BLOCK, "toolResult": fields.RESULT_BLOCK}


class CachePoint(msgspec.Struct):
    type: Literal["default"]
    ttl: Literal["5m", "1h"] | None = None


class _Bytes(msgspec.Struct):
    bytes: str


class _Image(msgspec.Struct):
    format: str
    source: _Bytes


class _DocumentSource(msgspec.Struct):
    bytes: str | None = None
    text: str | None = None
    content: list[WireText] | None = None


class _Enabled(msgspec.Struct):
    enabled: bool = False


class _Document(msgspec.Struct):
    name: str
    source: _DocumentSource
    format: str | None = None
    context: str | None = None
    citations: _Enabled | None = None


class _SearchResult(msgspec.Struct):
    source: str
    title: str
    content: list[WireText]
    citations: _Enabled | None = None


class _ToolUse(msgspec.Struct):
    toolUseId: _Id  # noqa: N815 (the vendor's name)
    name: _Id
    input: dict[str, Any]


class _ToolResult(msgspec.Struct):
    toolUseId: _Id  # noqa: N815
    content: list[Any]
    status: Literal["success", "error"] | None = None


class _ReasoningText(msgspec.Struct):
    text: str
    signature: str | None = None


class _GuardedText(msgspec.Struct):
    text: str


def words_of_one(block: Any) -> Text | None:
    """What a block says that is a text and nothing else, as most are."""
    if type(block) is dict and len(block) == 1 and type(words := block.get("text")) is str:
        return Text(text=words)
    return None


class ContentReader:
    """Blocks to parts; what is not carried of them is added to `losses`."""

    def __init__(self, losses: list[Loss]) -> None:
        self._losses = losses

    def parts(self, content: Sequence[Any], by: str, place: str) -> tuple[Part, ...]:
        """The parts of a message of the role `by`; `ProtocolError` for what is none."""
        parts: list[Part] = []
        for index, given in enumerate(content):
            if (words := words_of_one(given)) is not None:  # text may stand everywhere
                parts.append(words)
                continue
            at = f"{place}[{index}]"
            member = member_of(given, _TABLES.get(by, fields.BLOCK), at)
            if member.name not in _TAKES[by]:
                raise ProtocolError(
                    f"A {member.name} block is not supported here in the content of {by}.",
                    field=member.place,
                    means="Blocks are carried where they belong.",
                    do="Leave the block out.",
                )
            if member.name == "cachePoint":
                self.mark(parts, member)
            else:
                parts.append(self._KINDS[member.name](self, member))
        return tuple(parts)

    def words(self, content: Sequence[Any], place: str) -> tuple[Text, ...]:
        """The parts of content that takes text alone."""
        parts = self.parts(content, "system", place)
        return tuple(part for part in parts if isinstance(part, Text))

    def mark(self, parts: list[Any], member: Member) -> None:
        """Sets a cache point on the last of `parts`, which may be tools too."""
        self._losses += review(member.fields, fields.CACHE_POINT, member.place)
        point = shape_from_client(member.fields, CachePoint, member.place)
        if not parts or isinstance(parts[-1], Reasoning):
            self._losses.append(Loss(field=member.place, why=MARK_LOSS))
        else:
            parts[-1] = msgspec.structs.replace(parts[-1], cache=CacheMark(ttl=point.ttl))

    def _image(self, member: Member) -> Image:
        self._losses += review(member.fields, fields.IMAGE, member.place)
        image = shape_from_client(member.fields, _Image, member.place)
        media = media_of_image(image.format)
        if media is None or not image.source.bytes:
            raise ProtocolError(
                "An image holds no bytes, or is of a format that none is in.",
                field=f"{member.place}.format" if media is None else f"{member.place}.source",
                do="Give its bytes, and png, jpeg, gif or webp as its format.",
            )
        return Image(media_type=media, data=image.source.bytes)

    def _document(self, member: Member) -> File:
        self._losses += review(member.fields, fields.DOCUMENT, member.place)
        document = shape_from_client(member.fields, _Document, member.place)
        source = document.source
        texts = [piece.text for piece in source.content or ()]
        if len(texts) > 1:
            why = "The pieces of a document are put together."
            self._losses.append(Loss(field=f"{member.place}.source.content", why=why))
        text = "\n".join(texts) if source.text is None else source.text
        media = media_of_document(document.format or ("txt" if not source.bytes else ""))
        if media is None or bool(source.bytes) == bool(text):
            raise ProtocolError(
                "A document holds no bytes and no text, or is of a format that none is in.",
                field=f"{member.place}.{'format' if media is None else 'source'}",
                do="Give its bytes with its format, or its text.",
            )
        return File(
            media_type=media,
            data=source.bytes or "",
            text=text if not source.bytes else "",
            name=document.name,
            context=document.context or "",
            cited=document.citations is not None and document.citations.enabled,
        )

    def _search_result(self, member: Member) -> File:
        self._losses += review(member.fields, fields.SEARCH_RESULT, member.place)
        found = shape_from_client(member.fields, _SearchResult, member.place)
        return File(
            media_type="text/plain",
            text="\n".join(piece.text for piece in found.content),
            name=found.title,
            cited=found.citations is not None and found.citations.enabled,
        )

    def _guarded(self, member: Member) -> Part:
        inner = member_of(member.value, fields.GUARDED, member.place)
        if inner.name == "image":
            why = "That a guardrail is to look at an image is not carried."
            self._losses.append(Loss(field=member.place, why=why))
            return self._image(inner)
        self._losses += review(inner.fields, fields.GUARDED_TEXT, inner.place)
        return Text(text=shape_from_client(inner.fields, _GuardedText, inner.place).text)

    def _tool_use(self, member: Member) -> ToolCall:
        self._losses += review(member.fields, fields.TOOL_USE, member.place)
        call = shape_from_client(member.fields, _ToolUse, member.place)
        written = msgspec.json.encode(call.input).decode()
        return ToolCall(id=call.toolUseId, name=call.name, arguments=written)

    def _tool_result(self, member: Member) -> ToolResult:
        self._losses += review(member.fields, fields.TOOL_RESULT, member.place)
        result = shape_from_client(member.fields, _ToolResult, member.place)
        parts = self.parts(result.content, "toolResult", f"{member.place}.content")
        kept = [part for part in parts if isinstance(part, Text | Image | File)]
        return ToolResult(
            call=result.toolUseId,
            parts=tuple(part for part in kept if not isinstance(part, Text) or part.text),
            is_error=result.status == "error",
        )

    def _reasoning(self, member: Member) -> Reasoning:
        inner = member_of(member.value, fields.REASONING, member.place)
        if inner.name == "redactedContent":
            return Reasoning(sealed=Sealed(form="wrapped", value=read_opaque(inner.text)))
        self._losses += review(inner.fields, fields.REASONING_TEXT, inner.place)
        said = shape_from_client(inner.fields, _ReasoningText, inner.place)
        signed = Sealed(form="wrapped", value=said.signature) if said.signature else None
        return Reasoning(text=said.text, sealed=signed)

    def _cited(self, member: Member) -> Text:
        self._losses += review(member.fields, fields.CITED, member.place)
        cited = shape_from_client(member.fields, WireCited, member.place)
        return Text(
            text="".join(piece.text for piece in cited.content or ()),
            citations=tuple(read_citation(each) for each in cited.citations or ()),
        )

    _KINDS: ClassVar[Mapping[str, Callable[["ContentReader", Member], Part]]] = {
        "text": lambda _, member: Text(text=member.text),
        "json": lambda _, member: _json(member),
        "image": _image,
        "document": _document,
        "searchResult": _search_result,
        "guardContent": _guarded,
        "toolUse": _tool_use,
        "toolResult": _tool_result,
        "reasoningContent": _reasoning,
        "citationsContent": _cited,
    }


def _json(member: Member) -> Text:
    return Text(text=msgspec.json.encode(member.value).decode())


def written_opaque(value: str) -> str:
    """A wrapped value as bytes in base64, as which redacted reasoning is given."""
    return base64.b64encode(value.encode()).decode()


def read_opaque(given: str) -> str:
    """The wrapped value that a client gave back so; what is none stays as it came."""
    try:
        raw = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return given
    return raw.decode() if _WRAPPED.fullmatch(raw) else given
