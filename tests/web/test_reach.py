"""What is touched, over the API: how it stands, volumes, and with a draft as if it were issued."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation
from tests.storage.test_calls import made


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        yield installation


@pytest.fixture
def desk(installation: Installation) -> TestClient:
    return TestClient(desk_of(installation), headers={"x-changeover-officer": "Ada"})


def test_a_vendor_touches_services_with_volumes_and_owners(
    desk: TestClient, installation: Installation
):
    now = installation.clock.now()
    with installation.database.begin() as work:
        work.calls.add(
            [
                made(1, at=now - timedelta(days=1)),
                made(2, at=now - timedelta(hours=1), result="refused"),
                made(3, at=now - timedelta(days=40)),
            ]
        )
    page = desk.get("/desk/reach", params={"of": "anthropic"}).json()
    services = {slot["service"] for slot in page["found"]["slots"]}
    assert {"statechat", "treasury-code", "fannie-documents"} <= services
    [volume] = page["volumes"]
    assert (volume["calls"], volume["refused"], volume["tokens"]) == (1, 1, 36)
    assert page["title"]["en"] == "Anthropic"
    assert set(page["makers"].values()) == {"anthropic"}


def test_with_a_draft_as_if_it_were_issued(desk: TestClient):
    form = {
        "id": "bar",
        "kind": "order",
        "issuer": "president",
        "title": {"en": "Bar", "fr": "Interdiction"},
        "published": "2026-02-26T09:00",
        "clauses": {
            "one": {
                "words": "Nothing.",
                "chosen_by": "Ada",
                "modality": "prohibit",
                "targets": [{"makers": ["anthropic", "openai", "google", "mistral", "house"]}],
                "scope": {"parties": ["government"]},
            }
        },
    }
    draft = desk.post("/desk/drafts", json={"act": "order", "form": form}).json()
    assert draft["id"] in desk.get("/desk/reach/choices").json()["drafts"]
    page = desk.get("/desk/reach", params={"of": "anthropic", "with": draft["id"]}).json()
    assert {one["service"] for one in page["would"]["stranded"]} >= {"statechat", "treasury-code"}


def test_what_is_nothing_is_said(desk: TestClient):
    assert desk.get("/desk/reach", params={"of": "nothing"}).status_code == 404
    assert desk.get("/desk/reach", params={"of": "openai", "at": "soon"}).status_code == 400
