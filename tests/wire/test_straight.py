"""A request that is read straight into its shape is read as it is field by field."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.directory.model import PROTOCOLS, Protocol
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import Table
from changeover.wire.registry import codec
from tests.strategies import json_values, requests

_TARGETS = {
    "gemini-generate": "/m:streamGenerateContent?alt=sse",
    "bedrock-converse": "/m/converse-stream",
}
_NOT_CARRIED = {"openai-responses": {"store"}}
"""Strict fields that are carried only if they ask for nothing, which the reader asks itself."""


def _module(protocol: Protocol, name: str) -> Any:
    return import_module(f"changeover.wire.{protocol.replace('-', '_')}.{name}")


@contextmanager
def the_long_way(protocol: Protocol) -> Iterator[None]:
    """Requests are read field by field, messages of one text too."""
    module = _module(protocol, "request")
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(module, "straight", return_value=None))
        places: list[tuple[Any, str, Any]] = [(module, "_WORDS_ALONE", -1)]
        match protocol:
            case "openai-chat":
                places = [(_module(protocol, "messages"), "_WORDS_ALONE", -1)]
            case "openai-responses":
                places = [(_module(protocol, "items"), "_words_of_one", lambda _: None)]
            case "gemini-generate":
                places.append((module, "_words_of_one", lambda _: None))
            case "bedrock-converse":
                places.append((module, "words_of_one", lambda _: None))
                places.append((_module(protocol, "content"), "words_of_one", lambda _: None))
            case _:
                pass
        for where, name, value in places:
            stack.enter_context(mock.patch.object(where, name, value))
        yield


def _read(protocol: Protocol, body: bytes) -> Any:
    try:
        return codec(protocol).decode_request(body, _TARGETS.get(protocol, ""))
    except ProtocolError as error:
        return type(error), error.field, str(error), error.means, error.do


@st.composite
def bodies(draw: st.DrawFn, protocol: Protocol, table: Table) -> bytes:
    """A client's request, in which some fields are missing, null, others' or anything."""
    body, _ = codec(protocol).encode_request(draw(requests()), "m")
    fields: dict[str, Any] = msgspec.json.decode(body)
    for name in draw(st.lists(st.sampled_from(sorted(table)), max_size=3)):
        fields[name] = draw(st.none() | st.booleans() | st.integers(-1, 3) | json_values)
    for name in draw(st.lists(st.sampled_from([*fields, "new"]), max_size=1)):
        held = fields.get(name)
        inside = held[-1] if isinstance(held, list) and held else held
        if isinstance(inside, dict):
            inside[draw(st.sampled_from([*inside, "new", "some_new"]))] = draw(json_values)
        elif draw(st.booleans()):
            fields.pop(name, None)
    return msgspec.json.encode(fields)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(data=st.data())
def test_both_ways_read_alike(protocol: Protocol, data: st.DataObject) -> None:
    body = data.draw(bodies(protocol, _module(protocol, "fields").FIELDS))
    straight = _read(protocol, body)
    with the_long_way(protocol):
        assert _read(protocol, body) == straight


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_plain_request_goes_straight(protocol: Protocol) -> None:
    asked, _ = codec("openai-chat").decode_request(
        b'{"model":"m","messages":[{"role":"system","content":"Be brief."},'
        b'{"role":"user","content":"Hello"}],"max_tokens":30,"temperature":0.5,"stream":true}'
    )
    body, _ = codec(protocol).encode_request(asked, "m")
    with mock.patch.object(_module(protocol, "request"), "object_from_client") as detour:
        read, losses = codec(protocol).decode_request(body, _TARGETS.get(protocol, ""))
    detour.assert_not_called()
    assert (read.turns, read.system, losses) == (asked.turns, asked.system, ())


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_goes_straight_is_carried(protocol: Protocol) -> None:
    """A field of a strict shape is one that is carried or converted, and so are those in it."""
    _check(
        _module(protocol, "request").Strict,
        _module(protocol, "fields").FIELDS,
        _NOT_CARRIED.get(protocol, set()),
    )


def _check(shape: Any, table: Table, asked: set[str]) -> None:
    assert shape.__struct_config__.forbid_unknown_fields
    for field in msgspec.structs.fields(shape):
        if field.type is type(None) or field.encode_name in asked:
            continue  # only null goes straight
        treatment = table[field.encode_name]
        assert treatment.kind in {"carried", "converted"}, field.encode_name
        if treatment.inner is not None:
            (inner,) = [one for one in field.type.__args__ if one is not type(None)]
            _check(inner, treatment.inner, set())
