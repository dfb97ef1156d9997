"""The reference notes and keys are those of Go's sumdb/note, whose form C2SP took over."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.ledger.checkpoint import (
    Checkpoint,
    NoteError,
    SigningKey,
    VerifierKey,
    open_checkpoint,
    open_note,
    read_checkpoint,
)
from changeover.ledger.tree import EMPTY_ROOT

SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNED = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)
OTHER = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33"
    "WWd1RvMc+QQ=\n"
)
KEY = SigningKey("ledger.example/changeover", bytes(range(32)))
NOTE = KEY.sign(Checkpoint(origin=KEY.verifier.name, size=12, root=EMPTY_ROOT).text())


def test_the_reference_note():
    key = SigningKey.parse(SKEY)
    assert str(key.verifier) == VKEY
    assert key.sign(TEXT) == (TEXT + "\n" + SIGNED).encode()
    assert open_note(key.sign(TEXT), VerifierKey.parse(VKEY))[0] == TEXT


def test_other_signatures_are_left_alone():
    key = VerifierKey.parse(VKEY)
    assert open_note(f"{TEXT}\n{OTHER}{SIGNED}".encode(), key)[0] == TEXT
    with pytest.raises(NoteError, match="not signed by"):
        open_note(f"{TEXT}\n{OTHER}".encode(), key)


def test_keys_read_back():
    assert VerifierKey.parse(str(KEY.verifier)) == KEY.verifier
    assert SigningKey.parse(KEY.secret_text()).verifier == KEY.verifier
    assert SigningKey.generate("a").verifier != SigningKey.generate("a").verifier
    assert base64.b64encode(bytes(range(32))).decode() not in repr(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        VKEY.replace("c74f20a3", "c74f20a4"),
        VKEY.replace("PeterNeumann", "Peter Neumann"),
        VKEY.replace("+ARpc", "+AxRpc"),
        VKEY[:-4],
        "n+00000000+" + base64.b64encode(b"\x02" + bytes(32)).decode(),
    ],
)
def test_malformed_keys_are_refused(text: str):
    with pytest.raises(NoteError):
        VerifierKey.parse(text)
    with pytest.raises(NoteError):
        SigningKey.parse("PRIVATE+KEY+" + text)
    with pytest.raises(NoteError):
        SigningKey.parse(text)


def test_a_checkpoint_reads_back():
    checkpoint = Checkpoint(origin=KEY.verifier.name, size=12, root=EMPTY_ROOT)
    assert open_checkpoint(NOTE, KEY.verifier) == checkpoint
    assert NOTE.decode().splitlines()[:4] == [
        "ledger.example/changeover",
        "12",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "",
    ]


def test_a_checkpoint_of_another_ledger_is_refused():
    note = KEY.sign(Checkpoint(origin="elsewhere", size=1, root=EMPTY_ROOT).text())
    with pytest.raises(NoteError, match="elsewhere"):
        open_checkpoint(note, KEY.verifier)


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
@settings(max_examples=200)
def test_any_changed_byte_is_noticed(at: int, change: int):
    altered = bytearray(NOTE)
    altered[at] ^= change
    with pytest.raises(NoteError):
        open_checkpoint(bytes(altered), KEY.verifier)


@given(st.binary(max_size=120))
@settings(max_examples=100)
def test_garbage_is_a_note_error(garbage: bytes):
    with pytest.raises(NoteError):
        open_note(garbage, KEY.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "origin\n012\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "origin\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "origin\n１\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "origin\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "origin\n1\nAAAA\n",
        "origin\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n",
        "origin\n1\n",
        "",
    ],
)
def test_malformed_checkpoints_are_refused(text: str):
    with pytest.raises(NoteError):
        read_checkpoint(text)


def test_too_many_signatures_are_refused():
    with pytest.raises(NoteError, match="more than"):
        open_note(f"{TEXT}\n{OTHER * 20}{SIGNED}".encode(), VerifierKey.parse(VKEY))
