"""A source installation and an isolated one: what is carried, refused, and cited."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory, WhenStale
from changeover.isolation.bundles import (
    BundleError,
    BundleHeader,
    body_bytes,
    read_bundle,
    write_bundle,
)
from changeover.isolation.declassifying import known_at
from changeover.isolation.office import BundleOffice, Place
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.crosscheck import verify_record
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.orders.decide import decide
from changeover.orders.decision import Call
from changeover.orders.model import Instrument, Rescind
from changeover.orders.papers import Writer
from changeover.orders.query import Question, answer
from changeover.orders.ruleset import call_of
from changeover.orders.usecases import Office
from changeover.storage.database import Database
from changeover.storage.works import LedgerWorks, RecordedCallDays
from tests.orders.demonstrations import Demonstration, at, demonstration

ADA = Writer(name="Ada", account="person_ada")
KEY = SigningKey("ledger.source", bytes([7] * 32))
OTHER = SigningKey("ledger.other", bytes([8] * 32))
SECRET = "Operation Nightjar"


class Isolated:
    """An installation on the classified network that lives by imports."""

    def __init__(self, database: Database, network: str = "classified") -> None:
        self.database = database
        self.ledger = Ledger(SigningKey("ledger.isolated", bytes([9] * 32)))
        self.works = LedgerWorks(database, Sequencer(database, self.ledger), demonstration=True)
        self.clock = FixedClock(at("2026-04-12T09:00"))
        calls = RecordedCallDays(database)
        self.office = Office(self.works, calls, self.clock)
        self.office.load()
        place = Place(network=network, trusted=(KEY.verifier,))
        self.bundles = BundleOffice(self.works, calls, self.office, self.clock, None, place)

    def take(self, content: bytes) -> None:
        self.bundles.take_in(content, ADA, seen=self.bundles.preview(content).seen)

    def lines(self) -> int:
        with self.database.reading() as work:
            return len(work.record.entries())


@contextmanager
def isolated(folder: Path, network: str = "classified") -> Iterator[Isolated]:
    folder.mkdir(exist_ok=True)
    with Database(f"sqlite:///{folder}/isolated.db") as database:
        yield Isolated(database, network)


def ranked(directory: Directory, days: int | None = 30, when: WhenStale = "warn") -> Directory:
    """The demonstration's directory with the classified network above the other."""
    classified = msgspec.structs.replace(
        directory.networks["classified"], rank=2, max_age_days=days, when_stale=when
    )
    return msgspec.structs.replace(
        directory, networks={**directory.networks, "classified": classified}
    )


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demonstration]:
    with demonstration(tmp_path) as standing:
        standing.player.play(at("2026-04-10T12:00"))
        standing.office.apply(ranked(standing.directory), "Ada")
        yield standing


@pytest.fixture
def source(demo: Demonstration) -> BundleOffice:
    return exporter(demo)


def exporter(demo: Demonstration, key: SigningKey = KEY) -> BundleOffice:
    calls = RecordedCallDays(demo.database)
    place = Place(network=None)
    return BundleOffice(demo.works, calls, demo.office, demo.clock, key, place)


def secret_memo(demo: Demonstration, name: str = "nightjar") -> Instrument:
    """An order that is known only on the classified network."""
    base = demo.office.instruments()["president-order"].instrument
    clause = msgspec.structs.replace(base.clauses[0], id="one")
    reading = clause.readings[0]
    scope = msgspec.structs.replace(reading.scope, networks=("classified",))
    plain = msgspec.structs.replace(reading, scope=scope, wind_down=None)
    return msgspec.structs.replace(
        base,
        id=name,
        title=Bilingual(en=SECRET, fr=SECRET),
        clauses=(msgspec.structs.replace(clause, readings=(plain,), chosen=plain.id),),
        acts=(),
        rebindings=(),
        effective=demo.clock.now(),
        published=demo.clock.now(),
        known_on="classified",
    )


def test_a_whole_record_is_carried_and_decides_there(
    demo: Demonstration, source: BundleOffice, tmp_path: Path
) -> None:
    content, exported = source.export("classified", ADA)
    assert (exported.header.sequence, exported.header.whole) == (1, True)
    with isolated(tmp_path / "high") as high:
        preview = high.bundles.preview(content)
        assert len(preview.instruments) == len(demo.office.instruments())
        assert high.lines() == 0
        high.take(content)
        assert high.office.directory() == demo.office.directory()
        there, here = high.office.rules.current, demo.office.rules.current
        for service in here.directory.services.values():
            call = call_of(service, service.slots[0].name)
            for route in here.directory.routes:
                now = demo.clock.now()
                one, other = decide(here, call, route, now), decide(there, call, route, now)
                assert (one.outcome, one.because) == (other.outcome, other.because)
        issued = high.office.instrument("president-order")
        assert issued.origin is not None
        assert issued.origin.installation == "ledger.source"
        assert issued.origin.recorded < issued.recorded == high.clock.now()
        high.works._sequencer.catch_up()
        with high.database.reading() as work:
            assert verify_record(work.record.entries(), work.ledger.entries()) is None
            told = [entry.kind for entry in work.ledger.entries()]
        assert told.count("import") == 1


def test_what_came_since_is_carried_in_order_and_once(
    demo: Demonstration, source: BundleOffice, tmp_path: Path
) -> None:
    first, _ = source.export("classified", ADA)
    demo.office.rescind("president-order", by="Ada", confirmed_by="Bo", source=_source(demo))
    second, exported = source.export("classified", ADA)
    assert not exported.header.whole
    third, _ = source.export("classified", ADA)
    with isolated(tmp_path / "high") as high:
        with pytest.raises(BundleError, match="goes on from others"):
            high.take(second)
        high.take(first)
        with pytest.raises(BundleError, match="comes what was not imported: 2"):
            high.take(third)
        high.take(second)
        assert len(high.office.instruments()) == len(demo.office.instruments())
        lines = high.lines()
        for again in (first, second):
            with pytest.raises(BundleError, match="imported already"):
                high.take(again)
        assert high.lines() == lines
        high.take(third)
        whole, _ = source.export("classified", ADA, whole=True)
        assert high.bundles.preview(whole).instruments == ()
        high.take(whole)


def _source(demo: Demonstration):
    return demo.office.instrument("president-order").instrument.sources[0]


def test_nothing_secret_is_in_a_bundle_for_below(
    demo: Demonstration, source: BundleOffice, tmp_path: Path
) -> None:
    demo.office.issue(secret_memo(demo), by="Ada", confirmed_by="Bo")
    low, _ = source.export("unclassified", ADA)
    for secret in (SECRET, "nightjar", "defence-analysis", "Defence analysis", 'classified"'):
        found = low.replace(b"unclassified", b"").find(secret.encode())
        assert found < 0, low[max(0, found - 60) : found + 60]
    high, _ = source.export("classified", ADA)
    assert SECRET.encode() in high
    with isolated(tmp_path / "low", "unclassified") as below:
        below.take(low)
        directory = below.office.rules.current.directory
        assert set(directory.networks) == {"unclassified"}
        assert "nightjar" not in below.office.instruments()
        service = directory.services["statechat"]
        asked = Question(service=service.id, model="anthropic/claude-sonnet-4-5")
        told = answer(below.office.rules.current, asked, demo.clock.now())
        assert "nightjar" not in [one.id for one in told.instruments]


def test_an_order_below_that_names_what_is_secret_is_not_exported(
    demo: Demonstration, source: BundleOffice
) -> None:
    memo = secret_memo(demo)
    clause = memo.clauses[0]
    reading = clause.readings[0]
    scope = msgspec.structs.replace(reading.scope, networks=("classified", "unclassified"))
    both = msgspec.structs.replace(
        clause, readings=(msgspec.structs.replace(reading, scope=scope),)
    )
    careless = msgspec.structs.replace(memo, id="careless", known_on=None, clauses=(both,))
    demo.office.issue(careless, by="Ada", confirmed_by="Bo")
    with pytest.raises(ConflictError, match="careless names network 'classified'"):
        source.export("unclassified", ADA)
    assert source.exports() == {}
    source.export("classified", ADA)


def test_what_is_known_above_binds_and_changes_nothing_below(demo: Demonstration) -> None:
    memo = secret_memo(demo)
    reading = memo.clauses[0].readings[0]
    scope = msgspec.structs.replace(reading.scope, networks=())
    wide = msgspec.structs.replace(
        memo.clauses[0], readings=(msgspec.structs.replace(reading, scope=scope),)
    )
    with pytest.raises(InvalidInputError, match="would bind calls on networks below"):
        demo.office.issue(
            msgspec.structs.replace(memo, clauses=(wide,)), by="Ada", confirmed_by="Bo"
        )
    rescission = demo.office.instrument("president-order").instrument
    act = msgspec.structs.replace(
        memo, clauses=(), acts=(_rescind(rescission.id),), sources=rescission.sources
    )
    with pytest.raises(ConflictError, match="known below"):
        demo.office.issue(act, by="Ada", confirmed_by="Bo")


def _rescind(name: str):
    return Rescind(instruments=(name,))


def test_other_networks_keys_and_records_are_refused(
    demo: Demonstration, source: BundleOffice, tmp_path: Path
) -> None:
    mine, _ = source.export("classified", ADA)
    low, _ = source.export("unclassified", ADA)
    forged, _ = exporter(demo, OTHER).export("classified", ADA, whole=True)
    with isolated(tmp_path / "high") as high:
        with pytest.raises(BundleError, match="is for the network unclassified"):
            high.take(low)
        with pytest.raises(BundleError, match="not signed by a key that is trusted"):
            high.take(forged)
        assert high.lines() == 0
        high.take(mine)
    with isolated(tmp_path / "untold", "") as untold, pytest.raises(BundleError, match="none"):
        untold.take(mine)
    with pytest.raises(NotFoundError):
        source.export("nowhere", ADA)


def test_a_record_that_parted_is_refused(demo: Demonstration, tmp_path: Path) -> None:
    first, exported = exporter(demo).export("classified", ADA)
    with isolated(tmp_path / "high") as high:
        high.take(first)
        body = read_bundle(first, (KEY.verifier,)).body
        entry = body.instruments[0]
        changed = msgspec.structs.replace(
            entry,
            instrument=msgspec.structs.replace(
                entry.instrument, title=Bilingual(en="Another", fr="Autre")
            ),
        )
        other = body_bytes(msgspec.structs.replace(body, instruments=(changed,)))
        header: BundleHeader = msgspec.structs.replace(
            exported.header,
            sequence=2,
            previous=exported.header.digest,
            sha256=hashlib.sha256(other).hexdigest(),
            length=len(other),
        )
        with pytest.raises(BundleError, match=r"has another .* than the bundle"):
            high.take(write_bundle(header, other, KEY))
        lines = high.lines()
        fork = msgspec.structs.replace(header, sequence=1, previous=None)
        with pytest.raises(BundleError, match="Another bundle 1 was imported"):
            high.take(write_bundle(fork, other, KEY))
        assert high.lines() == lines


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[bytes, Isolated]]:
    with demonstration(tmp_path_factory.mktemp("source")) as demo:
        demo.player.play(at("2026-03-03T12:00"))
        content, _ = exporter(demo).export("classified", ADA)
    with isolated(tmp_path_factory.mktemp("high")) as high:
        yield content, high


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_altered_file_is_refused_and_nothing_recorded(
    carried: tuple[bytes, Isolated], data: st.DataObject
) -> None:
    content, high = carried
    how = data.draw(st.sampled_from(["flip", "cut", "add", "drop", "any"]))
    place = data.draw(st.integers(0, len(content) - 1))
    match how:
        case "flip":
            bit = 1 << data.draw(st.integers(0, 7))
            altered = content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
        case "cut":
            altered = content[:place]
        case "add":
            altered = (
                content[:place] + data.draw(st.binary(min_size=1, max_size=4)) + content[place:]
            )
        case "drop":
            altered = content[:place] + content[place + 1 :]
        case _:
            altered = data.draw(st.binary(max_size=300))
    if altered != content:
        with pytest.raises(BundleError):
            high.bundles.preview(altered)
    assert high.lines() == 0


@pytest.mark.parametrize(
    ("when", "known", "fresh"),
    [
        ("warn", "notice", "notice"),
        ("refuse-new", "notice", "refuse"),
        ("refuse", "refuse", "refuse"),
    ],
)
def test_a_record_that_is_too_old_is_told_or_refuses(
    demo: Demonstration, tmp_path: Path, when: WhenStale, known: str, fresh: str
) -> None:
    demo.office.apply(ranked(demo.directory, days=30, when=when), "Ada")
    content, exported = exporter(demo).export("classified", ADA)
    with isolated(tmp_path / "high") as high:
        high.take(content)
        rules = high.office.rules.current
        call, route = _allowed(rules, exported.header.made)
        edge = exported.header.made + timedelta(days=30)
        before = decide(rules, call, route, edge - timedelta(microseconds=1))
        after = decide(rules, call, route, edge)
        assert before.outcome == "allow"
        shown = rules.uses.shows(call.service, rules.reached(route).lineage.makers)
        assert after.outcome == (known if shown else fresh)
        assert after.because == "record-age"
        told = answer(rules, Question(service=call.service, model=route, at=edge), edge)
        assert told.record == exported.header.made
        assert "10 April 2026" in told.explanation.en
        assert "10 avril 2026" in told.explanation.fr
        here = demo.office.rules.current
        assert here.stale == {}


def _allowed(rules, when) -> tuple[Call, str]:
    """A call on the classified network and a route that it may use."""
    for service in rules.directory.services.values():
        if service.network == "classified":
            call = call_of(service, service.slots[0].name)
            for route in rules.directory.routes:
                if decide(rules, call, route, when).outcome == "allow":
                    return call, route
    raise AssertionError


def test_what_the_network_may_know_is_a_whole_directory(demo: Demonstration) -> None:
    directory = demo.office.rules.current.directory
    kept = known_at(directory, "unclassified")
    assert "defence-analysis" in directory.services
    assert "defence-analysis" not in kept.services
    assert all(binding.service in kept.services for binding in kept.bindings)
    with pytest.raises(NotFoundError):
        known_at(directory, "nowhere")
