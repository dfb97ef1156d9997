"""Officers at the desk's operations, over the shipped scenario and a real database."""

from pathlib import Path

import pytest

from changeover.orders.enforcement import Confirmed, Enforcement
from changeover.web.prepared import PreparedParts, operations
from tests.orders.demonstrations import Demonstration, at, demonstration
from tests.web.serving import Site

ENFORCED = Enforcement(
    revision=2,
    kind="instrument",
    key="state-memo",
    legal=1_000_000,
    committed=2_000_000,
    settled=2_034_999,
    replicas=(
        Confirmed(
            start="start_1", host="one", pid=7, address="http://one/", how="confirmed", at=2_034_000
        ),
    ),
)


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


@pytest.fixture
def site(demo: Demonstration) -> Site:
    def people(parties) -> int:
        return sum(account.party in set(parties) for account in built.people.accounts.all())

    parts = PreparedParts(
        proposals=demo.proposals,
        office=demo.office,
        enforced=lambda key: ENFORCED if key == "state-memo" else None,
        people=people,
        conversations=lambda services: 7 if "statechat" in set(services) else 0,
    )
    built = Site(*operations(parts))
    return built


async def test_two_officers_move_the_service(demo: Demonstration, site: Site):
    one, two = await site.signed_in("ada", "officer"), await site.signed_in("bo", "officer")
    memo = "/api/desk/prepared/state-memo"
    async with one, two:
        listed = (await one.get("/api/desk/prepared")).json()
        prepared = {line["id"]: line for line in listed}["state-memo"]
        assert (prepared["state"], prepared["entered_by"]) == ("prepared", None)
        assert prepared["issuer_name"] == {"en": "Secretary of State", "fr": "secrétaire d'État"}

        entered = await one.post(f"{memo}/entry", json={"at_once": True})
        assert entered.status_code == 200
        assert (entered.json()["state"], entered.json()["entered_by"]) == ("entered", "Ada")

        own = await one.post(f"{memo}/confirmation", json={})
        assert own.status_code == 403
        assert "yourself" in own.json()["error"]["what"]

        confirmed = await two.post(f"{memo}/confirmation", json={})
        assert (confirmed.status_code, confirmed.json()["issued"]) == (200, "state-memo")
        enforcement = confirmed.json()["enforcement"]
        assert (enforcement["took_ms"], enforcement["legal"]) == (34, "1970-01-01T00:00:01Z")
        assert [(r["address"], r["how"]) for r in enforcement["replicas"]] == [
            ("http://one/", "confirmed")
        ]
        issued = demo.office.instrument("state-memo")
        assert (issued.entered_by, issued.confirmed_by) == ("Ada", "Bo")

        again = await two.post(f"{memo}/confirmation", json={})
        assert again.status_code == 404
        left = (await two.get("/api/desk/prepared")).json()
        assert "state-memo" not in {line["id"] for line in left}


async def test_a_preview_has_the_contracts_fields_and_counts_whom_it_concerns(site: Site):
    async with await site.signed_in("ada", "officer") as officer:
        path = "/api/desk/prepared/state-memo/preview"
        found = (await officer.get(path, params={"at_once": "true"})).json()
        assert found["effective"] == found["instrument"]["effective"] == "2026-02-26T14:00:00Z"
        assert (found["unaffected"], found["needs_second"]) == (4, True)
        assert (found["staff"], found["conversations"]) == (1, 7)
        first = found["changes"][0]
        assert (first["service"], first["from"]["name"], first["to"]["name"]) == (
            "statechat",
            "Claude Sonnet 4.5",
            "GPT-4.1",
        )
        assert {"en", "fr"} == set(found["warnings"][0])
        dated = (await officer.get(path)).json()
        assert dated["effective"] == "2026-03-02T17:00:00Z"
        wrong = await officer.get(path, params={"at_once": "perhaps"})
        assert wrong.status_code == 400


async def test_what_is_withdrawn_can_be_entered_again(site: Site):
    async with await site.signed_in("ada", "officer") as officer:
        memo = "/api/desk/prepared/state-memo"
        await officer.post(f"{memo}/entry", json={"at_once": False})
        twice = await officer.post(f"{memo}/entry", json={"at_once": False})
        assert twice.status_code == 409
        withdrawn = await officer.post(f"{memo}/withdrawal", json={})
        assert withdrawn.json()["state"] == "prepared"
        assert (await officer.post(f"{memo}/entry", json={"at_once": True})).status_code == 200


async def test_what_the_scenario_issued_meanwhile_is_a_conflict(demo: Demonstration, site: Site):
    async with await site.signed_in("ada", "officer") as officer:
        memo = "/api/desk/prepared/state-memo"
        await officer.post(f"{memo}/entry", json={"at_once": True})
        demo.player.play(at("2026-03-03"))
        async with await site.signed_in("bo", "officer") as other:
            overtaken = await other.post(f"{memo}/confirmation", json={})
            assert overtaken.status_code == 409
            assert "on record meanwhile" in overtaken.json()["error"]["what"]
        assert (await officer.post(f"{memo}/entry", json={"at_once": True})).status_code == 409


@pytest.mark.parametrize("roles", [("staff",), ("administrator", "auditor", "operator")])
async def test_only_officers_reach_the_desk(site: Site, roles):
    async with await site.signed_in("ana", *roles) as browser:
        assert (await browser.get("/api/desk/prepared")).status_code == 403
        path = "/api/desk/prepared/state-memo/entry"
        assert (await browser.post(path, json={"at_once": True})).status_code == 403
    async with site.browser() as stranger:
        assert (await stranger.get("/api/desk/prepared")).status_code == 401


async def test_what_is_unknown_or_misspelt_is_refused(site: Site):
    async with await site.signed_in("ada", "officer") as officer:
        assert (await officer.get("/api/desk/prepared/nothing/preview")).status_code == 404
        path = "/api/desk/prepared/state-memo/entry"
        assert (await officer.post(path, json={})).status_code == 400
        assert (await officer.post(path, json={"at_once": True, "by": "x"})).status_code == 400
