"""Previews at the desk on the local socket, and the command that prints them."""

from base64 import b64encode
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from starlette.applications import Starlette

from changeover.cli import changeover
from changeover.web.desk_previews import preview_routes
from changeover.wiring.installation import open_installation
from changeover.wiring.scenarios import SHIPPED
from tests.orders.demonstrations import Demonstration, demonstration

TREASURY = SHIPPED / "instruments" / "2026-03-02-treasury-order.yaml"


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


async def ask(demo: Demonstration, body: dict[str, object]) -> httpx2.Response:
    app = Starlette(routes=preview_routes(demo.proposals, demo.office, demo.clock))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk") as client:
        return await client.post("/previews", json=body)


def file(text: str) -> dict[str, object]:

    return {"name": "order.yaml", "content": b64encode(text.encode()).decode()}


async def test_a_prepared_order_is_previewed_by_its_id(demo: Demonstration):
    found = (await ask(demo, {"order": "state-memo", "at_once": True})).json()
    assert (found["id"], found["effective"]) == ("state-memo", "2026-02-26T14:00:00Z")
    assert found["changes"][0]["to"]["name"] == "GPT-4.1"
    assert "state-memo" not in demo.office.instruments()


async def test_a_file_is_previewed_with_the_prepared_orders_that_it_acts_on(demo: Demonstration):
    text = TREASURY.read_text().replace("treasury-order", "my-order", 1)
    found = (await ask(demo, {"file": file(text)})).json()
    assert found["id"] == "my-order"
    refused = {c["service"] for c in found["changes"] if c["outcome_after"] == "refuse"}
    assert refused == {"treasury-code", "treasury-new"}
    assert any("issued together" in words["en"] for words in found["warnings"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"order": "nothing"}, 404),
        ({"order": "classified-admission-anthropic"}, 409),
        ({"file": file("id: [")}, 400),
        ({"order": "state-memo", "extra": 1}, 400),
    ],
)
async def test_what_cannot_be_previewed_is_said(demo: Demonstration, body, status):
    answered = await ask(demo, body)
    assert answered.status_code == status
    assert answered.json()["error"]["what"]


def test_the_command_prints_what_changes_and_what_to_know(tmp_path: Path):
    with open_installation(tmp_path, demo=True):
        pass
    arguments = ["--data", str(tmp_path), "orders", "preview", "state-memo", "--at-once"]
    printed = CliRunner().invoke(changeover, arguments, catch_exceptions=False).output
    assert "StateChat moves to GPT-4.1 provisionally (state-memo)" in printed
    assert "effective 2026-02-26 09:00 (America/New_York)" in printed
    assert "! “Order to stop working with Anthropic”" in printed
    assert "Claude Sonnet 4.5, allow  GPT-4.1, allow" in printed
    assert "4 other slots stay as they are." in printed
