"""The command: names in one order, and what `--only` and the file promise."""

import benchmarks.__main__ as command
import msgspec
import pytest
from benchmarks.machine import header
from benchmarks.results import Row

FIELDS = ["name", "value", "unit", "against", "ratio", "goal", "holds"]


def test_the_benchmarks_stand_in_one_order() -> None:
    assert list(command.BENCHMARKS) == [
        "gateway",
        "decide",
        "wire",
        "ledger",
        "evidence",
        "start",
        "memory",
        "chat",
    ]


def test_only_runs_what_it_names_and_writes_the_file(tmp_path, monkeypatch, capsys) -> None:
    made = Row(
        name="one", value=1.0, unit="s", against="none", ratio=None, goal="≤ 2 s", holds=True
    )
    ran = []

    def one(_, quick) -> list[Row]:
        ran.append(quick)
        return [made]

    def two(_, __) -> list[Row]:
        raise AssertionError("was not asked for")

    monkeypatch.setattr(command, "BENCHMARKS", {"one": one, "two": two})
    monkeypatch.setattr(command, "_LATEST", tmp_path / "latest.json")
    command.main(["--only", "one", "--quick", "--json"])
    written = msgspec.json.decode((tmp_path / "latest.json").read_bytes())
    assert ran == [True]
    assert [list(each) for each in written] == [FIELDS]
    assert msgspec.json.decode(capsys.readouterr().out) == written


def test_a_name_that_is_none_is_refused(capsys) -> None:
    with pytest.raises(SystemExit) as refused:
        command.main(["--only", "nothing"])
    assert refused.value.code == 2
    assert "nothing" in capsys.readouterr().err


def test_the_header_names_cores_and_versions() -> None:
    told = header()
    assert all(word in told for word in ("cores", "Python", "msgspec", "aiohttp"))
