"""Routes and bindings as officers read them, and the release of a held route."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from changeover.orders.query import Question, answer
from tests.orders.demonstrations import at
from tests.web.administration import CLAUDE, Administration, administered

RELEASE = "/api/routes/release"
STATECHAT = {"service": "statechat", "route": CLAUDE}


@pytest.fixture
def office(tmp_path: Path):
    with administered(tmp_path) as opened:
        yield opened


async def told(browser: httpx2.AsyncClient, path: str, **query: str) -> Any:
    answered = await browser.get(path, params=query)
    assert answered.status_code == 200, answered.text
    return answered.json()


async def test_a_route_tells_who_answers_and_what_is_decided_for_whoever_is_bound_to_it(
    office: Administration,
):
    async with await office.site.signed_in("ada", "officer") as officer:
        before = await told(officer, "/api/routes")
        assert office.installation.player is not None
        office.installation.player.play(at("2026-03-03"))
        after = await told(officer, "/api/routes")
    routes = {route["id"]: route for route in before["routes"]}
    claude = routes[CLAUDE]
    assert (claude["maker_name"]["en"], claude["host_name"]["en"]) == ("Anthropic", "Anthropic")
    assert (claude["reachable"], claude["stand_in"]) == (True, True)
    assert routes["anthropic/claude-sonnet-4-5@aws"]["reachable"] is False
    uses = {use["service"]: use for use in claude["uses"]}
    assert uses["statechat"]["slots"] == ["chat", "title", "summary"]
    assert uses["statechat"]["decision"]["outcome"] == "allow"
    assert "fannie-documents" not in uses  # bound to another host's route
    gpt = {use["service"]: use["place"] for use in routes["openai/gpt-4.1@openai"]["uses"]}
    assert gpt["treasury-code"] == 1

    claude = {route["id"]: route for route in after["routes"]}[CLAUDE]
    treasury = {use["service"]: use for use in claude["uses"]}["treasury-code"]
    assert (treasury["decision"]["outcome"], treasury["decision"]["because"]) == (
        "refuse",
        "prohibited",
    )
    cited = {order["id"]: order for order in treasury["decision"]["orders"]}
    assert "president-order" in cited
    assert cited["president-order"]["issuer_name"]["fr"]
    assert "statechat" not in {use["service"] for use in claude["uses"]}  # the memo moved it


async def test_a_held_route_says_what_a_release_moves_and_moves_it_then(office: Administration):
    frozen = office.hold()
    async with await office.site.signed_in("ada", "officer") as officer:
        held = (await told(officer, "/api/routes"))["held"]
        line = next(one for one in held if one["route"] == CLAUDE)
        assert (line["service"], line["model_name"]) == ("statechat", "Claude Sonnet 4.5")
        assert [order["id"] for order in line["orders"]] == [frozen]

        changes = (await told(officer, RELEASE, **STATECHAT))["changes"]
        assert {change["slot"] for change in changes} == {"chat", "title", "summary"}
        assert {(c["outcome_before"], c["outcome_after"]) for c in changes} == {("refuse", "allow")}

        released = await officer.post(RELEASE, json=STATECHAT)
        assert released.status_code == 200, released.text
        enforcement = released.json()["enforcement"]
        assert (enforcement["kind"], enforcement["took_ms"]) == ("release", 0)
        left = (await told(officer, "/api/routes"))["held"]
        assert CLAUDE not in {one["route"] for one in left}
        again = await officer.post(RELEASE, json=STATECHAT)
        assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
        assert (await officer.get(RELEASE, params=STATECHAT)).status_code == 409
    ruleset = office.installation.office.rules.current
    question = Question(service="statechat", model=CLAUDE)
    assert answer(ruleset, question, office.installation.clock.now()).outcome == "allow"


async def test_a_binding_tells_its_models_what_made_it_and_what_was_and_will_be(
    office: Administration,
):
    player = office.installation.player
    assert player is not None
    async with await office.site.signed_in("ada", "administrator") as administrator:

        async def chat(service: str) -> Any:
            slots = (await told(administrator, "/api/bindings"))["slots"]
            return next(s for s in slots if s["service"] == service and s["slot"] == "chat")

        first = await chat("statechat")
        assert first["standing"]["models"] == ["anthropic/claude-sonnet-4-5"]
        assert (first["standing"]["order"], first["past"], first["upcoming"]) == (None, [], [])
        assert first["answers"]["name"] == "Claude Sonnet 4.5"
        pilot = await chat("treasury-new")
        assert (pilot["standing"], pilot["answers"]) == (None, None)
        assert pilot["upcoming"][0]["since"] == "2026-03-01T05:00:00Z"

        player.play(at("2026-03-03"))
        moved = await chat("statechat")
        assert moved["standing"]["order"]["id"] == "state-memo"
        assert [line["models"] for line in moved["past"]] == [first["standing"]["models"]]
        assert moved["answers"]["name"] == "GPT-4.1"
        barred = await chat("treasury-code")
        decided = [model["decision"]["outcome"] for model in barred["models"]]
        assert decided == ["refuse", "allow"]
        assert barred["answers"]["name"] == "GPT-4.1"


async def test_officers_and_administrators_read_and_officers_alone_release(office: Administration):
    office.hold()
    for login, role, reads, releases in (
        ("ana", "staff", 403, 403),
        ("oz", "operator", 403, 403),
        ("aud", "auditor", 403, 403),
        ("adi", "administrator", 200, 403),
        ("ada", "officer", 200, 200),
    ):
        async with await office.site.signed_in(login, role) as browser:  # type: ignore[arg-type]
            for path in ("/api/routes", "/api/bindings", "/api/replicas"):
                assert (await browser.get(path)).status_code == reads, (path, role)
            assert (await browser.get(RELEASE, params=STATECHAT)).status_code == releases
            assert (await browser.post(RELEASE, json=STATECHAT)).status_code == releases
    async with office.site.browser() as stranger:
        assert (await stranger.get("/api/routes")).status_code == 401
        assert (await stranger.post(RELEASE, json=STATECHAT)).status_code == 401


async def test_what_is_not_in_the_directory_cannot_be_released(office: Administration):
    async with await office.site.signed_in("ada", "officer") as officer:
        unknown = await officer.post(RELEASE, json={"service": "nobody", "route": CLAUDE})
        assert unknown.status_code == 404
        assert (await officer.get(RELEASE)).status_code == 404
        more = await officer.post(RELEASE, json={**STATECHAT, "by": "Ben"})
        assert more.status_code == 400
