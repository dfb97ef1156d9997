"""A use that one process recorded is known to the rules of the others."""

import time

from changeover.orders.lease import Terms
from changeover.orders.uses import Use
from changeover.storage.drain import CallDrain
from changeover.wiring.installation import open_installation
from changeover.wiring.joining import joined
from changeover.wiring.places import DATABASE_VARIABLE
from tests.storage.test_calls import made

WITHIN = 10.0


def test_what_another_process_recorded_is_noted(tmp_path, postgres, monkeypatch):
    environment = {DATABASE_VARIABLE: postgres.empty()}
    one = open_installation(tmp_path, environment, demo=True)
    other = open_installation(tmp_path, environment, demo=True)
    with one as recording, other as deciding:
        noted: list[tuple[Use, int]] = []
        begun: list[bool] = []

        def note(days) -> None:
            begun.append(True)
            noted.extend(days)

        monkeypatch.setattr(deciding.office, "note_calls", note)
        with joined(deciding, "start_2", Terms(), deciding.catch_up):
            until = time.monotonic() + WITHIN
            while not begun and time.monotonic() < until:
                time.sleep(0.01)
            drain = CallDrain(recording.database, recording.sequencer, demonstration=True)
            call = made(1)
            drain.drain([call])
            while not noted and time.monotonic() < until:
                time.sleep(0.01)
        intent = call.intent
        assert [use for use, _ in noted] == [Use(intent.service, intent.purpose, intent.maker)]
