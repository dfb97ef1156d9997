"""A server, a witness and an authority as their operators run them; the ledger joined and kept."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.keys import keep
from tests.end_to_end.running import COMMAND, Server, environment, said
from tests.time_authority import TimeAuthority, posted_to

KEY = SigningKey("ledger.example/changeover", bytes(range(32)))


def until(holds: Callable[[], Any]) -> Any:
    """What it gives once it gives something."""
    end = time.monotonic() + 40
    while not (found := holds()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return found


def test_checkpoints_on_the_clock_are_vouched_for_shown_and_verified(tmp_path: Path):
    folder, data = tmp_path / "witness", tmp_path / "data"
    data.mkdir()
    keep(data / "ledger.key", KEY)
    witness_key = said(
        data, "witness", "key", "--folder", str(folder), "--name", "w.example"
    ).strip()
    authority = TimeAuthority(tmp_path / "tsa")
    watching = ["witness", "up", "--folder", str(folder), "--watch", str(KEY.verifier)]
    with (
        posted_to(
            lambda body: (200, "application/timestamp-reply", authority.answer(body))
        ) as stamping,
        subprocess.Popen(
            [*COMMAND, *watching, "--port", "0"],
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        ) as witness,
    ):
        assert witness.stdout is not None
        lines = [witness.stdout.readline().strip() for _ in range(3)]
        assert lines[:2] == [f"Witness {witness_key}", "watches ledger.example/changeover"]
        believed = ("--witness", witness_key, "--time-root", str(authority.root))

        def verified() -> dict[str, Any]:
            found: dict[str, Any] = json.loads(said(data, "ledger", "verify", *believed, "--json"))
            return found

        with Server(
            tmp_path,
            CHANGEOVER_CHECKPOINT_EVERY="1",
            CHANGEOVER_TIME_AUTHORITIES=f"{stamping}/tsr",
            CHANGEOVER_WITNESSES=f"{witness_key}@{lines[2].removeprefix('Ready: ')}",
            CHANGEOVER_TILES="true",
        ) as server:
            told = until(lambda: len((found := verified())["vouched"]) == 2 and found)
            assert all(each["checked"] for each in told["vouched"])
            note = until(lambda: "\n— w.example " in (read := shown(server)) and read)
            assert note.startswith("ledger.example/changeover\n")
            assert server.get("/ledger/tile/0/000").status_code == 404
            until(lambda: verified()["clock"]["entries"] > 1)
        witness.send_signal(signal.SIGTERM)
        assert witness.wait(20) == 0
    words = said(data, "ledger", "verify", *believed)
    assert "witness w.example: " in words
    assert "not checked" not in words
    assert "not checked: name its key" in said(data, "ledger", "verify")
    tiles = tmp_path / "tiles"
    assert "holds the tiles of" in said(data, "ledger", "tiles", str(tiles))
    assert (tiles / "checkpoint").is_file()


def shown(server: Server) -> str:
    return server.get("/ledger/checkpoint").text
