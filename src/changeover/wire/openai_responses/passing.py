"""Responses on both sides, as OpenAI itself speaks it.

Source: OpenAI's API reference, "Create a model response", and the types of the `openai` SDK.

* `store` is sent as false always: without it, the vendor keeps every answer. A model that
  reasons then needs its reasoning sent back, so `include` asks for it.
* Encrypted reasoning and compactions stand in items, in an item's own events and again in
  the whole response at the end. An item of reasoning that came back without what is
  encrypted is known only to a vendor that stored it, and taken out like a foreign one. The
  items that followed it lose their ids, by which the vendor would ask for it.
* The SDK adds `parsed` and `parsed_arguments` to what its helpers give, and programs send
  them back, where the vendor does not know them. They say nothing that is not beside them.
* Tools that the vendor runs pass, but for those that name what is stored there or a model.
"""

import re

import msgspec
from msgspec import UNSET

from changeover.conversation.events import Event, Finished, Started, UsageSeen
from changeover.conversation.model import Loss, Sealed, StopReason
from changeover.directory.model import Protocol
from changeover.wire.as_written import beginning_with
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.frames import FrameReader
from changeover.wire.openai_responses.as_written import AsWritten, as_written
from changeover.wire.openai_responses.passable import takes, takes_as_written
from changeover.wire.openai_responses.reply import WireUsage, usage_from_vendor
from changeover.wire.passing import (
    ANOTHER_MODEL,
    KEPT_THERE,
    NULL,
    Fields,
    Outbound,
    Passed,
    PassingRequest,
    Towards,
    asked_in,
    encode,
    fields_of,
    holds,
    inner,
    is_escaped,
    is_given,
    listed,
    may_hold,
    named,
    refuse,
    refuse_all,
    refuse_within,
    text_of,
    value_of,
    written,
)
from changeover.wire.renaming import renamed
from changeover.wire.shapes import UNREADABLE, from_vendor, straight
from changeover.wire.sse import encode_event

_SEND_ALL = f"{KEPT_THERE} Send the earlier turns in input."
_REFUSED = {
    "background": "An answer is given to whoever waits for it.",
    "background_options": "An answer is given to whoever waits for it.",
    "conversation": KEPT_THERE,
    "moderation": ANOTHER_MODEL,
    "previous_response_id": _SEND_ALL,
    "prompt": KEPT_THERE,
}
_ENCRYPTED = "reasoning.encrypted_content"
_FITTING_ID = re.compile(r".{1,64}", re.DOTALL)
_NUMBER = re.compile(rb'"sequence_number"\s*:\s*(\d+)')
_STORE = Loss(field="store", why="Answers are not stored at a vendor.")
_NOT = msgspec.Raw(b"false")
_UNSTORED = b'"store":false'
_IN_ITEMS = (b'"encrypted_content"', b'"reasoning"', b'"call_id"', b'"parsed')
_MARKED = re.compile(rb'"(?:encrypted_content|reasoning|call_id|parsed|item_reference|file_id)')
_LEFT_OUT = "It is not of this model and account, and left out."


class _Item(msgspec.Struct):
    type: str = ""
    id: str | None = None
    call_id: str | None = None
    encrypted_content: str | None = None


class _Incomplete(msgspec.Struct):
    reason: str | None = None


class _Response(msgspec.Struct):
    id: str
    model: str
    status: str | None = None
    usage: WireUsage | None = None
    incomplete_details: _Incomplete | None = None
    error: msgspec.Raw = NULL


class _Event(msgspec.Struct):
    type: str = ""
    response: _Response | None = None


_item = msgspec.json.Decoder(_Item)
_response = msgspec.json.Decoder(_Response)
_event = msgspec.json.Decoder(_Event)


class ResponsesPassage:
    """The passage of `openai-responses`; stateless."""

    protocol: Protocol = "openai-responses"
    headers: frozenset[str] = frozenset()

    def read(self, body: bytes, target: str) -> PassingRequest:  # noqa: ARG002
        asked = straight(as_written, body)
        if asked is None or not _goes_on(asked):
            return _Request(body)
        return _AsWritten(body, asked, asked.model, asked.stream is True)


def _goes_on(asked: AsWritten) -> bool:
    """Whether nothing is stored, or will be, and reasoning needs not be asked for."""
    return asked.store is False or (asked.store is UNSET and asked.reasoning is UNSET)


class _AsWritten(msgspec.Struct):
    """A request of which no field needs a look."""

    body: bytes
    asked: AsWritten
    model: str
    stream: bool

    def outbound(self, towards: Towards) -> Outbound | None:
        if takes_as_written(towards.model, self.asked):
            body = renamed(self.body, self.model, towards.model)
            if self.asked.store is UNSET:
                body = beginning_with(body, _UNSTORED)
            if body is not None:
                return Outbound(body=body, towards=towards, reading=ResponsesReader)
        return _Request(self.body).outbound(towards)


class _Request:
    """A request in its own bytes, read field by field."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._fields = given = fields_of(body)
        self.model, self.stream = asked_in(given)
        refuse_all(given, _REFUSED)
        for index, tool in enumerate(listed(given["tools"]) if "tools" in given else ()):
            _refuse_tool(inner(tool) or {}, f"tools[{index}]")
        # One expression looks for all marks at once; which it is matters only where one stands.
        self._marked = is_escaped(body) or _MARKED.search(body) is not None
        if self._marked and (may_hold(body, b'"item_reference"') or may_hold(body, b'"file_id"')):
            items = value_of(given.get("input"))
            refuse_within(items, ("file_id",), "input")
            _refuse_references(items)

    def outbound(self, towards: Towards) -> Outbound | None:
        """The request for a route; None where it needs to be translated."""
        given = {**self._fields, "model": named(towards.model)}
        losses: list[Loss] = []
        if not takes(towards.model, given):
            return None
        store = bytes(given.get("store", b""))
        if store == b"true":
            losses.append(_STORE)
        given["store"] = _NOT
        if store != b"false" and is_given(given.get("reasoning")):
            _include(given)
        if self._marked and any(may_hold(self._body, mark) for mark in _IN_ITEMS):
            items = _Items(given, towards)
            if not items.fit:
                return None
            losses += items.losses
        return Outbound(
            body=encode(given), towards=towards, reading=ResponsesReader, losses=tuple(losses)
        )


def _refuse_tool(tool: Fields, place: str) -> None:
    if is_given(tool.get("model")):
        raise refuse(f"{place}.model", ANOTHER_MODEL)
    if is_given(tool.get("vector_store_ids")):
        raise refuse(f"{place}.vector_store_ids", KEPT_THERE)
    container = inner(tool.get("container"))
    if text_of(tool.get("container")) or is_given((container or {}).get("file_ids")):
        raise refuse(f"{place}.container", KEPT_THERE)


def _refuse_references(given: object) -> None:
    for index, item in enumerate(given if isinstance(given, list) else ()):
        if isinstance(item, dict) and item.get("type") == "item_reference":
            raise refuse(f"input[{index}].id", KEPT_THERE, "Send the item itself.")


def _include(given: Fields) -> None:
    wanted = [text_of(one) for one in listed(given.get("include"))]
    if _ENCRYPTED not in wanted:
        given["include"] = written([*wanted, _ENCRYPTED])


class _Items:
    """A request's input, with what vendors sealed as this route takes it.

    `fit` is whether the vendor takes the ids of calls; others than its own may differ.
    """

    def __init__(self, given: Fields, towards: Towards) -> None:
        self._towards = towards
        self._lost: list[Loss] = []
        self._orphans = False
        self.fit = True
        items = listed(given.get("input"))
        kept = [self._kept(raw, f"input[{index}]") for index, raw in enumerate(items)]
        if any(one is not other for one, other in zip(kept, items, strict=True)):
            given["input"] = written([item for item in kept if item is not None])

    @property
    def losses(self) -> tuple[Loss, ...]:
        return tuple(self._lost)

    def _kept(self, raw: msgspec.Raw, place: str) -> msgspec.Raw | None:
        try:
            item = _item.decode(raw)
        except UNREADABLE:
            return raw
        if holds(bytes(raw), b'"parsed'):
            raw = _unparsed(raw)
        if item.call_id is not None and not _FITTING_ID.fullmatch(item.call_id):
            self.fit = False
        if item.type == "reasoning" or item.encrypted_content is not None:
            return self._sealed(raw, item, place)
        if item.type == "function_call_output" or b'"user"' in bytes(raw):
            self._orphans = False
        if self._orphans and item.id is not None:
            fields = inner(raw) or {}
            return written({name: value for name, value in fields.items() if name != "id"})
        return raw

    def _sealed(self, raw: msgspec.Raw, item: _Item, place: str) -> msgspec.Raw | None:
        value = item.encrypted_content
        opened = None if value is None else self._towards.seals.opened(value, "")
        if opened is None:
            self._lost.append(Loss(field=place, why=_LEFT_OUT))
            self._orphans = True
            return None
        return written({**(inner(raw) or {}), "encrypted_content": opened})


def _unparsed(raw: msgspec.Raw) -> msgspec.Raw:
    """An item without what the SDK read out of it."""
    fields = inner(raw) or {}
    fields.pop("parsed_arguments", None)
    parts = [inner(part) for part in listed(fields.get("content"))]
    if any(part is not None and "parsed" in part for part in parts):
        kept = [{n: v for n, v in (part or {}).items() if n != "parsed"} for part in parts]
        fields["content"] = written(kept)
    return written(fields)


class ResponsesReader(FrameReader):
    """One answer on its way through."""

    marks = (b'"response"', b'"encrypted_content"', b'"error"')
    plain = b'"response.output_text.delta"'
    _first: Fields | None = None

    def __init__(self, towards: Towards) -> None:
        super().__init__()
        self._towards = towards

    def whole(self, body: bytes) -> Passed:
        response = from_vendor(_response, body, "an answer")
        told: list[Event] = [Started(id=response.id, model=response.model)]
        told.append(UsageSeen(usage=usage_from_vendor(response.usage)))
        if response.status == "failed":
            raise VendorProtocolError("The vendor's answer failed.")
        told.append(Finished(stop=_stop(response)))
        return Passed(encode(self._given(fields_of(body))), tuple(told))

    def broken(self, kind: str, message: str, request_id: str) -> bytes:  # noqa: ARG002
        numbers = _NUMBER.findall(self._last)
        event = {"type": "error", "sequence_number": int(numbers[-1]) + 1 if numbers else 0}
        if self._first is None:
            event |= {"code": kind, "message": message, "param": None}
            return encode_event(encode(event), "error")
        error = {"code": "server_error", "message": message, "type": kind}
        failed = {**self._first, "status": "failed", "error": error}
        return encode_event(
            encode({**event, "type": "response.failed", "response": failed}), "response.failed"
        )

    def _payload(self, payload: bytes, told: list[Event]) -> bytes | None:
        read = from_vendor(_event, payload, "an event")
        if read.type == "error":
            self._ends(read_failure(payload, "error"), told)
            return payload
        if read.response is not None:
            self._seen(read.type, read.response, told)
            if self._first is not None and not holds(payload, b'"encrypted_content"'):
                shown = renamed(payload, read.response.model, self._towards.shown)
                if shown is not None:
                    return shown
        event = fields_of(payload)
        if read.response is not None:
            given = self._given(inner(event["response"]) or {})
            event["response"] = written(given)
            if self._first is None:
                self._first = given
            return encode(event)
        if "item" in event:
            event["item"] = self._item(event["item"])
            return encode(event)
        return payload

    def _seen(self, kind: str, response: _Response, told: list[Event]) -> None:
        if self._first is None:
            told.append(Started(id=response.id, model=response.model))
        if response.usage is not None:
            told.append(UsageSeen(usage=usage_from_vendor(response.usage)))
        match kind:
            case "response.completed" | "response.incomplete":
                self._ends(Finished(stop=_stop(response)), told)
            case "response.failed":
                self._ends(read_failure(bytes(response.error), "response_failed"), told)
            case _:
                pass

    def _given(self, response: Fields) -> Fields:
        items = [self._item(raw) for raw in listed(response.get("output"))]
        given = {**response, "model": written(self._towards.shown)}
        return {**given, "output": written(items)} if items else given

    def _item(self, raw: msgspec.Raw) -> msgspec.Raw:
        if not holds(bytes(raw), b'"encrypted_content"'):
            return raw
        item = _item.decode(raw)
        if not item.encrypted_content:
            return raw
        sealed = Sealed(
            form="encrypted", value=item.encrypted_content, bound="account", id=item.id or ""
        )
        value = self._towards.seals.wrapped(sealed, "")
        return written({**(inner(raw) or {}), "encrypted_content": value})


def _stop(response: _Response) -> StopReason:
    if response.status != "incomplete":
        return "end"
    details = response.incomplete_details
    filtered = details is not None and details.reason == "content_filter"
    return "filtered" if filtered else "length"
