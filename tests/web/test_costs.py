"""Limits and costs as officers read and set them in pages, and what a replacement would cost."""

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from changeover.gateway.model import CallRecord
from changeover.metering.model import Spent
from changeover.metering.money import DOLLAR
from changeover.storage.drain import CallDrain
from changeover.wiring.areas import area_operations
from changeover.wiring.installation import Installation, open_installation
from tests.storage.test_calls import made
from tests.web.serving import Site

CLAUDE = "anthropic/claude-sonnet-4-5"


@pytest.fixture
def installation(tmp_path: Path):
    with open_installation(tmp_path / "data", demo=True) as opened:
        yield opened


def record(installation: Installation, *costs: int | None, service: str = "statechat") -> None:
    """Calls of a service to Claude, a day before the demonstration's now; None has no price."""
    sink = CallDrain(installation.database, installation.sequencer, demonstration=True)
    sink.drain([_call(installation, n, cost, service) for n, cost in enumerate(costs, 1)])


def _call(installation: Installation, number: int, cost: int | None, service: str) -> CallRecord:
    at = installation.clock.now() - timedelta(days=1)
    call = made(number, at=at, service=service, start=f"run_{service}")
    spent = Spent(cost=cost, basis="unpriced" if cost is None else "counted", cached_tokens=4)
    outcome = msgspec.structs.replace(call.outcome, spent=spent)
    return msgspec.structs.replace(call, outcome=outcome)


def site(installation: Installation) -> Site:
    return Site(*area_operations(installation))


async def asked(installation: Installation, path: str, role: str = "officer", **query: str) -> Any:
    async with await site(installation).signed_in("ada", role) as browser:  # type: ignore[arg-type]
        answered = await browser.get(path, params=query)
    assert answered.status_code == 200, answered.text
    return answered.json()


async def test_costs_are_told_with_what_is_not_known(installation: Installation):
    record(installation, 2 * DOLLAR, DOLLAR // 2, None)
    page = await asked(installation, "/api/desk/costs")
    assert (page["since"], page["total"], page["unknown"]) == ("2026-02", "2.5", 1)
    assert page["months"][:3] == ["2026-02", "2026-01", "2025-12"]
    assert len(page["months"]) == 24
    (line,) = page["costs"]
    assert (line["service"], line["calls"], line["cost"]) == ("statechat", 3, "2.5")
    assert (line["input_tokens"], line["cached_tokens"]) == (33, 12)
    assert page["services"]["statechat"]["fr"]
    assert page["models"][CLAUDE]["en"] == "Claude Sonnet 4.5"
    earlier = await asked(installation, "/api/desk/costs", since="2025-12")
    assert (earlier["since"], earlier["total"]) == ("2025-12", "2.5")


async def test_costs_leave_as_files(installation: Installation):
    record(installation, DOLLAR)
    table = await asked(installation, "/api/desk/costs/export", form="csv")
    assert table["name"] == "costs-csv-2026-02.csv"
    assert b"statechat" in base64.b64decode(table["content"])
    focus = await asked(installation, "/api/desk/costs/export", form="focus", since="2026-01")
    with installation.database.reading() as work:
        told = [json.loads(each.body) for each in work.ledger.entries(kinds=("export",))]
    assert [(each["what"], each["form"]) for each in told] == [("costs", "csv"), ("costs", "focus")]
    left = base64.b64decode(table["content"])
    assert told[0]["sha256"] == hashlib.sha256(left).hexdigest()
    assert base64.b64decode(focus["content"]).startswith(b"BilledCost,")
    async with await site(installation).signed_in("ada", "officer") as browser:
        unknown = await browser.get("/api/desk/costs/export", params={"form": "pdf"})
        since = await browser.get("/api/desk/costs", params={"since": "soon"})
    assert (unknown.status_code, since.status_code) == (400, 400)


@pytest.mark.parametrize("path", ["/api/desk/costs", "/api/limits"])
async def test_staff_read_neither_costs_nor_limits(installation: Installation, path: str):
    async with await site(installation).signed_in("sam", "staff") as browser:
        assert (await browser.get(path)).status_code == 403


async def test_a_limit_is_set_listed_with_what_is_used_and_lifted(installation: Installation):
    record(installation, 2 * DOLLAR)
    budget = {"subject": "service", "named": "statechat", "measure": "money", "period": "month"}
    async with await site(installation).signed_in("adi", "administrator") as browser:
        made = await browser.post("/api/limits", json={**budget, "amount": "2500.50"})
        assert made.status_code == 200, made.text
        assert (made.json()["amount"], made.json()["used"]) == ("2500.5", "2")
        tokens = {"subject": "party", "named": "state", "measure": "tokens", "period": "minute"}
        await browser.post("/api/limits", json={**tokens, "amount": "50000"})
        listed = (await browser.get("/api/limits")).json()["limits"]
        assert [one["used"] for one in listed] == [None, "2"]
        assert listed[1]["set_by"] == "Adi"
        assert listed[1]["until"] == "2026-03-01T05:00:00Z"
        wrong = await browser.post("/api/limits", json={**budget, "amount": "lots"})
        assert wrong.status_code == 400
        lifted = await browser.post("/api/limits/lift", json=budget)
        assert lifted.json()["amount"] == "2500.5"
        again = await browser.post("/api/limits/lift", json=budget)
        assert again.status_code == 404
    assert installation.limits.book.over([("party", "state")])


async def test_a_replacement_is_priced_without_the_old_vendor_s_cache(installation: Installation):
    record(installation, 2 * DOLLAR, None)
    found = await asked(installation, "/api/desk/changeovers/choices", of="anthropic")
    slots = {(one["slot"]["service"], one["slot"]["slot"]): one for one in found["slots"]}
    cost = slots["statechat", "chat"]["cost"]
    assert (cost["now"], cost["unknown"], cost["cached"]) == ("2", 1, 36)
    # Two calls of 11 tokens in and 7 out: GPT-4.1 costs 2 and 8 dollars for a million.
    assert cost["then"]["openai/gpt-4.1"] == "0.000156"
    assert slots["treasury-code", "chat"]["cost"] is None


async def test_a_replacement_without_a_price_says_so(installation: Installation):
    record(installation, DOLLAR)
    found = await asked(installation, "/api/desk/changeovers/choices", of="anthropic")
    prices = [one["cost"]["then"] for one in found["slots"] if one["cost"] is not None]
    assert any(price is None for then in prices for price in then.values())
