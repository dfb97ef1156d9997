"""Checkpoints are taken to an authority and to witnesses, and what they say is verified."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from changeover.basics.clock import FixedClock, SystemClock
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.cosignatures import WitnessSigner
from changeover.ledger.keys import keep
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.ledger.vouching import Authority, Voucher, Vouching, WatchingWitness
from changeover.ledger.witness_folder import WitnessFolder
from changeover.ledger.witnessing import Witness
from changeover.storage.database import Database
from changeover.upstream.http import Ways
from changeover.upstream.inside import Inside
from changeover.wiring.egress import declared
from changeover.wiring.places import database_file, ledger_key_file
from changeover.wiring.proof import believed, verify_ledger
from changeover.wiring.vouching import vouch_once, vouchers
from tests.ledger.test_call_pages import other
from tests.time_authority import TimeAuthority, posted_to

KEY = SigningKey("ledger.example/changeover", bytes(range(32)))
WAYS = Ways(inside=Inside.parse("127.0.0.0/8"))


class Setting:
    """A ledger in a data folder, and those who vouch for it on this machine."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        keep(ledger_key_file(self.data), KEY)
        self.machine = FixedClock(SystemClock().now())
        self.authority = TimeAuthority(folder / "tsa")
        self.away = False
        self.signers = [
            WitnessSigner(f"w{number}.example", bytes([number] * 32)) for number in (1, 2)
        ]
        self.folders = [WitnessFolder(folder / signer.key.name) for signer in self.signers]
        stamping = stack.enter_context(posted_to(self._stamped))
        watching = [
            stack.enter_context(posted_to(self._witnessed(signer, memory)))
            for signer, memory in zip(self.signers, self.folders, strict=True)
        ]
        self.vouchers: list[Voucher] = [Authority(f"{stamping}/tsr")]
        pairs = zip(self.signers, watching, strict=True)
        self.vouchers += [WatchingWitness(signer.key, url) for signer, url in pairs]
        self.made = 0

    def _stamped(self, body: bytes) -> tuple[int, str, bytes]:
        if self.away:
            return 503, "text/plain", b"later"
        return 200, "application/timestamp-reply", self.authority.answer(body)

    def _witnessed(self, signer: WitnessSigner, memory: WitnessFolder) -> Callable[[bytes], Any]:
        witness = Witness(signer, [KEY.verifier], memory, self.machine)

        def answer(body: bytes) -> tuple[int, str, bytes]:
            reply = witness.add_checkpoint(body)
            return reply.status, reply.media_type, reply.body.encode()

        return answer

    def open(self) -> Database:
        return Database(f"sqlite:///{database_file(self.data)}")

    def grow(self, database: Database, entries: int) -> None:
        with database.begin() as work:
            work.queue.add([other(self.made + number) for number in range(entries)])
        self.made += entries
        Sequencer(database, Ledger(KEY)).catch_up()

    def vouching(self, database: Database) -> Vouching:
        return Vouching(database, self.vouchers, self.machine, every=600)

    def later(self, seconds: float) -> None:
        self.machine.move_to(self.machine.now() + timedelta(seconds=seconds))

    def verified(self) -> dict[str, Any]:
        keys = [str(signer.key) for signer in self.signers]
        trusted = believed(keys, self.authority.root)
        return verify_ledger(self.data, {}, known=None, vkey=None, believed=trusted)

    def sql(self, statement: str) -> None:
        with sqlite3.connect(database_file(self.data)) as connection:
            assert connection.execute(statement).rowcount


@pytest.fixture
def setting(tmp_path: Path) -> Iterator[Setting]:
    with ExitStack() as stack:
        made = Setting(tmp_path, stack)
        yield made
        for folder in made.folders:
            folder.close()


def told(found: dict[str, Any]) -> list[tuple[str, int, bool]]:
    return [(each["name"][:10], each["size"], each["checked"]) for each in found["vouched"]]


async def test_all_vouch_for_the_newest_checkpoint_and_again_when_it_has_grown(setting: Setting):
    with setting.open() as database:
        vouching = setting.vouching(database)
        await vouch_once(vouching, WAYS)
        setting.grow(database, 700)
        await vouch_once(vouching, WAYS)
        assert vouching.trouble == {}
        setting.grow(database, 300)
        await vouch_once(vouching, WAYS)
        assert setting.authority.asked == 1
        setting.later(601)
        await vouch_once(vouching, WAYS)
        await vouch_once(vouching, WAYS)
        assert (vouching.trouble, setting.authority.asked) == ({}, 2)
    found = setting.verified()
    assert found["ok"], found["fault"]
    assert told(found) == [
        ("http://127", 1000, True),
        ("w1.example", 1000, True),
        ("w2.example", 1000, True),
    ]
    nobody = verify_ledger(setting.data, {}, known=None, vkey=None)
    assert [checked for _, _, checked in told(nobody)] == [False, False, False]


async def test_one_who_does_not_answer_is_asked_again_and_holds_up_nobody(setting: Setting):
    setting.away = True
    with setting.open() as database:
        vouching = setting.vouching(database)
        setting.grow(database, 5)
        await vouch_once(vouching, WAYS)
        assert list(vouching.trouble.values()) == ["It answered with HTTP 503."]
        assert [name for name, _, _ in told(setting.verified())] == ["w1.example", "w2.example"]
        setting.away = False
        await vouch_once(vouching, WAYS)
        assert setting.authority.asked == 0
        setting.later(31)
        await vouch_once(vouching, WAYS)
        assert (setting.authority.asked, vouching.trouble) == (1, {})


async def test_nothing_is_sent_inside_the_network_that_nobody_declared(setting: Setting):
    with setting.open() as database:
        vouching = setting.vouching(database)
        setting.grow(database, 5)
        await vouch_once(vouching, Ways())
        assert len(vouching.trouble) == 3
        assert told(setting.verified()) == []
    environment = {
        "CHANGEOVER_TIME_AUTHORITIES": "http://tsa.internal/tsr https://free.example/",
        "CHANGEOVER_WITNESSES": f"{setting.signers[0].key}@https://w.internal/x/",
    }
    assert declared(environment).names >= {"tsa.internal", "free.example", "w.internal"}
    assert vouchers(environment) == [
        Authority("http://tsa.internal/tsr"),
        Authority("https://free.example/"),
        WatchingWitness(setting.signers[0].key, "https://w.internal/x"),
    ]


async def test_of_two_processes_one_asks(setting: Setting):
    with setting.open() as database:
        setting.grow(database, 5)
        one, another = setting.vouching(database), setting.vouching(database)
        assert one.take_turn()
        await vouch_once(another, WAYS)
        assert setting.authority.asked == 0
        # A process that dies with the turn has it for so long only.
        setting.later(91)
        await vouch_once(another, WAYS)
        assert setting.authority.asked == 1


async def test_an_answer_of_something_else_is_not_kept(setting: Setting):
    foreign = WitnessSigner("w1.example", bytes(32))
    setting.vouchers[1] = WatchingWitness(foreign.key, setting.vouchers[1].url)
    with setting.open() as database:
        vouching = setting.vouching(database)
        setting.grow(database, 5)
        await vouch_once(vouching, WAYS)
        assert list(vouching.trouble) == ["w1.example"]
    assert "w1.example" not in [name for name, _, _ in told(setting.verified())]


async def test_a_restored_older_state_is_told_by_witnesses_and_cannot_pass_for_the_newest(
    setting: Setting,
):
    older = setting.data.with_name("older.db")
    with setting.open() as database:
        vouching = setting.vouching(database)
        setting.grow(database, 300)
        await vouch_once(vouching, WAYS)
    shutil.copy(database_file(setting.data), older)
    with setting.open() as database:
        setting.grow(database, 300)
        setting.later(601)
        await vouch_once(setting.vouching(database), WAYS)
    for path in setting.data.glob("changeover.db*"):
        path.unlink()
    shutil.copy(older, database_file(setting.data))
    assert setting.verified()["ok"]
    with setting.open() as database:
        turned_back = setting.vouching(database)
        setting.later(601)
        setting.grow(database, 10)
        await vouch_once(turned_back, WAYS)
        assert set(turned_back.trouble) == {"w1.example", "w2.example"}
        assert (
            "signed a checkpoint of 600 entries, 310 are here" in turned_back.trouble["w1.example"]
        )
        # Nor does a witness sign when the other history has outgrown what it knows.
        setting.grow(database, 400)
        setting.later(601)
        await vouch_once(turned_back, WAYS)
        assert turned_back.trouble["w1.example"] == "It answered with HTTP 422."
    assert [size for name, size, _ in told(setting.verified()) if name[0] == "w"] == [300, 300]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE ledger_stamp SET size = 7 WHERE kind = 'witness'", "no checkpoint of that size"),
        ("UPDATE ledger_stamp SET size = 5 WHERE size = 9", "does not hold"),
        ("UPDATE ledger_stamp SET at = at + 3600000000 WHERE name = 'w1.example'", "another time"),
        ("UPDATE ledger_stamp SET body = x'ff' WHERE kind = 'witness'", "It is no text."),
        ("UPDATE ledger_stamp SET body = x'00' WHERE kind = 'time'", "is no time stamp"),
    ],
)
async def test_an_altered_stamp_is_named(setting: Setting, statement: str, what: str):
    with setting.open() as database:
        setting.grow(database, 5)
        setting.grow(database, 4)
        await vouch_once(setting.vouching(database), WAYS)
    setting.sql(statement)
    fault = setting.verified()["fault"]
    assert fault["kind"] == "stamp"
    assert what in fault["what"] or "something else" in fault["what"]
