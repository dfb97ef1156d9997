"""Time stamps, made by OpenSSL."""

from datetime import timedelta
from pathlib import Path

import pytest

from changeover.basics.clock import SystemClock
from changeover.basics.errors import InvalidInputError
from changeover.ledger.time_stamps import (
    TimeStampError,
    query,
    read_roots,
    stamped_at,
    verify_stamp,
)
from tests.time_authority import TimeAuthority

NOTE = b"a note\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimeAuthority:
    return TimeAuthority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def reply(authority: TimeAuthority) -> bytes:
    return authority.answer(query(NOTE))


def test_a_time_stamp_below_a_named_root_tells_the_time(authority: TimeAuthority, reply: bytes):
    roots = read_roots(authority.root.read_bytes())
    at = verify_stamp(reply, NOTE, roots)
    assert at == stamped_at(reply, NOTE)
    assert abs(at - SystemClock().now()) < timedelta(minutes=5)


def test_one_of_something_else_or_below_another_root_does_not_hold(
    authority: TimeAuthority, reply: bytes, tmp_path: Path
):
    roots = read_roots(authority.root.read_bytes())
    with pytest.raises(TimeStampError, match="something else"):
        verify_stamp(reply, NOTE + b"!", roots)
    other = TimeAuthority(tmp_path / "other")
    with pytest.raises(TimeStampError, match="below the root"):
        verify_stamp(reply, NOTE, read_roots(other.root.read_bytes()))


def test_every_changed_byte_is_seen_or_changes_nothing_that_is_told(
    authority: TimeAuthority, reply: bytes
):
    """Some bytes of the answer are not signed, such as its status's words: they tell nothing."""
    roots = read_roots(authority.root.read_bytes())
    at, held = verify_stamp(reply, NOTE, roots), 0
    for place in range(0, len(reply), 7):
        altered = bytearray(reply)
        altered[place] ^= 1
        try:
            assert verify_stamp(bytes(altered), NOTE, roots) == at
            held += 1
        except TimeStampError:
            pass
    assert held < 3


@pytest.mark.parametrize("answer", [b"", b"no", b"0" * 500])
def test_what_is_no_time_stamp_is_said_to_be_none(answer: bytes):
    with pytest.raises(TimeStampError, match="no time stamp"):
        stamped_at(answer, NOTE)


def test_a_file_without_certificates_is_refused():
    with pytest.raises(InvalidInputError):
        read_roots(b"nothing")
