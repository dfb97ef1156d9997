"""Which program wrote an entry, and the conversation in it.

The file's name proves nothing: each entry is known by what stands in it, so that a file
may mix entries, and one that is broken does not take the others with it.
"""

from typing import Any

import msgspec

from changeover.chat.exports.format import FORMAT
from changeover.chat.imports import chatgpt, open_webui, own
from changeover.chat.imports.found import FoundConversation, Unread, UnreadableFileError

MOST_BYTES = 20 * 1024 * 1024
"""Of one conversation."""
_TITLE = 200


class _Head(msgspec.Struct, frozen=True):
    """As much of an entry as tells what it is."""

    format: Any = None
    title: Any = None
    mapping: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    chat: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    messages: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_head_decoder = msgspec.json.Decoder(_Head)


def read(entry: msgspec.Raw) -> FoundConversation | Unread:
    """The conversation of an entry, or why there is none."""
    title = ""
    try:
        head = _head_decoder.decode(entry)
        title = head.title[:_TITLE] if isinstance(head.title, str) else ""
        found = _read(entry, head)
    except UnreadableFileError as error:
        return Unread(title=title, why=str(error))
    except msgspec.DecodeError as error:
        wrong = UnreadableFileError(
            f"This entry is not as its program writes them: {error}.", means="It was not taken in."
        )
        return Unread(title=title, why=str(wrong))
    except RecursionError:
        wrong = UnreadableFileError(
            "This entry is nested too deeply for a conversation.", means="It was not taken in."
        )
        return Unread(title=title, why=str(wrong))
    if not found.turns:
        empty = UnreadableFileError(
            "Nobody says anything in this entry.", means="It was not taken in."
        )
        return Unread(title=title, why=str(empty))
    return found


def _read(entry: msgspec.Raw, head: _Head) -> FoundConversation:
    if len(memoryview(entry)) > MOST_BYTES:
        raise UnreadableFileError(
            f"This conversation has more than {MOST_BYTES // 1024 // 1024} MB.",
            means="It was not taken in.",
        )
    if head.format == FORMAT:
        return own.read(entry)
    if head.mapping is not msgspec.UNSET:
        return chatgpt.read(entry)
    if head.chat is not msgspec.UNSET or head.messages is not msgspec.UNSET:
        return open_webui.read(entry)
    raise UnreadableFileError(
        "This entry is no conversation of Changeover, ChatGPT or Open WebUI.",
        means="It was not taken in.",
    )
