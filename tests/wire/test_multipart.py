"""One field of a form is changed; all else stays byte for byte."""

import json
from contextlib import suppress

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.wire.errors import ProtocolError
from changeover.wire.multipart import Form
from changeover.wire.openai_chat.media import Media, counted

NAMES = st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True)
FILES = st.binary(max_size=200)


def form(fields: dict[str, str], file: bytes) -> tuple[bytes, str]:
    """A form as the SDKs' own HTTP library writes it."""
    request = httpx2.Request("POST", "http://x/", data=fields, files={"file": ("a.wav", file)})
    return request.read(), request.headers["content-type"]


@given(file=FILES, more=st.dictionaries(NAMES, NAMES, max_size=3), name=NAMES)
def test_the_model_alone_is_changed(file: bytes, more: dict[str, str], name: str):
    body, kind = form({**more, "model": "asked"}, file)
    media = Media(body, kind)
    assert media.model == "asked"
    written = media.write("/audio/transcriptions", name)
    assert written.content_type == kind
    assert written.beside == "/audio/transcriptions"
    assert Form(written.body, kind).field("model") == name
    assert len(written.body) == len(body) - len("asked") + len(name)
    again = Media(written.body, kind).write("/audio/transcriptions", "asked")
    assert again.body == body


@given(file=FILES)
def test_a_form_without_a_model_is_given_one(file: bytes):
    body, kind = form({"prompt": "x"}, file)
    media = Media(body, kind)
    assert media.model == "default"
    written = media.write("/images/edits", "pinned").body
    assert Form(written, kind).field("model") == "pinned"
    assert Form(written, kind).field("prompt") == "x"


def test_json_keeps_every_value_as_it_was_written():
    body = b'{"model": "asked", "speed": 1.10, "x": {"y":1e2}}'
    written = Media(body, "application/json").write("/audio/speech", "pinned").body
    assert written == b'{"model":"pinned","speed":1.10,"x":{"y":1e2}}'
    assert Media(b"{}", "application/json").model == "default"


@given(
    body=st.binary(max_size=100), boundary=st.sampled_from(["", "; boundary=b", '; boundary="b"'])
)
def test_arbitrary_bytes_are_read_or_a_protocol_error(body: bytes, boundary: str):
    for data in (body, b"--b\r\n" + body + b"\r\n--b--"):
        with suppress(ProtocolError):
            Media(data, f"multipart/form-data{boundary}").write("/x", "y")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"model": 3}', b"\xff"])
def test_json_that_is_none_is_refused(body: bytes):
    with pytest.raises(ProtocolError):
        Media(body, "application/json")


def test_counts_are_read_where_an_answer_has_them():
    usage = {"type": "tokens", "input_tokens": 3, "output_tokens": 4}
    assert counted(json.dumps({"text": "x", "usage": usage}).encode()).output_tokens == 4
    for none in (b"{}", b"[]", b"\xff", b'{"usage": {"type": "duration", "seconds": 3}}'):
        assert counted(none).input_tokens is None


@pytest.mark.parametrize("count", [-1, 2**53, 10**30])
def test_counts_that_no_answer_has_are_none(count: int):
    usage = {"input_tokens": count, "output_tokens": 4}
    found = counted(json.dumps({"text": "x", "usage": usage}).encode())
    assert (found.input_tokens, found.output_tokens) == (None, None)
