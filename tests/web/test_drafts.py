"""Officers write drafts over the API: forms, conflicts, previews, entries, sources."""

import base64
from pathlib import Path

import pytest

from changeover.intake.office import IntakeOffice
from changeover.orders.drafts import DraftOffice
from changeover.web.drafts import DraftParts, operations
from tests.orders.demonstrations import Demonstration, at, demonstration
from tests.web.serving import Site

DRAFTS = "/api/desk/drafts"


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


@pytest.fixture
def site(demo: Demonstration) -> Site:
    demo.player.play(at("2026-03-10T12:00"))
    parts = DraftParts(
        drafts=DraftOffice(demo.works, demo.office, demo.proposals, demo.clock),
        office=demo.office,
        intake=IntakeOffice(demo.works, demo.office, demo.clock),
        clock=demo.clock,
        people=lambda parties: len(set(parties)),
        conversations=lambda services: 7 if "statechat" in set(services) else 0,
        demonstration=True,
    )
    return Site(*operations(parts))


async def test_a_draft_from_the_first_word_to_its_entry(demo: Demonstration, site: Site):
    one, two = await site.signed_in("ada", "officer"), await site.signed_in("bo", "officer")
    async with one, two:
        text = base64.b64encode(b"The order is rescinded.").decode()
        source = {"name": "note.txt", "content": text, "address": "https://gov.example/note"}
        kept = (await one.post("/api/desk/sources", json=source)).json()
        assert (kept["address"], len(kept["sha256"])) == ("https://gov.example/note", 64)

        body = {"act": "rescind", "about": "state-order"}
        draft = (await one.post(DRAFTS, json=body)).json()
        assert draft["form"]["rescinds"] == ["state-order"]
        where = f"{DRAFTS}/{draft['id']}"
        bare = (await one.get(f"{where}/preview")).json()
        assert (bare["freeing"], len(bare["refusals"])) == (True, 1)

        form = draft["form"] | {"sources": [kept]}
        draft = (await one.put(where, json={"version": 1, "form": form})).json()
        assert draft["problems"] == []
        late = await two.put(where, json={"version": 1, "form": form})
        assert (late.status_code, late.json()["error"]["code"]) == (409, "overtaken")

        preview = (await one.get(f"{where}/preview?at_once=true")).json()
        assert preview["refusals"] == []
        assert preview["preview"]["needs_second"] is True
        (barred, *_) = preview["still_barred"]
        assert (barred["service"], barred["because"]) == ("statechat", "new-use")
        assert [order["id"] for order in barred["by"]] == ["president-order"]

        entry = {"version": 2, "at_once": True, "seen": "another"}
        moved = await one.post(f"{where}/entry", json=entry)
        assert (moved.status_code, moved.json()["error"]["code"]) == (409, "preview_overtaken")
        entered = await one.post(f"{where}/entry", json=entry | {"seen": preview["seen"]})
        assert entered.json() == {"instrument": form["id"], "issued": False}
        assert (await two.get(where)).json()["state"] == "entered"

        versions = (await two.get(f"{where}/versions")).json()
        assert [(v["version"], v["by"]) for v in versions] == [(1, "Ada"), (2, "Ada"), (3, "Ada")]


async def test_removing_is_undone(site: Site):
    async with await site.signed_in("ada", "officer") as one:
        draft = (await one.post(DRAFTS, json={"act": "order"})).json()
        where = f"{DRAFTS}/{draft['id']}"
        removed = (await one.post(f"{where}/removal", json={"version": 1})).json()
        assert removed["state"] == "removed"
        assert (await one.get(DRAFTS)).json() == []
        back = (await one.post(f"{where}/restoration", json={"version": 2})).json()
        assert (back["state"], back["form"]) == ("open", draft["form"])


async def test_what_the_forms_choose_from(site: Site):
    async with await site.signed_in("ada", "officer") as one:
        found = (await one.get("/api/desk/choices?about=designation-b")).json()
    acts = {act["act"]: act for act in found["acts"]}
    assert acts["stay"]["issuers"] == ["appeals-court", "district-court"]
    assert acts["order"]["about"] is False
    parties = {party["id"]: party["depth"] for party in found["parties"]}
    assert (parties["government"], parties["state"]) == (0, 1)
    assert "D-1" in found["contracts"]
    assert found["orders"][0]["id"] == "exemption-memo"
    president = next(o for o in found["orders"] if o["id"] == "president-order")
    assert len(president["clauses"][0]["readings"]) == 2


async def test_only_officers_write(site: Site):
    async with await site.signed_in("ana", "staff") as staff:
        assert (await staff.get(DRAFTS)).status_code == 403
        assert (await staff.post(DRAFTS, json={"act": "order"})).status_code == 403
