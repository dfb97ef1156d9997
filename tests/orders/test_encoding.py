"""The record's bytes of instruments are canonical and read back as the same instruments."""

import json
from datetime import UTC, datetime

import pytest
import rfc8785

from changeover.basics.errors import InvalidInputError
from changeover.directory.source import load
from changeover.orders.encoding import from_bytes, to_bytes
from changeover.orders.model import Instrument, Issued, Release
from changeover.orders.source import load_instruments
from tests.directory.text import WHOLE
from tests.orders.test_source import FOLLOWING, ORDER

ISSUED = load_instruments({"a.yaml": ORDER, "b.yaml": FOLLOWING}, load({"directory.yaml": WHOLE}))


@pytest.mark.parametrize("issued", ISSUED)
def test_an_instrument_is_read_back_as_it_was_written(issued: Issued) -> None:
    assert from_bytes(to_bytes(issued), Issued) == issued
    assert from_bytes(to_bytes(issued.instrument), Instrument) == issued.instrument
    assert rfc8785.dumps(json.loads(to_bytes(issued))) == to_bytes(issued)


def test_a_release_is_read_back_as_it_was_written() -> None:
    at = datetime(2026, 4, 10, 16, tzinfo=UTC)
    release = Release(service="desk", route="alpha/one@alpha", at=at, by="ada")
    body = to_bytes(release)
    assert body == (
        b'{"at":"2026-04-10T16:00:00Z","by":"ada","route":"alpha/one@alpha","service":"desk"}'
    )
    assert from_bytes(body, Release) == release


@pytest.mark.parametrize("body", [b"", b"{}", b'{"service": 1}', b"\xff"])
def test_other_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(InvalidInputError, match="not a record of kind release"):
        from_bytes(body, Release)
