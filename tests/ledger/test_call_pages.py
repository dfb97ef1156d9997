"""Pages of calls: what is found right at once is what is found right one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.ledger.call_pages import CallEntry, check_calls
from changeover.ledger.checkpoint import Checkpoint, SigningKey
from changeover.ledger.entries import Entry, call_entry, digest, fact_entry
from changeover.ledger.facts import DocumentTaken
from changeover.ledger.leaves import entry_leaf
from changeover.ledger.numbering import Numbering
from changeover.ledger.ports import StoredCheckpoint, StoredEntry
from changeover.ledger.tree import Subtrees
from changeover.ledger.verification import verify
from changeover.ledger.verified import Verification
from tests.fakes import FakeLedgerStore

BEGIN = datetime(2026, 2, 26, 14, tzinfo=UTC)
KEY = SigningKey("ledger.example/changeover", bytes(range(32)))
CALL: dict[str, Any] = {
    "start": "start_1",
    "call": "call_1",
    "service": "statechat",
    "maker": "openai",
    "outcome": "allow",
    "result": "answered",
    "instruments": ["memo"],
    "input_tokens": 180,
    "error": None,
    "served_model": 'a "model" of Zürich\n',
    "stand_in": False,
    "overtaken_at": BEGIN,
}


def call(number: int, **fields: Any) -> Entry:
    at = BEGIN + timedelta(microseconds=number)
    return call_entry(CALL | {"seq": number} | fields, at=at, demonstration=False)


def other(number: int) -> Entry:
    taken = DocumentTaken(sha256=digest(b"%d" % number))
    return fact_entry(taken, at=BEGIN + timedelta(days=1), demonstration=False)


def signed(entries: list[Entry], sizes: tuple[int, ...] = ()) -> FakeLedgerStore:
    """A ledger of the entries as they are, with checkpoints at some sizes and at its end."""
    store, tree = FakeLedgerStore(), Subtrees()
    for index, entry in enumerate(entries):
        leaf = entry_leaf(entry.body)
        tree.add(leaf)
        store.stored.append(StoredEntry(index=index, kind=entry.kind, body=entry.body, leaf=leaf))
        if tree.size in {*sizes, len(entries)}:
            text = Checkpoint(origin=KEY.verifier.name, size=tree.size, root=tree.root()).text()
            note = KEY.sign(text)
            store.signed.append(StoredCheckpoint(size=tree.size, root=tree.root(), note=note))
    store.size, store.subtrees = tree.size, tree.hashes
    return store


def checked(*bodies: Any) -> bool:
    return check_calls(bodies, [entry_leaf(body) for body in bodies]) is not None


def test_the_fields_stand_in_canonical_order():
    names = [field.name for field in msgspec.structs.fields(CallEntry)]
    assert names == sorted(names)


def test_calls_that_are_right_are_found_right_with_their_numbers_and_instants():
    entries = [call(number, maker="anthropic" if number % 3 else "openai") for number in (3, 1, 2)]
    found = check_calls([e.body for e in entries], [entry_leaf(e.body) for e in entries])
    assert found is not None
    assert (found.starts, found.numbers) == (["start_1"] * 3, [3, 1, 2])
    assert (found.first, found.last) == (
        "2026-02-26T14:00:00.000001Z",
        "2026-02-26T14:00:00.000003Z",
    )


GOOD = call(1).body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        GOOD + b"\n",
        b"\n" + GOOD,
        GOOD.replace(b'"v":2', b'"v": 2'),
        GOOD.replace(b'"v":2', b'"v":2.0'),
        GOOD.replace(b'"v":2', b'"v":1'),
        GOOD.replace(b'"v":2', b'"v":2,"v":2'),
        GOOD.replace(b'"seq":1', b'"seq":1.0'),
        GOOD.replace(b'"seq":1', b'"seq":9007199254740993'),
        GOOD.replace(b'"input_tokens":180', b'"input_tokens":9007199254740993'),
        GOOD.replace(b"14:00:00.000001Z", b"14:00:60.000001Z"),
        GOOD.replace(b"14:00:00.000001Z", b"14:60:00.000001Z"),
        GOOD.replace(b"14:00:00.000001Z", b"24:00:00.000001Z"),
        GOOD.replace(b"14:00:00.000001Z", b"14:00:00.00001Z"),
        GOOD.replace(b"02-26T14:00:00.000001Z", b"02-30T14:00:00.000001Z"),
        GOOD.replace(b"14:00:00.000001Z", "14:00:00.00000١Z".encode()),
        GOOD.replace(b"Z\xc3\xbcrich", b"Z\\u00fcrich"),
        GOOD.replace(b"Z\xc3\xbcrich", b"Z\xffrich"),
        GOOD.replace(b'"maker":"openai",', b""),
        GOOD.replace(b'"start":"start_1",', b""),
        GOOD.replace(b'"start"', b'"unknown":1,"start"'),
        GOOD.replace(b'"demonstration":false', b'"demonstration":0'),
        other(1).body,
        GOOD.decode(),
        None,
        7,
    ],
)
def test_what_is_not_right_is_never_found_right(body: Any):
    leaf = entry_leaf(body) if isinstance(body, bytes) else entry_leaf(GOOD)
    assert check_calls([GOOD, body], [entry_leaf(GOOD), leaf]) is None
    assert checked(GOOD, GOOD)


def test_two_entries_in_the_place_of_one_do_not_make_up_for_a_missing_one():
    both = GOOD + b"\n" + GOOD
    assert check_calls([both, b""], [entry_leaf(GOOD)] * 2) is None
    assert check_calls([both], [entry_leaf(GOOD)] * 2) is None
    assert check_calls([GOOD, GOOD], [entry_leaf(GOOD)]) is None


def outcome(store: FakeLedgerStore, known: bytes | None = None) -> tuple[Verification, Numbering]:
    numbering = Numbering()
    return verify(store, KEY.verifier, known=known, watching=numbering), numbering


@given(
    st.lists(st.sampled_from(["call", "call", "call", "other"]), min_size=1, max_size=120),
    st.lists(st.integers(1, 120), max_size=4),
)
@settings(max_examples=25, deadline=None)
def test_any_mixture_with_any_checkpoints_verifies_as_the_tree_says(
    kinds: list[str], sizes: list[int]
):
    entries = [call(n) if kind == "call" else other(n) for n, kind in enumerate(kinds, 1)]
    store = signed(entries, tuple(sizes))
    for note in (None, *(kept.note for kept in store.signed)):
        found, numbering = outcome(store, note)
        assert (found.fault, found.size, found.signed) == (None, len(entries), len(entries))
        assert found.counts.get("call", 0) == kinds.count("call")
        starts = numbering.reports(lambda _: True)
        assert sum(start.calls for start in starts) == kinds.count("call")


def test_a_page_of_calls_with_one_that_is_altered_names_it():
    entries = [call(number) for number in range(1, 2101)]
    store = signed(entries, (700, 1500))
    assert outcome(store)[0].ok
    for index in (0, 999, 1234, 2099):
        altered = store.stored[index]
        forged = msgspec.structs.replace(altered, body=altered.body.replace(b"state", b"stats"))
        store.stored[index] = forged
        fault = outcome(store)[0].fault
        assert fault is not None
        assert (fault.kind, fault.index) == ("leaf", index)
        store.stored[index] = altered


def test_a_checkpoint_within_a_page_of_calls_is_compared_at_its_size():
    store = signed([call(number) for number in range(1, 1501)], (700,))
    swapped = store.stored[10], store.stored[11]
    for index, entry in zip((10, 11), reversed(swapped), strict=True):
        store.stored[index] = msgspec.structs.replace(entry, index=index)
    fault = outcome(store)[0].fault
    assert fault is not None
    assert (fault.kind, fault.after, fault.before) == ("root", 0, 700)


def test_numbers_that_are_told_twice_are_named_from_pages_too():
    numbers = [*range(1, 1000), 500]
    found, numbering = outcome(signed([call(number) for number in numbers]))
    assert found.ok
    fault = numbering.fault(numbering.reports(lambda _: True))
    assert fault is not None
    assert (fault.first, fault.what) == (500, "A call is told twice.")


def test_calls_of_several_starts_are_told_apart():
    entries = [call(number // 2 + 1, start=f"start_{number % 2}") for number in range(1000)]
    numbering = outcome(signed(entries))[1]
    reports = numbering.reports(lambda _: False)
    assert [(r.start, r.calls, r.last, r.gaps) for r in reports] == [
        ("start_0", 500, 500, ()),
        ("start_1", 500, 500, ()),
    ]
