"""Retention rules, legal holds and what people said of answers, over the desk."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation

RECORDS, RULES, HOLDS = "/desk/records", "/desk/records/rules", "/desk/records/holds"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with open_installation(tmp_path_factory.mktemp("records") / "data", demo=True) as installation:
        yield installation


@pytest.fixture
def desk(installation: Installation) -> TestClient:
    return TestClient(desk_of(installation), headers={"x-changeover-officer": "Ada"})


def page(desk: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = desk.get(RECORDS).json()
    return found


def test_a_rule_counts_for_the_parts_of_a_party_until_it_is_taken_away(
    desk: TestClient, installation: Installation
):
    records = installation.records
    assert page(desk)["rules"] == []
    assert (records.days("state"), records.staff_may_remove("state")) == (None, True)
    body = {"days": 365, "staff_may_remove": False, "seen": 0}
    line = desk.put(f"{RULES}/government", json=body).json()
    assert (line["set_by"], line["seen"]) == ("Ada", 1)
    assert (records.days("state"), records.staff_may_remove("state")) == (365, False)
    assert page(desk)["rules"] == [line]
    # Who saw no rule does not write over one, nor over another version of it.
    assert desk.put(f"{RULES}/government", json=body).status_code == 409
    own = desk.put(f"{RULES}/state", json={"days": None, "staff_may_remove": True, "seen": 0})
    assert own.status_code == 200
    assert (records.days("state"), records.staff_may_remove("state")) == (None, True)
    assert desk.request("DELETE", f"{RULES}/state", json={"seen": 1}).status_code == 200
    assert records.days("state") == 365
    again = desk.put(f"{RULES}/state", json={"days": 30, "staff_may_remove": True, "seen": 0})
    assert (again.json()["seen"], records.days("state")) == (3, 30)


@pytest.mark.parametrize(
    ("party", "days", "words"),
    [("nobody", 30, "no party"), ("state", 0, "1 to 36500"), ("state", 40_000, "1 to 36500")],
)
def test_a_rule_that_cannot_be_is_refused(desk: TestClient, party: str, days: int, words: str):
    body = {"days": days, "staff_may_remove": True, "seen": 0}
    refused = desk.put(f"{RULES}/{party}", json=body)
    assert refused.status_code == 400
    assert words in refused.text


def test_a_hold_stands_until_it_is_ended_with_a_reason_and_that_is_undone(
    desk: TestClient, installation: Installation
):
    wanted = {"name": "Treaty", "why": "A suit was announced.", "parties": ["government"]}
    begun = desk.post(HOLDS, json=wanted).json()
    assert begun["hold"]["state"] == "held"
    assert installation.records.held("state")
    one = f"{HOLDS}/{begun['id']}"
    assert desk.post(one + "/end", json={"why": " ", "seen": 1}).status_code == 400
    ended = desk.post(one + "/end", json={"why": "Settled.", "seen": 1}).json()
    assert (ended["hold"]["state"], ended["hold"]["ended_why"]) == ("ended", "Settled.")
    assert not installation.records.held("state")
    assert desk.post(one + "/end", json={"why": "Settled.", "seen": 2}).status_code == 409
    assert desk.post(one + "/return", json={"seen": 1}).status_code == 409
    assert desk.post(one + "/return", json={"seen": 2}).json()["hold"]["state"] == "held"
    assert installation.records.held("state")
    desk.post(one + "/end", json={"why": "Settled.", "seen": 3})
    with installation.database.reading() as work:
        bodies = [msgspec.json.decode(entry.body) for entry in work.ledger.entries()]
        waiting = [msgspec.json.decode(entry.body) for entry in work.queue.waiting()]
    told = [body for body in (*bodies, *waiting) if body.get("id") == begun["id"]]
    assert [(one["paper"], one["version"], one["by"]) for one in told] == [
        ("legal-hold", version, "Ada") for version in (1, 2, 3, 4)
    ]
    assert "Treaty" not in str(told)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parties": []}, "at least one party"),
        ({"parties": ["nobody"]}, "no party"),
        ({"name": ""}, "name has 1 to"),
        ({"why": "a" * 3000}, "A reason has 1 to"),
        ({"order": "nothing"}, "no order"),
    ],
)
def test_a_hold_that_cannot_be_is_refused(desk: TestClient, change: dict[str, Any], words: str):
    wanted = {"name": "Treaty", "why": "A suit.", "parties": ["state"]} | change
    refused = desk.post(HOLDS, json=wanted)
    assert refused.status_code == 400
    assert words in refused.text


def test_an_order_that_bars_proposes_a_hold_until_somebody_answers(
    desk: TestClient, installation: Installation
):
    before = {one["order"]["id"] for one in page(desk)["proposed"]}
    assert installation.player is not None
    installation.player.play(datetime(2026, 4, 20, tzinfo=UTC))
    proposed = {one["order"]["id"]: one for one in page(desk)["proposed"]}
    assert len(proposed) > len(before)
    in_inbox = [one for one in desk.get("/desk/inbox").json()["items"] if one["kind"] == "hold"]
    assert {one["key"] for one in in_inbox} == proposed.keys()
    first, second = sorted(proposed)[:2]
    assert proposed[first]["parties"]
    wanted = {"name": "x", "why": "y", "parties": proposed[first]["parties"], "order": first}
    assert desk.post(HOLDS, json=wanted).json()["order"]["id"] == first
    declined = desk.post(HOLDS + "/declined", json={"order": second, "why": "Nothing is said."})
    assert declined.status_code == 200
    left = page(desk)
    assert {one["order"]["id"] for one in left["proposed"]} == proposed.keys() - {first, second}
    assert second not in {one["hold"]["order"] for one in left["holds"]}


def test_what_was_said_of_answers_is_told_without_who_said_it(desk: TestClient):
    assert desk.get("/desk/feedback").json()["models"] == []
    exported = desk.get("/desk/feedback/export").json()
    assert exported["name"] == "feedback.csv"
    assert desk.get("/desk/feedback", params={"days": 0}).status_code == 200
    assert desk.get("/desk/feedback", params={"days": 9999}).status_code == 400
