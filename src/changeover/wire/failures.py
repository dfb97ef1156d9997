"""A vendor's error body.

The protocols put `type` (Google: `status`) and `message` into an object under
`error`, which Google also sends as the only member of a list. Servers
that are compatible with one of them also send `error` as a string, `message` or
`detail` at the top, or a proxy's page that is no JSON at all. Servers built on
pydantic (Mistral, vLLM) put a list of faults there, each with its place and what is wrong.
"""

from typing import Any

import msgspec

from changeover.conversation.events import Failed
from changeover.wire.shapes import UNREADABLE

MAX_MESSAGE = 2000


def read_failure(body: bytes, otherwise: str) -> Failed:
    """The error in `body`; `otherwise` is its kind where the vendor names none.

    Whatever the body is, there is an answer. A message is cut at 2,000 characters.
    """
    try:
        value: Any = msgspec.json.decode(body)
    except UNREADABLE:
        value = None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    found = value.get("error", value) if isinstance(value, dict) else value
    fields = found if isinstance(found, dict) else {"message": found}
    names = (_text(fields.get(name)) for name in ("type", "code", "status"))
    kind = next(filter(None, names), otherwise)
    message = next(filter(None, (_said(fields.get(name)) for name in ("message", "detail"))), "")
    return Failed(
        kind=kind, message=message or "The vendor sent an error that does not say what is wrong."
    )


def _text(value: Any) -> str:
    return value[:MAX_MESSAGE] if isinstance(value, str) else ""


def _said(value: Any) -> str:
    """A message, or the faults that stand in its place."""
    if isinstance(value, dict):
        value = value.get("detail")
    if isinstance(value, list):
        faults = [one for one in value if isinstance(one, dict)]
        return "; ".join(map(_fault, faults))[:MAX_MESSAGE]
    return _text(value)


def _fault(fault: dict[str, Any]) -> str:
    place = fault.get("loc")
    at = ".".join(map(str, place)) if isinstance(place, list) else ""
    return f"{at}: {_text(fault.get('msg'))}".removeprefix(": ")
