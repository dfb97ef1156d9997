"""Cosignatures, against a line that another implementation made (aics-tlog 0.2.1, from PyPI)."""

import pytest

from changeover.ledger.checkpoint import Checkpoint, NoteError, SigningKey
from changeover.ledger.cosignatures import WitnessKey, WitnessSigner

SIGNER = WitnessSigner("witness.example/w1", bytes(range(32)))
TEXT = Checkpoint(
    origin="ledger.example/changeover", size=70_000, root=bytes(range(100, 132))
).text()
LINE = (
    "— witness.example/w1 519lMgAAAABpoBmgHZFPs5tmgvC/5ewKgTmdQvp9k9PPLwJSFaOrwQiYrn7hdNNyRwWqiy9i"
    "59bbvy+QELI0OjPt3q9z/TbE7HdJCw==\n"
)
KEY = "witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def test_the_same_key_and_line_as_another_implementation_makes():
    assert str(SIGNER.key) == KEY
    assert SIGNER.cosign(TEXT, 1_772_100_000) == LINE
    assert WitnessKey.parse(KEY).time_of(LINE, TEXT) == 1_772_100_000


def test_a_key_is_read_as_it_was_written():
    assert WitnessSigner.parse(SIGNER.secret_text()).key == SIGNER.key
    assert "secret" not in repr(SIGNER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        KEY.replace("e75f", "e75e"),
        KEY.replace("w1+", "w2+"),
        KEY[:-4],
        str(SigningKey("witness.example/w1", bytes(range(32))).verifier),
    ],
)
def test_what_is_no_witness_key_is_refused(text: str):
    with pytest.raises(NoteError):
        WitnessKey.parse(text)


def test_a_line_that_does_not_hold_is_refused_and_of_others_none_is_taken():
    key = WitnessKey.parse(KEY)
    other = WitnessSigner("witness.example/w2", bytes(32))
    assert key.time_of(other.cosign(TEXT, 5), TEXT) is None
    assert key.time_of(other.cosign(TEXT, 5) + LINE, TEXT) == 1_772_100_000
    for lines, text in (
        (LINE, TEXT.replace("70000", "70001")),
        (LINE.replace("519lMgAAAABpoBmg", "519lMgAAAABpoBmh"), TEXT),
        (LINE.replace("w==", "A=="), TEXT),
        ("— witness.example/w1 nonsens\n", TEXT),
    ):
        with pytest.raises(NoteError):
            key.time_of(lines, text)


def test_a_ledgers_own_signature_passes_for_no_cosignature():
    ledger = SigningKey("witness.example/w1", bytes(range(32)))
    line = ledger.sign(TEXT).decode().split("\n\n")[1]
    assert SIGNER.key.time_of(line, TEXT) is None
