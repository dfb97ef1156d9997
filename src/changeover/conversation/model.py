"""A request and a reply, canonically.

Every protocol is read into these values and written from them. A part is one
member of the `Part` union; code that handles parts matches exhaustively, so a
new kind of part shows every place that must know it.
"""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

Role = Literal["user", "assistant"]
StopReason = Literal["end", "length", "stop-sequence", "tool-use", "refusal", "filtered"]
ScopeKind = Literal["model", "account", "route"]
SealForm = Literal["signature", "redacted", "encrypted", "thought", "wrapped"]
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


class _Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the conversation's values."""


class CacheMark(_Value, frozen=True, kw_only=True):
    """Up to here the input may be kept in the vendor's prompt cache; None for its own time."""

    ttl: Literal["5m", "1h"] | None = None


class Sealed(_Value, frozen=True, kw_only=True):
    """What a vendor signed or encrypted, to be given back to it byte for byte, or not at all.

    `form` is what it is: the `signature` of reasoning that can be read (Messages, Converse),
    `redacted` reasoning without any words (Messages, Converse), an `encrypted` item
    (Responses; `id` is the item's), or the signature of a `thought` (Gemini). `bound` is how
    far it may travel, `of` which model, account or route that is; the vendor's codec gives the
    first, the gateway the second. A `wrapped` value stands between the gateway and a client,
    which can do nothing with it but send it back. `on` is the part that it belongs to: the
    reasoning that holds it, or else its neighbour in the turn.
    """

    form: SealForm
    value: str
    bound: ScopeKind = "route"
    of: str = ""
    id: str = ""
    on: Literal["self", "next", "previous"] = "self"


class TokenChance(_Value, frozen=True, kw_only=True):
    """A token of an answer's text, the natural logarithm of its probability, and the others.

    `octets` are its bytes in UTF-8 where the vendor tells them; a token may be part of
    a character. `others` are the most likely tokens in its place, itself among them.
    """

    token: str
    logprob: float
    octets: tuple[int, ...] | None = None
    others: "tuple[TokenChance, ...]" = ()


class Citation(_Value, frozen=True, kw_only=True):
    """Where words of an answer come from.

    `start` and `end` are the cited words in their text part, in characters; None for all
    of it. `document` counts the request's files from 0, `unit` says in what `first` to
    `last` (exclusive; characters from 0, pages from 1, blocks from 0) count in it. `quote`
    is what stands there. `sealed` is what the vendor wants back with it.
    """

    title: str = ""
    url: str = ""
    quote: str = ""
    start: int | None = None
    end: int | None = None
    document: int | None = None
    unit: Literal["character", "page", "block"] | None = None
    first: int | None = None
    last: int | None = None
    sealed: Sealed | None = None


class Text(_Value, frozen=True, kw_only=True, tag="text"):
    """Words; `refusal` where a protocol marks them as the model declining to answer.

    `chances` are their tokens, where the request asked for them.
    """

    text: str
    refusal: bool = False
    citations: tuple[Citation, ...] = ()
    chances: tuple[TokenChance, ...] = ()
    cache: CacheMark | None = None

    @property
    def is_plain(self) -> bool:
        """Whether a request says nothing but these words with it, as most texts do."""
        return not (self.refusal or self.citations or self.cache)


class Image(_Value, frozen=True, kw_only=True, tag="image"):
    """A picture: its bytes in base64 (`data`, of a `media_type`), or else where it is (`url`).

    `detail` is how closely to look, in the words of the protocol that asks it.
    """

    media_type: str = ""
    data: str = ""
    url: str = ""
    detail: str | None = None
    cache: CacheMark | None = None


class File(_Value, frozen=True, kw_only=True, tag="file"):
    """A document: its bytes in base64 (`data`), its words (`text`), or else where it is (`url`).

    `media_type` is empty where only an address is known. `context` says what it is;
    `cited` asks that the answer cite it.
    """

    media_type: str = ""
    data: str = ""
    text: str = ""
    url: str = ""
    name: str = ""
    context: str = ""
    cited: bool = False
    cache: CacheMark | None = None


class Reasoning(_Value, frozen=True, kw_only=True, tag="reasoning"):
    """What the model thought before it spoke: the words that are shown, and the sealed whole.

    `summary` says that the words are a summary. Without words it is only what is sealed.
    """

    text: str = ""
    summary: bool = False
    sealed: Sealed | None = None


class ToolCall(_Value, frozen=True, kw_only=True, tag="tool-call"):
    """The model wants a tool of the client's to be called.

    `arguments` are the JSON text as its writer wrote it, `{}` where there are
    none. A model may write text that is no JSON, or be cut off in the middle.
    """

    id: str
    name: str
    arguments: str
    cache: CacheMark | None = None


class ToolResult(_Value, frozen=True, kw_only=True, tag="tool-result"):
    """What the client's tool gave; `call` is the call's id. It stands in a user's turn."""

    call: str
    parts: "tuple[Text | Image | File, ...]"
    is_error: bool = False
    cache: CacheMark | None = None


Part = Text | Image | File | Reasoning | ToolCall | ToolResult
ReplyPart = Text | Reasoning | ToolCall


def words_of(parts: Iterable[Part]) -> str:
    """The words among the parts, those of files and tools' results with them."""
    words: list[str] = []
    for part in parts:
        match part:
            case Text():
                words.append(part.text)
            case File():
                words.append(part.text)
            case ToolResult():
                words.append(words_of(part.parts))
            case Image() | Reasoning() | ToolCall():
                pass
    return "".join(words)


class Turn(_Value, frozen=True, kw_only=True):
    """What one side said."""

    role: Role
    parts: tuple[Part, ...]


def kinds_in(turns: Iterable[Turn]) -> set[type]:
    """The kinds of parts that turns hold: what holds none of a kind needs nothing done for it."""
    return {type(part) for turn in turns for part in turn.parts}


class Sampling(_Value, frozen=True, kw_only=True):
    """How the model chooses words; None leaves it to the vendor.

    `chances` asks for the tokens' probabilities, with so many others in each place.
    """

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    chances: int | None = None


class Thinking(_Value, frozen=True, kw_only=True):
    """How much to reason before the answer, and what of it to show; None leaves it.

    `budget` counts tokens. `show` asks for the words of the reasoning, whole or summed up.
    """

    effort: Effort | None = None
    budget: int | None = None
    show: Literal["none", "auto", "concise", "detailed"] | None = None


class OutputForm(_Value, frozen=True, kw_only=True):
    """The answer is to be JSON: any object, or one that fits `schema` (a JSON schema as given)."""

    schema: dict[str, Any] | None = None
    name: str = ""
    description: str | None = None
    strict: bool | None = None


class Freeform(_Value, frozen=True, kw_only=True):
    """A tool takes words that are no JSON, in a grammar where it names one.

    `description` is the tool's own. Where a protocol has no such tools, the `Tool` is one
    whose only parameter is the words, and its description tells the grammar too.
    """

    description: str | None = None
    syntax: Literal["lark", "regex"] | None = None
    definition: str = ""


class Tool(_Value, frozen=True, kw_only=True):
    """A function of the client's that the model may ask to be called.

    `parameters` is the JSON schema as given, None where there is none.
    `strict` asks that arguments fit the schema without exception.
    `freeform` says that the client knows it as a tool without a schema.
    """

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None
    cache: CacheMark | None = None
    freeform: Freeform | None = None


class ToolChoice(_Value, frozen=True, kw_only=True):
    """Whether the model may, must not or must call a tool; `name` is set where it is `named`."""

    mode: Literal["auto", "none", "required", "named"]
    name: str = ""


class ChatRequest(_Value, frozen=True, kw_only=True):
    """What a client asks of a model. `model` is the name as the client wrote it.

    `prefill` says that the last turn is an assistant's and that the answer is
    to continue it, not to follow it. Without `tools` there is neither a choice
    among them nor `parallel_calls`, which is whether one answer may hold
    several calls; None leaves it to the vendor. `user` and `metadata` are the client's
    names for whom it asks and for its own records. `cache` asks the vendor to keep all of
    the input, `cache_key` names what is alike among requests.
    """

    model: str
    system: tuple[Text, ...]
    turns: tuple[Turn, ...]
    sampling: Sampling = Sampling()
    stream: bool = False
    stream_usage: bool = False
    prefill: bool = False
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_calls: bool | None = None
    thinking: Thinking | None = None
    output: OutputForm | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    user: str | None = None
    metadata: dict[str, str] = {}
    cache: CacheMark | None = None
    cache_key: str | None = None


class Loss(_Value, frozen=True, kw_only=True):
    """Something that was not carried over as it was; `field` as its writer named it."""

    field: str
    why: str


class Usage(_Value, frozen=True, kw_only=True):
    """Tokens counted by the vendor; None where it did not say.

    `input_tokens` are all of the input; `cached_tokens` (read from the
    vendor's cache) and `cache_written_tokens` (written to it) are parts of it.
    `cache_written_hour_tokens` are those of the written ones that are kept for an hour, which
    cost more. `reasoning_tokens` are the part of the output that was not shown.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cache_written_tokens: int | None = None
    cache_written_hour_tokens: int | None = None
    reasoning_tokens: int | None = None


class Reply(_Value, frozen=True, kw_only=True):
    """A whole answer: the fold of its events. `losses` are what of it was not carried."""

    id: str
    model: str
    parts: tuple[ReplyPart, ...]
    stop: StopReason
    stop_sequence: str | None = None
    usage: Usage = Usage()
    losses: tuple[Loss, ...] = ()
