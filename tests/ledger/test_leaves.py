import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from changeover.basics.canonical import MAX_INTEGER, canonical, read_canonical
from changeover.basics.errors import InvalidInputError
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import Entry, call_entry, digest, fact_entry
from changeover.ledger.facts import DocumentTaken
from changeover.ledger.leaves import Opening, entry_leaf, opening
from changeover.ledger.ports import StoredEntry
from changeover.ledger.tree import leaf_hash, root
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from tests.fakes import FakeLedgerStore

AT = datetime(2026, 2, 26, 14, tzinfo=UTC)
KEY = SigningKey("ledger.example", bytes(32))
SHOWN = {"maker": "openai", "outcome": "allow", "result": "answered"}

# What RFC 8785 and the fast form agree on: no floats, names of the basic plane.
names = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
calls = st.dictionaries(names, values, max_size=8).map(
    lambda fields: (
        {
            name: value
            for name, value in fields.items()
            if name not in {"v", "kind", "at", "demonstration"}
        }
        | SHOWN
    )
)


def call(number: int, **changes: Any) -> Entry:
    fields = {"seq": number, "call": f"call_{number}"} | SHOWN | changes
    return call_entry(fields, at=AT, demonstration=False)


def by_reference(body: bytes) -> bytes:
    """The leaf of an entry of version 2 as the documentation tells it, with RFC 8785's reference."""
    rest = msgspec.json.decode(body)
    shown = {name: rest.pop(name) for name in ("v", "kind")}
    if shown["kind"] == "call":
        shown |= {name: rest.pop(name) for name in ("maker", "outcome", "result")}
    shown["rest"] = hashlib.sha256(rfc8785.dumps(rest)).hexdigest()
    return hashlib.sha256(b"\x00" + rfc8785.dumps(shown)).digest()


@given(calls)
def test_the_fast_form_of_a_calls_leaf_is_that_of_rfc_8785(fields: dict[str, Any]):
    made = call_entry(fields, at=AT, demonstration=True)
    assert made.body == rfc8785.dumps(msgspec.json.decode(made.body))
    assert entry_leaf(made.body) == by_reference(made.body)


@given(names, st.booleans())
def test_the_fast_form_of_every_other_leaf_too(text: str, demonstration: bool):
    made = fact_entry(DocumentTaken(sha256=text), at=AT, demonstration=demonstration)
    assert entry_leaf(made.body) == by_reference(made.body)


def test_openings_alone_give_the_root_and_show_whose_models_were_called():
    store = FakeLedgerStore()
    document = fact_entry(DocumentTaken(sha256=digest(b"x")), at=AT, demonstration=False)
    refused = call(2, maker="anthropic", outcome="refuse", result="refused")
    made = [call(1), document, refused, call(3, result="failed")]
    signed = Ledger(KEY).append(store, made).checkpoint
    given_away = msgspec.json.encode([opening(msgspec.json.decode(each.body)) for each in made])

    opened = msgspec.json.decode(given_away, type=list[Opening])
    assert root(each.leaf() for each in opened) == signed.root
    assert [(each.kind, each.maker, each.outcome, each.result) for each in opened] == [
        ("call", "openai", "allow", "answered"),
        ("intake", None, None, None),
        ("call", "anthropic", "refuse", "refused"),
        ("call", "openai", "allow", "failed"),
    ]
    for name in (b"seq", b"call_1", b"2026"):
        assert name not in given_away


@pytest.mark.parametrize("name", ["maker", "outcome", "result", "rest", "kind"])
def test_an_opening_told_otherwise_gives_another_leaf(name: str):
    made = call(1)
    opened = opening(msgspec.json.decode(made.body))
    assert opened.leaf() == entry_leaf(made.body)
    assert msgspec.structs.replace(opened, **{name: "other"}).leaf() != entry_leaf(made.body)


def first_form(number: int) -> Entry:
    """An entry as version 1 wrote it, where a leaf was the entry's bytes."""
    body = b'{"at":"2026-02-26T14:00:00.000000Z","demonstration":false,"kind":"call",'
    body += b'"seq":%d,"service":"s","v":1}' % number
    return Entry("call", body)


def test_a_ledger_that_version_1_began_is_continued_and_verified():
    store = FakeLedgerStore()
    Ledger(KEY).append(store, [first_form(1), first_form(2)])
    assert [entry.leaf for entry in store.stored] == [
        leaf_hash(entry.body) for entry in store.stored
    ]
    Ledger(KEY).append(store, [call(3)])
    assert verify(store, KEY.verifier).counts == {"call": 3}


def test_no_bytes_stand_for_two_leaves():
    """An entry whose bytes are another's opening does not get the other's leaf."""
    made = call(1)
    opened = opening(msgspec.json.decode(made.body))
    posing = msgspec.json.encode(opened, order="sorted")
    assert leaf_hash(posing) == entry_leaf(made.body)
    assert entry_leaf(posing) != entry_leaf(made.body)


def test_a_call_that_does_not_open_is_a_fault_even_where_it_was_signed():
    body = call(1).body.replace(b'"maker":"openai",', b"")
    assert opens(body) == "Its leaf does not open."


def opens(body: bytes) -> str:
    store = FakeLedgerStore()
    Ledger(KEY).append(store, [Entry("call", body)])
    assert store.stored == [
        StoredEntry(index=0, kind="call", body=body, leaf=entry_leaf(body)),
    ]
    fault = verify(store, KEY.verifier).fault
    assert fault is not None
    assert (fault.kind, fault.index) == ("form", 0)
    return fault.what


@given(values)
def test_canonical_bytes_are_read_as_what_they_were_written_from(value: Any):
    written = canonical(value)
    assert written == rfc8785.dumps(value)
    assert read_canonical(written) == value


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1.0}',
        b'{"a":9007199254740992}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":"\\u0041"}',
        b'{"a":"\\ud83d\\ude00"}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b"",
    ],
)
def test_other_bytes_of_the_same_or_no_value_are_not_canonical(body: bytes):
    with pytest.raises(InvalidInputError):
        read_canonical(body)


@pytest.mark.parametrize("value", [{"a": 1.0}, {"a": [0.5]}, {"a": 2**53}, {"\U0001f600": 1}])
def test_what_has_no_cheap_canonical_form_is_refused(value: Any):
    with pytest.raises(InvalidInputError):
        canonical(value)
