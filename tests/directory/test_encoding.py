"""The record's bytes of a directory are canonical and read back as the same directory."""

import pytest
import rfc8785

from changeover.basics.errors import InvalidInputError
from changeover.directory.encoding import from_bytes, to_bytes
from changeover.directory.source import load
from tests.directory.text import WHOLE


def test_a_directory_is_read_back_as_it_was_written() -> None:
    directory = load({"whole.yaml": WHOLE})
    body = to_bytes(directory)
    assert from_bytes(body) == directory
    assert b'"since":"2026-03-02T17:00:00Z"' in body


def test_the_bytes_are_those_of_rfc_8785() -> None:
    import json

    body = to_bytes(load({"whole.yaml": WHOLE}))
    assert rfc8785.dumps(json.loads(body)) == body


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"zone": "UTC", "colour": 1}', b"\xff"])
def test_other_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(InvalidInputError, match="not a directory"):
        from_bytes(body)
