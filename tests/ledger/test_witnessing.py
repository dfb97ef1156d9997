"""A witness signs what began with what it knows, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError
from changeover.ledger.checkpoint import Checkpoint, NoteError, SigningKey
from changeover.ledger.cosignatures import WitnessSigner
from changeover.ledger.tree import EMPTY_ROOT, consistency_proof, leaf_hash, root
from changeover.ledger.witness_folder import WitnessFolder, WitnessKeyError, witness_key
from changeover.ledger.witnessing import Addition, Witness, forked, read_addition
from changeover.web.witness import witness_application

KEY = SigningKey("ledger.example/changeover", bytes(range(32)))
NOW = datetime(2026, 2, 26, 14, tzinfo=UTC)


def history(of: bytes, size: int = 40) -> list[bytes]:
    """Leaves that are common to all histories up to 10, and then this one's own."""
    return [leaf_hash(b"%d" % n if n < 10 else b"%b%d" % (of, n)) for n in range(size)]


ONE, OTHER = history(b"one"), history(b"other")


def note(leaves: list[bytes], size: int, key: SigningKey = KEY) -> bytes:
    return key.sign(
        Checkpoint(origin=KEY.verifier.name, size=size, root=root(leaves[:size])).text()
    )


def asked(leaves: list[bytes], old: int, size: int) -> bytes:
    proof = consistency_proof(leaves[:size], old) if old else []
    return Addition(old, tuple(proof), note(leaves, size)).written()


@pytest.fixture
def folder(tmp_path: Path):
    opened = WitnessFolder(tmp_path / "witness")
    yield opened
    opened.close()


def witness(folder: WitnessFolder, name: str = "w.example") -> Witness:
    return Witness(WitnessSigner(name, bytes(32)), [KEY.verifier], folder, FixedClock(NOW))


def test_a_request_is_read_as_it_was_written():
    written = asked(ONE, 5, 12)
    read = read_addition(written)
    assert (read.old, read.written()) == (5, written)
    assert read.note == note(ONE, 12)


def test_a_ledger_that_grows_is_signed_each_time_and_again(folder: WitnessFolder):
    watching = witness(folder)
    text = Checkpoint(origin=KEY.verifier.name, size=12, root=root(ONE[:12])).text()
    for old, size in ((0, 5), (5, 12), (12, 12), (12, 40)):
        reply = watching.add_checkpoint(asked(ONE, old, size))
        assert reply.status == 200, reply.body
        if size == 12:
            key = WitnessSigner("w.example", bytes(32)).key
            assert key.time_of(reply.body, text) == int(NOW.timestamp())


def test_what_is_not_as_the_protocol_has_it_is_refused_with_its_status(folder: WitnessFolder):
    watching = witness(folder)
    assert watching.add_checkpoint(asked(ONE, 0, 12)).status == 200
    foreign = SigningKey(KEY.verifier.name, bytes(32))
    unknown = SigningKey("unknown.example", bytes(32))
    unknown_text = Checkpoint(origin="unknown.example", size=1, root=bytes(32)).text()
    cases = (
        (b"old 1\n", 400),
        (b"old 01\n\n" + note(ONE, 12), 400),
        (b"new 0\n\n" + note(ONE, 12), 400),
        (b"old 0\nAAAA\n\n" + note(ONE, 12), 400),
        (b"old 0\n\nno note", 400),
        (b"old 99\n\n" + note(ONE, 12), 400),
        (b"old 0\n\n" + unknown.sign(unknown_text), 404),
        (b"old 12\n\n" + note(ONE, 20, foreign), 403),
        (asked(ONE, 5, 20), 409),
        (b"old 12\n\n" + note(ONE, 20), 422),
        (asked(ONE, 12, 20).replace(b"old 12\n", b"old 12\n" + b"A" * 43 + b"=\n"), 422),
    )
    for body, status in cases:
        assert watching.add_checkpoint(body).status == status, body
    kept = watching.add_checkpoint(asked(ONE, 5, 20))
    assert (kept.body, kept.media_type) == ("12\n", "text/x.tlog.size")
    assert watching.add_checkpoint(asked(ONE, 12, 20)).status == 200


def test_a_shorter_ledger_is_not_signed(folder: WitnessFolder):
    watching = witness(folder)
    assert watching.add_checkpoint(asked(ONE, 0, 30)).status == 200
    for body in (asked(ONE, 0, 12), asked(ONE, 12, 12), asked(ONE, 12, 20)):
        reply = watching.add_checkpoint(body)
        assert (reply.status, reply.body) == (409, "30\n")


def test_a_fork_is_signed_by_no_witness_twice_and_caught_between_two(tmp_path: Path):
    """The ledger shows one history to one witness and another to the other."""
    first, second = WitnessFolder(tmp_path / "w1"), WitnessFolder(tmp_path / "w2")
    one, other = witness(first, "w1.example"), witness(second, "w2.example")
    assert one.add_checkpoint(asked(ONE, 0, 20)).status == 200
    assert other.add_checkpoint(asked(OTHER, 0, 20)).status == 200
    # Each keeps to what it was shown: no proof joins the two.
    assert one.add_checkpoint(asked(OTHER, 20, 20)).status == 409
    assert one.add_checkpoint(asked(OTHER, 20, 30)).status == 422
    assert other.add_checkpoint(asked(ONE, 20, 30)).status == 422
    # Whoever asks both has the two notes under the ledger's one key.
    name = KEY.verifier.name
    notes = [kept for kept in (first.newest(name), second.newest(name)) if kept]
    caught = forked(notes, KEY.verifier)
    assert caught is not None
    assert {caught[0].root, caught[1].root} == {root(ONE[:20]), root(OTHER[:20])}
    assert forked([note(ONE, 20), note(ONE, 30)], KEY.verifier) is None
    # And a witness keeps what it refused: it is signed, and shows the fork by itself.
    assert len(list((tmp_path / "w1" / "refused").iterdir())) == 2
    first.close()
    second.close()


def test_a_witness_that_was_started_anew_remembers(tmp_path: Path):
    before = WitnessFolder(tmp_path)
    assert witness(before).add_checkpoint(asked(ONE, 0, 20)).status == 200
    with pytest.raises(ConflictError):
        WitnessFolder(tmp_path)
    before.close()
    after = WitnessFolder(tmp_path)
    assert witness(after).add_checkpoint(asked(OTHER, 0, 20)).status == 409
    assert witness(after).add_checkpoint(asked(ONE, 20, 21)).status == 200
    after.close()


def test_what_it_cannot_put_on_the_disk_it_does_not_sign(tmp_path: Path):
    class Full:
        def newest(self, origin: str) -> bytes | None:
            return None

        def keep(self, origin: str, note: bytes) -> None:
            raise OSError("no space")

        def refuse(self, origin: str, request: bytes) -> None: ...

    watching = Witness(WitnessSigner("w", bytes(32)), [KEY.verifier], Full(), FixedClock(NOW))
    with pytest.raises(OSError, match="no space"):
        watching.add_checkpoint(asked(ONE, 0, 20))


def test_two_ledgers_of_one_name_cannot_be_watched(folder: WitnessFolder):
    others = SigningKey(KEY.verifier.name, bytes(32)).verifier
    with pytest.raises(NoteError, match="of one name"):
        Witness(WitnessSigner("w", bytes(32)), [KEY.verifier, others], folder, FixedClock(NOW))


def test_the_key_is_made_once_under_its_name(tmp_path: Path):
    with pytest.raises(WitnessKeyError):
        witness_key(tmp_path, None)
    made = witness_key(tmp_path, "w.example")
    assert witness_key(tmp_path, None).key == made.key
    with pytest.raises(WitnessKeyError, match="not of other"):
        witness_key(tmp_path, "other.example")
    (tmp_path / "witness.key").chmod(0o644)
    with pytest.raises(WitnessKeyError, match="reached by others"):
        witness_key(tmp_path, None)


def test_over_http_it_answers_as_the_protocol_has_it(folder: WitnessFolder):
    asking = TestClient(witness_application(witness(folder)))
    signed = asking.post("/add-checkpoint", content=asked(ONE, 0, 20))
    assert (signed.status_code, signed.text[:12]) == (200, "— w.example ")
    conflict = asking.post("/add-checkpoint", content=asked(ONE, 0, 20))
    assert (conflict.status_code, conflict.text) == (409, "20\n")
    assert conflict.headers["content-type"] == "text/x.tlog.size"
    assert asking.post("/add-checkpoint", content=bytes(70_000)).status_code == 413
    assert asking.get("/add-checkpoint").status_code == 405


def test_the_empty_ledger_is_where_all_begin(folder: WitnessFolder):
    empty = KEY.sign(Checkpoint(origin=KEY.verifier.name, size=0, root=EMPTY_ROOT).text())
    assert witness(folder).add_checkpoint(b"old 0\n\n" + empty).status == 200
    assert witness(folder).add_checkpoint(asked(ONE, 0, 20)).status == 200
