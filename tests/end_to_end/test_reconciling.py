"""`changeover reconcile` over the running installation's ledger."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.end_to_end.running import GPT, MESSAGES, Server, changeover
from tests.end_to_end.vendors import Vendors


def usage(begins: datetime, requests: int) -> str:
    """OpenAI's usage report of an hour."""
    result = {"object": "organization.usage.completions.result", "input_tokens": 9,
              "output_tokens": 9, "num_model_requests": requests, "api_key_id": "key_1"}  # fmt: skip
    bucket = {
        "object": "bucket",
        "start_time": int(begins.timestamp()),
        "end_time": int((begins + timedelta(hours=1)).timestamp()),
        "results": [result],
    }
    return json.dumps({"object": "page", "data": [bucket]})


def test_what_the_vendor_counted_is_found_in_the_ledger_or_is_a_bypass(tmp_path: Path):
    with Vendors() as vendors:
        more = {"OPENAI_API_KEY": "sk-none", "OPENAI_BASE_URL": f"{vendors.url}/openai/v1"}
        with Server(tmp_path / "server", OPENAI_API_KEY=more["OPENAI_API_KEY"],
                    OPENAI_BASE_URL=more["OPENAI_BASE_URL"]) as server:  # fmt: skip
            client = server.gpt(server.key("treasury-code"))
            answer = client.chat.completions.create(model=GPT, messages=MESSAGES)
            assert answer.choices
            [call] = server.calls_when(1)
            assert not call["stand_in"]
            data = server.data
    at = datetime.fromisoformat(call["at"]).astimezone(UTC)
    hour = at.replace(minute=0, second=0, microsecond=0)
    same, more_than = tmp_path / "same.json", tmp_path / "more.json"
    same.write_text(usage(hour, 1))
    more_than.write_text(usage(hour, 3))
    found = json.loads(changeover(data, "reconcile", str(same), "--json"))
    assert found["verdict"] == "reconciled"
    assert [row["sent"] for row in found["rows"]] == [1]
    said = changeover(data, "reconcile", str(more_than), status=1)
    assert "BYPASS +2" in said
    assert "key_1" in said
    said = changeover(data, "reconcile", str(same), "--order", "no-such-order", status=1)
    assert "no-such-order" in said
    window = ("--vendor", call["maker"], "--from", f"{hour:%Y-%m-%dT%H:%MZ}", "--to",
              f"{hour + timedelta(hours=1):%Y-%m-%dT%H:%MZ}")  # fmt: skip
    for counts, words in (
        (same, "All that the files count"),
        (more_than, "In one span of time more"),
    ):
        file = tmp_path / f"{counts.stem}.zip"
        made = changeover(data, "evidence", "export", *window, "--out", str(file),
                          "--reconcile", str(counts))  # fmt: skip
        assert words in made
        told = changeover(data, "evidence", "verify", str(file), status=1)
        assert ("Others counted what is not here" in told) is (counts == more_than)
