from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import rfc8785

from changeover.basics.errors import InvalidInputError
from changeover.ledger.controls import CanaryTold, ClockCompared, ClockTold, LedgerJoined, Restored
from changeover.ledger.entries import (
    call_entry,
    digest,
    entry,
    fact_entry,
    read_instant,
    write_instant,
)
from changeover.ledger.fact import Fact
from changeover.ledger.facts import (
    KINDS,
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    AccountRemoved,
    BundleImported,
    Confirmed,
    ConversationRemoved,
    CredentialRemoved,
    CredentialSet,
    DeliveryEnded,
    DirectoryRecorded,
    DocumentTaken,
    EndTold,
    EntryMade,
    EntrySettled,
    FileExported,
    GapExplained,
    InForce,
    InstrumentRecorded,
    KeyCreated,
    KeyRevoked,
    KeyRotated,
    LimitChanged,
    PaperWritten,
    ProvisioningTokenCreated,
    ProvisioningTokenRevoked,
    ReleaseRecorded,
    ScenarioMoved,
    StartTold,
    TranslationRemoved,
)

AT = datetime(2026, 2, 26, 9, tzinfo=timezone(timedelta(hours=-5)))
SHA = digest(b"body")
FACTS: dict[str, Fact] = {
    "directory": DirectoryRecorded(sha256=SHA, by="ada", changes=3),
    "instrument": InstrumentRecorded(
        id="order-1",
        issuer="president",
        instrument_kind="order",
        sha256=SHA,
        entered_by="ada",
    ),
    "release": ReleaseRecorded(service="s", route="m@h", by="ada", sha256=SHA),
    "in-force": InForce(
        act="instrument",
        key="order-1",
        legal=AT,
        in_force=AT + timedelta(seconds=1),
        replicas=(
            Confirmed(start="start_1", host="a", pid=1, address="http://a/", how="left", at=7),
        ),
    ),
    "key-created": KeyCreated(prefix="co_x", service="s", by="ada"),
    "key-rotated": KeyRotated(
        prefix="co_y", replaces="co_x", until=AT + timedelta(days=7), service="s", by="ada"
    ),
    "key-revoked": KeyRevoked(prefix="co_x", service="s", by="ada"),
    "credential-set": CredentialSet(host="h", protocol="openai-chat", by="ada"),
    "credential-removed": CredentialRemoved(host="h", protocol="openai-chat", by="ada"),
    "account-created": AccountCreated(id="person_1", party="state", roles=("staff",), by="ada"),
    "account-changed": AccountChanged(id="person_1", party="state", roles=(), by="sign-on"),
    "account-disabled": AccountDisabled(id="person_1", by="ada"),
    "account-enabled": AccountEnabled(id="person_1", by="provisioning"),
    "account-removed": AccountRemoved(id="person_1", by="ada"),
    "provisioning-token-created": ProvisioningTokenCreated(prefix="12345678", by="ada"),
    "provisioning-token-revoked": ProvisioningTokenRevoked(prefix="12345678", by="ada"),
    "scenario": ScenarioMoved(since=AT, until=AT + timedelta(days=5)),
    "intake": DocumentTaken(sha256=SHA),
    "entry": EntryMade(id="proposal-1", instruments=("a", "b"), at_once=True, by="ana"),
    "entry-settled": EntrySettled(
        id="proposal-1", instruments=("a", "b"), state="withdrawn", by="ben"
    ),
    "paper": PaperWritten(paper="draft", id="draft-1", version=2, sha256=SHA, by="ana"),
    "delivery": DeliveryEnded(
        id="delivery-1",
        message="message-1",
        channel="mail",
        to=SHA,
        sha256=SHA,
        state="sent",
        attempts=2,
    ),
    "import": BundleImported(
        source="ledger.example",
        network="classified",
        sequence=3,
        digest=SHA,
        made=AT,
        by="ana",
        instruments=2,
        sha256=SHA,
    ),
    "start": StartTold(start="run_1", host="h1", version="0.1"),
    "end": EndTold(start="run_1", last=7, reason="killed"),
    "gap": GapExplained(start="run_1", first=3, last=5, why="the disk burnt", by="ada"),
    "canary": CanaryTold(
        start="run_1",
        route="m/x@h",
        maker="m",
        host="h",
        asked={"state": 3},
        refused={"state": 1},
        let_out=("desk/chat",),
        not_asked=("desk/title",),
        instruments=("order-1",),
        ruleset="7",
        by="ana",
    ),
    "clock-offset": ClockCompared(
        start="run_1", host="h1", against="kernel", offset=-120, error=900, synchronised=True
    ),
    "clock": ClockTold(start="run_1", every=600, machine=AT),
    "removal": ConversationRemoved(conversation=SHA, turns=4, party="state", why="owner"),
    "translation-removal": TranslationRemoved(
        translation=SHA, segments=4, party="state", why="owner"
    ),
    "limit": LimitChanged(
        subject="service", named="statechat", measure="money", period="month", amount=900, by="ada"
    ),
    "export": FileExported(what="status", form="csv", sha256=SHA, account="account_1"),
    "restore": Restored(made=AT, size=12, root=SHA, version="0.1"),
    "joined": LedgerJoined(
        ledger="ledger.example", key="ledger.example+0+0", size=12, root=SHA, note="n", by="ada"
    ),
}
SHOWN = {"maker": "openai", "outcome": "allow", "result": "answered"}


def test_every_kind_has_its_builder():
    assert {*FACTS, "call"} == set(KINDS)


@pytest.mark.parametrize("kind", FACTS)
def test_an_entry_is_canonical_and_holds_its_facts(kind: str):
    made = fact_entry(FACTS[kind], at=AT, demonstration=True)
    value = msgspec.json.decode(made.body)
    assert made.kind == kind
    assert made.body == rfc8785.dumps(value)
    common = {
        "v": 2,
        "kind": kind,
        "at": "2026-02-26T14:00:00.000000Z",
        "demonstration": True,
    }
    fields = msgspec.structs.asdict(FACTS[kind])
    plain = msgspec.json.decode(msgspec.json.encode(fields))
    instants = {k: write_instant(v) for k, v in fields.items() if isinstance(v, datetime)}
    assert value == common | plain | instants


@pytest.mark.parametrize("kind", FACTS)
def test_an_entry_by_its_fields_is_the_same(kind: str):
    fields = msgspec.structs.asdict(FACTS[kind])
    by_name = entry(kind, fields, at=AT, demonstration=False)
    assert by_name == fact_entry(FACTS[kind], at=AT, demonstration=False)


def test_a_call_holds_the_gateways_fields():
    fields = SHOWN | {
        "start": "run_1", "seq": 7, "instruments": ("order-1",), "ended": AT, "status": None,
    }  # fmt: skip
    made = call_entry(fields, at=AT, demonstration=False)
    assert entry("call", fields, at=AT, demonstration=False) == made
    assert msgspec.json.decode(made.body) == {
        "v": 2,
        "kind": "call",
        "at": "2026-02-26T14:00:00.000000Z",
        "demonstration": False,
        "start": "run_1",
        "seq": 7,
        "instruments": ["order-1"],
        "ended": "2026-02-26T14:00:00.000000Z",
        "status": None,
        **SHOWN,
    }


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("opinion", {}),
        ("intake", {}),
        ("intake", {"sha256": SHA, "text": "contents"}),
        ("key-created", {"prefix": "p", "service": "s", "by": "b", "secret": "x"}),
        ("call", SHOWN | {"kind": "instrument"}),
        ("call", SHOWN | {"at": AT}),
        ("call", SHOWN | {"price": 0.1}),
        ("call", SHOWN | {"maker": None}),
        ("call", {"maker": "openai", "outcome": "allow"}),
    ],
)
def test_fields_that_are_not_the_kinds_own_are_refused(kind: str, fields: dict[str, object]):
    with pytest.raises(InvalidInputError):
        entry(kind, fields, at=AT, demonstration=False)


def test_instants_have_one_form_that_sorts():
    instants = [AT, AT + timedelta(microseconds=1), AT + timedelta(days=400)]
    texts = [write_instant(instant) for instant in instants]
    assert texts == sorted(texts)
    assert [read_instant(text) for text in texts] == [i.astimezone(UTC) for i in instants]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-26T14:00:00Z",
        "2026-02-26T14:00:00.000000+00:00",
        "2026-02-26 14:00:00.000000Z",
        "2026-02-26T14:00:00.000000",
        "20260226",
        "",
    ],
)
def test_other_forms_of_an_instant_are_refused(text: str):
    with pytest.raises(ValueError):
        read_instant(text)
