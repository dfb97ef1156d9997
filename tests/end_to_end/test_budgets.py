"""Budgets and limits as officers set them and as each SDK's program meets them."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import anthropic
import openai
import pytest

from changeover.basics.clock import SystemClock
from tests.end_to_end.running import CLAUDE, GPT, MESSAGES, Server

SERVICE = "health-assistant"
# Public prices of gpt-4.1, in dollars for a million tokens.
INPUT, CACHED, OUTPUT = Decimal(2), Decimal("0.5"), Decimal(8)


def ask(server: Server, key: str, **more: Any) -> Any:
    client = server.gpt(key)
    return client.chat.completions.create(
        model=f"openai/{GPT}@openai", messages=MESSAGES, max_tokens=100, **more
    )


def limits(server: Server) -> dict[str, Any]:
    listed = server.ask("limits", "list")["limits"]
    return {f"{one['subject']}/{one['measure']}/{one['period']}": one for one in listed}


def used_when(server: Server, name: str, there: Callable[[Decimal], bool]) -> Decimal:
    """What is used of a limit, once what is asked of it is recorded."""
    until = time.monotonic() + 10
    while True:
        used = Decimal(limits(server)[name]["used"])
        if there(used):
            return used
        assert time.monotonic() < until, used
        time.sleep(0.05)


def cost(usage: Any) -> Decimal:
    details = usage.prompt_tokens_details
    cached = (details.cached_tokens or 0) if details else 0
    fresh = usage.prompt_tokens - cached
    whole: Decimal = fresh * INPUT + cached * CACHED + usage.completion_tokens * OUTPUT
    return whole / 1_000_000


def test_a_budget_counts_exactly_what_vendors_counted_and_refuses_beyond(server: Server):
    key = server.key(SERVICE)
    server.said("limits", "set", "service", SERVICE, "money", "0.05")
    spent = sum((cost(ask(server, key).usage) for _ in range(5)), Decimal(0))
    assert used_when(server, "service/money/month", lambda used: used >= spent) == spent
    server.said("limits", "set", "service", SERVICE, "money", f"{spent:f}")
    assert limits(server)["service/money/month"]["set_by"] == "a.officer"
    with pytest.raises(openai.RateLimitError) as refused:
        ask(server, key)
    assert refused.value.code == "budget_spent"
    assert refused.value.response.headers["x-should-retry"] == "false"
    assert int(refused.value.response.headers["retry-after"]) > 3600
    with pytest.raises(anthropic.RateLimitError, match="does not cover this call"):
        server.claude(key).messages.create(model=CLAUDE, max_tokens=20, messages=MESSAGES)
    lifted = server.said("limits", "lift", "service", SERVICE, "money")
    assert lifted == f"Lifted: service {SERVICE}, US$ {spent.normalize():f} money per month.\n"
    assert ask(server, key).usage.completion_tokens > 0


def test_a_key_s_requests_a_minute_are_told_in_its_sdk_s_headers(server: Server):
    key = server.key(SERVICE)
    server.said("limits", "set", "key", key, "requests", "2")
    while SystemClock().now().second > 50:  # so that one minute holds all of it
        time.sleep(0.5)
    stream = ask(server, key, stream=True)
    assert sum(1 for _ in stream) > 1
    ask(server, key)
    with pytest.raises(openai.RateLimitError) as refused:
        ask(server, key)
    headers = refused.value.response.headers
    assert (headers["x-ratelimit-limit-requests"], headers["x-ratelimit-remaining-requests"]) == (
        "2",
        "0",
    )
    assert 0 < int(headers["retry-after"]) <= 60
    # Another key of the service has its own.
    assert ask(server, server.key(SERVICE)).choices
    server.said("limits", "lift", "key", key, "requests")
    assert ask(server, key).choices


def test_a_route_without_a_price_is_not_called_for_a_party_with_a_budget(server: Server):
    key = server.key(SERVICE)
    server.said("limits", "set", "party", "health", "money", "100", "--per", "day")
    with pytest.raises(openai.PermissionDeniedError) as refused:
        server.gpt(key).chat.completions.create(model="house/open@house", messages=MESSAGES)
    assert refused.value.code == "no_price"
    server.said("limits", "lift", "party", "health", "money", "--per", "day")


def test_a_limit_of_nobody_is_refused(server: Server):
    told = server.said("limits", "set", "service", "statechatt", "money", "5", status=1)
    assert "Did you mean statechat?" in told


def test_costs_are_printed_as_lines_json_and_files(server: Server):
    key = server.key("statechat")
    paid = cost(ask(server, key).usage)
    server.gpt(key).chat.completions.create(model="house/open@house", messages=MESSAGES)
    until = time.monotonic() + 10
    told: dict[str, Any] = {}
    while not told.get("unknown") and time.monotonic() < until:
        told = server.ask("costs")
        time.sleep(0.05)
    lines = {line["route"]: line for line in told["costs"] if line["service"] == "statechat"}
    assert Decimal(lines[f"openai/{GPT}@openai"]["cost"]) == paid
    assert lines["house/open@house"]["unknown"] == 1
    assert sum(Decimal(line["cost"]) for line in told["costs"]) == Decimal(told["total"])
    printed = server.said("costs")
    assert f"Since 2026-02: US$ {told['total']}." in printed
    assert "which are not in the sum: 1." in printed
    focus = server.run("costs", "--as", "focus")
    assert focus.startswith("BilledCost,BillingAccountId,")
    assert server.run("costs", "--as", "csv").count("statechat") == 2
    assert "such as 2026-02" in server.said("costs", "--since", "tomorrow", status=1)
