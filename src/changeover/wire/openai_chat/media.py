"""OpenAI's calls for sound and pictures: passed on as they came, with the host's model name.

Source: OpenAI's reference ("Create speech", "Create transcription", "Create translation",
"Create image", "Create image edit") and its SDK, which sends speech and drawing as JSON
and files as multipart forms. No other protocol has these calls, so a body goes to a host of the
same protocol byte for byte but for the model; whatever else it holds is the vendor's to
judge. `model` may be left out for pictures; then the one bound to the key's slot is asked.
"""

from typing import Annotated, Any

import msgspec

from changeover.conversation.model import Usage
from changeover.wire.errors import ProtocolError
from changeover.wire.multipart import Form
from changeover.wire.operation import Written
from changeover.wire.shapes import UNREADABLE

BOUND = "default"
"""The name that stands for the model bound to the key's slot."""

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class _Usage(msgspec.Struct):
    input_tokens: _Count | None = None
    output_tokens: _Count | None = None


class _Counted(msgspec.Struct):
    usage: _Usage | None = None


class Media:
    """A client's request for sound or pictures; `ProtocolError` where its model is not told."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self._type = content_type
        self._form: Form | None = None
        self._given: dict[str, Any] = {}
        if content_type.lower().startswith("multipart/form-data"):
            self._form = Form(body, content_type)
            named = self._form.field("model")
        else:
            self._given = _read(body)
            named = _name(self._given.get("model"))
        self.model = named or BOUND

    def write(self, path: str, upstream_model: str) -> Written:
        """The request with the host's name of the model, to be posted at the path."""
        if self._form is not None:
            body = self._form.with_field("model", upstream_model)
            return Written(body=body, beside=path, content_type=self._type)
        return Written(
            body=msgspec.json.encode({**self._given, "model": upstream_model}), beside=path
        )


def counted(body: bytes) -> Usage:
    """The tokens that an answer in JSON says it took; an answer may say none."""
    try:
        found = msgspec.json.decode(body, type=_Counted).usage or _Usage()
    except UNREADABLE:
        found = _Usage()
    return Usage(input_tokens=found.input_tokens, output_tokens=found.output_tokens)


def _read(body: bytes) -> dict[str, Any]:
    try:
        return dict(_fields.decode(body))
    except UNREADABLE as error:
        raise ProtocolError(
            "The request's body is no JSON object.", field=None, do="Send one JSON object."
        ) from error


def _name(given: Any) -> str | None:
    if given is None:
        return None
    try:
        return msgspec.json.decode(given, type=str | None)
    except UNREADABLE as error:
        raise ProtocolError(
            "The field model is no text.", field="model", do="Name a model."
        ) from error
