import json

from changeover.standin.calls import CallLog, ReceivedCall, key_digest


def call(time: int) -> ReceivedCall:
    return ReceivedCall(
        time=time, host="openai", method="POST", path="/v1/x", model="m", stream=True, key="k"
    )


def test_memory_is_bounded_and_the_file_is_not(tmp_path):
    log = CallLog(2, tmp_path / "calls.jsonl")
    for time in range(3):
        log.add(call(time))
    assert [kept.time for kept in log.calls] == [1, 2]
    lines = (tmp_path / "calls.jsonl").read_text().splitlines()
    assert [json.loads(line)["time"] for line in lines] == [0, 1, 2]
    assert json.loads(lines[0]) == {
        "time": 0, "host": "openai", "method": "POST", "path": "/v1/x", "model": "m",
        "stream": True, "key": "k",
    }  # fmt: skip


def test_a_key_is_told_by_a_digest_only():
    assert len(key_digest("sk-secret")) == 12
    assert key_digest("sk-secret") != key_digest("sk-other")
    assert key_digest("") == ""
