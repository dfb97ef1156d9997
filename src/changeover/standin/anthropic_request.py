"""What Anthropic's Messages takes and refuses.

Written from the vendor's reference (platform.claude.com/docs: messages, errors,
versioning), from the types of its official SDK and from error bodies that callers
reported; types and wording are the vendor's.

From API version 2026-10-21 on, `temperature`, `top_p` and `top_k` are unknown
fields, whatever their values, and a person's text carries no citations; earlier
versions take them. `null` counts as absent only for the few fields where the
vendor takes it so.

The order of checks: JSON, each known field in the vendor's order, unknown fields,
whether the model takes the feature, then the conversation as a whole: tools, documents,
cache marks, turns, reasoning.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from changeover.standin import anthropic_caching as caching
from changeover.standin import anthropic_documents as documents
from changeover.standin import anthropic_form as form
from changeover.standin import anthropic_reasoning as reasoning
from changeover.standin import anthropic_thinking as thinking
from changeover.standin import anthropic_tools as tools
from changeover.standin.anthropic_models import takes_of
from changeover.standin.asked import Asked, RefusalError, Said, is_integer, is_number

_INVALID = "invalid_request_error"
LATEST_VERSION = "2026-10-21"
_GONE = ("temperature", "top_k", "top_p")
_BLOCKS = (
    "document", "image", "redacted_thinking", "search_result", "server_tool_use", "text",
    "thinking", "tool_result", "tool_use", "web_search_tool_result",
)  # fmt: skip
_TAKEN = {"text", "image", "tool_use", "tool_result", *reasoning.KINDS, *documents.KINDS}
_TEXT_FIELDS = {"type", "text", "cache_control", "citations"}
_NULL_IS_ABSENT = {"metadata", "inference_geo", "stop_sequences", "cache_control", "container"}
_EXCLUSIVE_SAMPLING = re.compile(r"claude-(?:opus-4-[15]|sonnet-4-5|haiku-4-5)")
_LIMITS = {"claude-sonnet-4-5": 64_000, "claude-haiku-4-5": 64_000, "claude-opus-4-1": 32_000}

Check = Callable[[str, Any], None]


class MessagesAsked(Asked, frozen=True, kw_only=True):
    """A request that passed, with what only this protocol's answers hold.

    `cited` are the documents to cite, `form` is the schema that the answer is to fit, `last`
    the person's last words.
    """

    reasons: thinking.Reasons = thinking.Reasons()
    cited: tuple[documents.Document, ...] = ()
    written: caching.Written = caching.Written()
    form: dict[str, Any] | None = None
    last: str = ""


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, _INVALID, message)


def _of_type(expected: str, kind: type) -> Check:
    def check(name: str, value: Any) -> None:
        if not isinstance(value, kind):
            raise _invalid(f"{name}: Input should be {expected}")

    return check


def _share(name: str, value: Any) -> None:
    if not is_number(value):
        raise _invalid(f"{name}: Input should be a valid number")
    if not 0 <= value <= 1:
        raise _invalid(f"{name}: range: 0..1")


def _from(low: int) -> Check:
    def check(name: str, value: Any) -> None:
        if not is_integer(value):
            raise _invalid(f"{name}: Input should be a valid integer")
        if value < low:
            raise _invalid(f"{name}: must be greater than or equal to {low}")

    return check


def _one_of(*values: str) -> Check:
    listed = " or ".join(f"'{value}'" for value in values)

    def check(name: str, value: Any) -> None:
        if value not in values:
            raise _invalid(f"{name}: Input should be {listed}")

    return check


_text = _of_type("a valid string", str)
_list = _of_type("a valid array", list)
_object = _of_type("an object", dict)
_flag = _of_type("a valid boolean", bool)


def _anything(_name: str, _value: Any) -> None:
    """Refused later, whatever it is."""


def _name(name: str, value: Any) -> None:
    _text(name, value)
    if not value:
        raise _invalid(f"{name}: String should have at least 1 character")


def _blocks(name: str, value: Any) -> None:
    """A string or a list of blocks; a list's blocks are checked one by one."""
    if isinstance(value, str):
        return
    _list(name, value)
    for position, block in enumerate(value):
        _block(f"{name}.{position}", block)


def _block(path: str, block: Any) -> None:
    _object(path, block)
    if "type" not in block:
        raise _invalid(f"{path}.type: Field required")
    kind = block["type"]
    if kind not in _BLOCKS:
        tags = ", ".join(f"'{tag}'" for tag in _BLOCKS)
        found = f"Input tag '{kind}' found using 'type' does not match any of the expected tags"
        raise _invalid(f"{path}: {found}: {tags}")
    if kind in documents.KINDS:
        documents.check_block(path, block, _blocks)
    elif kind in reasoning.KINDS:
        reasoning.check_block(path, block)
    elif kind == "text":
        _check_words(path, block)
    else:
        tools.check_block(path, block, _blocks)


def _check_words(path: str, block: dict[str, Any]) -> None:
    if "text" not in block:
        raise _invalid(f"{path}.text.text: Field required")
    _text(f"{path}.text.text", block["text"])
    for field in block:
        if field not in _TEXT_FIELDS:
            raise _invalid(f"{path}.text.{field}: Extra inputs are not permitted")


def _system(name: str, value: Any) -> None:
    for position, block in enumerate(value if isinstance(value, list) else ()):
        if isinstance(block, dict) and block.get("type", "text") != "text":
            raise _invalid(f"{name}.{position}.type: Input should be 'text'")
    _blocks(name, value)


def _messages(name: str, value: Any) -> None:
    _list(name, value)
    if not value:
        raise _invalid(f"{name}: at least one message is required")
    for position, message in enumerate(value):
        path = f"{name}.{position}"
        _object(path, message)
        for field in ("role", "content"):
            if field not in message:
                raise _invalid(f"{path}.{field}: Field required")
        if message["role"] == "system":
            raise _invalid(
                f'{name}: Unexpected role "system". The Messages API accepts a top-level `system` '
                'parameter, not "system" as an input message role.'
            )
        _one_of("user", "assistant")(f"{path}.role", message["role"])
        _blocks(f"{path}.content", message["content"])
        for field in message:
            if field not in {"role", "content"}:
                raise _invalid(f"{path}.{field}: Extra inputs are not permitted")


def _metadata(name: str, value: Any) -> None:
    _object(name, value)
    for field, item in value.items():
        if field != "user_id":
            raise _invalid(f"{name}.{field}: Extra inputs are not permitted")
        if item is not None:
            _text(f"{name}.{field}", item)
            if len(item) > 256:
                raise _invalid(f"{name}.{field}: String should have at most 256 characters")


def _stop_sequences(name: str, value: Any) -> None:
    _list(name, value)
    for position, item in enumerate(value):
        _text(f"{name}.{position}", item)
        if not item.strip():
            raise _invalid(f"{name}: each stop sequence must contain non-whitespace")


FIELDS: dict[str, Check] = {
    "model": _name,
    "tool_choice": tools.check_choice,
    "tools": tools.check_tools,
    "messages": _messages,
    "system": _system,
    "thinking": thinking.check_thinking,
    "output_config": form.check_output,
    "cache_control": caching.check_mark,
    "max_tokens": _from(1),
    "metadata": _metadata,
    "stop_sequences": _stop_sequences,
    "temperature": _share,
    "service_tier": _one_of("auto", "standard_only"),
    "top_k": _from(0),
    "top_p": _share,
    "stream": _flag,
    "container": _anything,
    "inference_geo": _text,
}
"""The fields that the vendor knows, in the order in which it reports them."""

_REQUIRED = {"model", "messages", "max_tokens"}


def read_request(payload: bytes, version: str) -> Asked:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    try:
        body = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _invalid(f"The request body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise _invalid("Input should be an object")
    given = {
        name: value
        for name, value in body.items()
        if value is not None or name not in _NULL_IS_ABSENT
    }
    latest = version == LATEST_VERSION
    _check_fields(given, _GONE if latest else ())
    if latest:
        _check_citations(given["messages"])
    _check_features(given)
    tools.check_conversation(given)
    documents.check_citing(given)
    caching.check_marks(given)
    _check_turns(given["messages"])
    _check_text("system", given.get("system", []))
    _check_combinations(given)
    thinking.check_wanted(given)
    reasoning.check_signed(given)
    reasoning.check_turn(given)
    system = given.get("system")
    conversation = (
        *((Said(role="system", text=_words(system)),) if system else ()),
        *(said for message in given["messages"] for said in _said(message)),
    )
    last = next((said.text for said in reversed(conversation) if said.role == "user"), "")
    asked = MessagesAsked(
        model=given["model"],
        conversation=conversation,
        reasons=thinking.reasons(given, last),
        cited=documents.to_cite(given),
        written=caching.written(given),
        form=(given.get("output_config", {}).get("format") or {}).get("schema"),
        last=last,
        stream=given.get("stream", False),
        max_tokens=given["max_tokens"],
        stops=tuple(given.get("stop_sequences", ())),
    )
    return tools.chosen(given, asked)


def _said(message: dict[str, Any]) -> list[Said]:
    """A message's results, each by itself, and its words."""
    content = message["content"]
    blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
    results = [
        Said(role="tool", text=_words(block.get("content", "")))
        for block in blocks
        if block["type"] == "tool_result"
    ]
    words = _words(content)
    calls = any(block["type"] == "tool_use" for block in blocks)
    spoken = [Said(role=message["role"], text=words, calls=calls)] if words or calls else []
    return results + spoken


def _check_fields(given: dict[str, Any], gone: Sequence[str]) -> None:
    for name, check in FIELDS.items():
        if name in gone:
            continue
        if name in given:
            check(name, given[name])
        elif name in _REQUIRED:
            raise _invalid(f"{name}: Field required")
    for name in given:
        if name not in FIELDS or name in gone:
            raise _invalid(f"{name}: Extra inputs are not permitted")


def _check_citations(messages: list[dict[str, Any]]) -> None:
    for position, message in enumerate(messages):
        for at, block in enumerate(message["content"] if message["role"] == "user" else ()):
            if isinstance(block, dict) and block["type"] == "text" and block.get("citations"):
                path = f"messages.{position}.content.{at}.text.citations"
                raise _invalid(f"{path}: Extra inputs are not permitted")


def _check_turns(messages: list[dict[str, Any]]) -> None:
    if messages[0]["role"] != "user":
        raise _invalid('messages: first message must use the "user" role')
    for position, message in enumerate(messages):
        final = position == len(messages) - 1
        if message["content"] in ("", []):
            if message["role"] == "user":
                raise _invalid(f"messages.{position}: user messages must have non-empty content")
            if not final:
                raise _invalid(
                    f"messages.{position}: all messages must have non-empty content except for "
                    "the optional final assistant message"
                )
            continue
        _check_text("messages", message["content"])
    last = messages[-1]
    if last["role"] == "assistant" and (words := _words(last["content"])) != words.rstrip():
        raise _invalid("messages: final assistant content cannot end with trailing whitespace")


def _check_text(name: str, content: Any) -> None:
    blocks = [content] if isinstance(content, str) else content
    texts = [block if isinstance(block, str) else block.get("text") for block in blocks]
    if isinstance(content, list) and "" in texts:
        raise _invalid(f"{name}: text content blocks must be non-empty")
    if any(text and not text.strip() for text in texts):
        raise _invalid(f"{name}: text content blocks must contain non-whitespace text")


def _check_combinations(given: dict[str, Any]) -> None:
    model = given["model"]
    last = given["messages"][-1]
    if last["role"] == "assistant" and _words(last["content"]) and not takes_of(model).prefill:
        raise _invalid(
            "This model does not support assistant message prefill. The conversation must end with "
            "a user message."
        )
    if "temperature" in given and "top_p" in given and _EXCLUSIVE_SAMPLING.search(model):
        raise _invalid(
            "`temperature` and `top_p` cannot both be specified for this model. "
            "Please use only one."
        )
    most = next((_LIMITS[stem] for stem in _LIMITS if stem in model), None)
    if most is not None and given["max_tokens"] > most:
        raise _invalid(
            f"max_tokens: {given['max_tokens']} > {most}, which is the maximum allowed number of "
            f"output tokens for {model}"
        )


def _check_features(given: dict[str, Any]) -> None:
    """What the model cannot do is refused; the vendor has no one wording for it."""
    wanted = {
        "container": "container" in given,
    }
    for name, asked in wanted.items():
        if asked:
            raise _invalid(f"{name}: not supported by this model")
    for position, message in enumerate(given["messages"]):
        for at, block in enumerate(message["content"]):
            if isinstance(block, dict) and block["type"] not in _TAKEN:
                path = f"messages.{position}.content.{at}"
                raise _invalid(f"{path}: {block['type']} blocks are not supported by this model")


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    words = [
        documents.words_of(block) if block["type"] in documents.KINDS else block.get("text", "")
        for block in content
        if block["type"] in {"text", *documents.KINDS}
    ]
    return "\n\n".join(filter(None, words))
