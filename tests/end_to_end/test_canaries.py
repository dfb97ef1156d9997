"""A server tries by itself whether what orders bar is refused."""

import time
from pathlib import Path

from tests.end_to_end.running import Server, ledger


def test_barred_routes_are_tried_again_and_again_and_no_others(tmp_path: Path):
    with Server(tmp_path, CHANGEOVER_CANARY_HOURS="0.0003") as server:
        server.run("scenario", "play", "--until", "2026-03-03T12:00")
        until = time.monotonic() + 30
        while True:
            told = [entry for entry in ledger(server.data) if entry["kind"] == "canary"]
            times = {entry["at"] for entry in told}
            if len(told) > len({entry["route"] for entry in told}):
                break
            assert time.monotonic() < until, times
            time.sleep(0.2)
        assert {entry["by"] for entry in told} == {"the server itself"}
        # Only the one maker is ordered out by then.
        assert {entry["maker"] for entry in told} == {"anthropic"}
        assert server.ledger_calls() == []
