"""The transfer log: what people say of a pack, chained, beside what it shows."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.cli.evidence import evidence
from changeover.evidence.transfers import Handing, hand_over, transfers
from tests.evidence.proven import lived, world
from tests.orders.worlds import day

Judge = Callable[..., dict[str, Any]]


@pytest.fixture
def pack(content: bytes, tmp_path: Path) -> Path:
    file = tmp_path / "handed.zip"
    file.write_bytes(content)
    return file


def hand(pack: Path, giver: str, receiver: str, note: str = "") -> None:
    hand_over(pack, Handing(giver=giver, receiver=receiver, note=note), day(201))


def test_hand_overs_are_kept_in_order_and_change_nothing_of_the_answer(
    pack: Path, content: bytes, judge: Judge
):
    assert transfers(pack) == []
    hand(pack, "ada", "ben", "by courier")
    hand(pack, "ben", "chancery")
    log = transfers(pack)
    assert [(one.giver, one.receiver, one.note) for one in log] == [
        ("ada", "ben", "by courier"),
        ("ben", "chancery", ""),
    ]
    assert len({one.file for one in log}) == 2
    assert judge(pack.read_bytes()) == judge(content)


def rewritten(pack: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(pack) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    with zipfile.ZipFile(pack, "w") as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return pack


def _alter(parts: dict[str, bytes]) -> None:
    parts["transfer-1.json"] = parts["transfer-1.json"].replace(b"ben", b"eve")


def _drop(parts: dict[str, bytes]) -> None:
    del parts["transfer-1.json"]


def _swap(parts: dict[str, bytes]) -> None:
    one, two = parts["transfer-1.json"], parts["transfer-2.json"]
    parts |= {"transfer-1.json": two, "transfer-2.json": one}


def _garble(parts: dict[str, bytes]) -> None:
    parts["transfer-2.json"] = b"[1]"


def _beside(parts: dict[str, bytes]) -> None:
    parts["transfer-x.json"] = parts["transfer-2.json"]


def _other_pack(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = canonical({"another": "pack"})


@pytest.mark.parametrize("change", [_alter, _drop, _swap, _garble, _beside, _other_pack])
def test_a_log_that_was_altered_is_told(pack: Path, change: Callable[[dict[str, bytes]], None]):
    for giver, receiver in (("ada", "ben"), ("ben", "chancery"), ("chancery", "court")):
        hand(pack, giver, receiver)
    with pytest.raises(InvalidInputError, match="does not follow"):
        transfers(rewritten(pack, change))
    with pytest.raises(InvalidInputError, match="does not follow"):
        hand(pack, "eve", "mallory")


def test_what_is_no_pack_has_no_log(tmp_path: Path, pack: Path):
    other = tmp_path / "other.zip"
    other.write_bytes(b"none")
    with pytest.raises(InvalidInputError, match="cannot be read"):
        transfers(other)
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("a", b"")
    with pytest.raises(InvalidInputError, match="no manifest"):
        hand(other, "ada", "ben")
    with pytest.raises(InvalidInputError, match="who gives"):
        hand(pack, " ", "ben")


def test_the_commands_write_and_show_it(pack: Path):
    asked = ["hand-over", str(pack), "--from", "ada", "--to", "ben\x1b[2J", "--note", "No. 7"]
    assert CliRunner().invoke(evidence, ["transfers", str(pack)]).output.startswith("Nobody")
    ran = CliRunner().invoke(evidence, asked)
    assert ran.exit_code == 0
    shown = CliRunner().invoke(evidence, ["transfers", str(pack)]).output
    assert "ada to ben\\x1b[2J (No. 7)" in shown
    assert (
        '"giver": "ada"' in CliRunner().invoke(evidence, ["transfers", str(pack), "--json"]).output
    )


def test_a_log_of_one_pack_does_not_pass_for_anothers(tmp_path: Path, pack: Path):
    hand(pack, "ada", "ben")
    with world(tmp_path / "data") as made:
        other = tmp_path / "other.zip"
        other.write_bytes(lived(made).pack()[0])
    with zipfile.ZipFile(pack) as file, zipfile.ZipFile(other, "a") as to:
        to.writestr("transfer-1.json", file.read("transfer-1.json"))
    with pytest.raises(InvalidInputError, match="does not follow"):
        transfers(other)
