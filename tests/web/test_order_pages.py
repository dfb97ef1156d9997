"""Orders as JSON for their pages: how they stand, since when, and what touches what."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from changeover.orders.model import (
    Implement,
    Instrument,
    Moment,
    Rebinding,
    Rescind,
    Scope,
    Stay,
    Target,
)
from changeover.orders.ruleset import Ruleset
from changeover.web.orders import OrderPage, order_list, order_page
from changeover.web.pages import page_routes
from changeover.web.status import StatusParts, status_routes
from changeover.wiring.installation import Installation, open_installation
from tests.orders.worlds import day, name, order, reading, rules, winding


class NoUpstream:
    """Reaches nothing; orders ask nothing of it."""

    def reaches(self, host: str, protocol: str) -> bool:
        return False

    def stands_in(self, host: str) -> bool:
        return False


def client(installation: Installation, static: Path) -> TestClient:
    parts = StatusParts(
        office=installation.office,
        clock=installation.clock,
        upstream=NoUpstream(),  # type: ignore[arg-type]  # a page of orders sends nothing
        ledger=installation.ledger_head,
        keys=lambda: 0,
        version="1.2.3",
        demonstration=installation.demonstration,
    )
    return TestClient(Starlette(routes=[*status_routes(parts), *page_routes(static)]))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A demonstration, played until 10 March."""
    folder = tmp_path_factory.mktemp("played")
    with open_installation(folder / "data", demo=True) as installation:
        assert installation.player is not None
        installation.player.play(datetime(2026, 3, 10, 5, tzinfo=UTC))
        (folder / "index.html").write_text("<!doctype html>")
        yield client(installation, folder)


def ask(asked: TestClient, path: str) -> Any:
    response = asked.get(path)
    assert response.status_code == 200
    return response.json()


def page(ruleset: Ruleset, id_: str, at: datetime) -> OrderPage:
    return order_page(ruleset, ruleset.issued[id_], at, demonstration=False)


def timeline(ruleset: Ruleset, id_: str) -> list[tuple[datetime, str]]:
    (standing,) = page(ruleset, id_, day(0)).standings
    return [(change.at, change.status) for change in standing.timeline]


def test_lists_orders_the_last_recorded_first(played: TestClient) -> None:
    told = ask(played, "/api/orders")
    assert told["demonstration"] is True
    assert (told["zone"], told["now"]) == ("America/New_York", "2026-03-10T05:00:00Z")
    recorded = [line["recorded"] for line in told["orders"]]
    assert len(recorded) > 10
    assert recorded == sorted(recorded, reverse=True)
    assert {"id", "kind", "title", "issuer_name", "status", "deadline"} <= set(told["orders"][0])


def test_an_orders_page_tells_its_standing_names_and_ties(played: TestClient) -> None:
    told = ask(played, "/api/orders/president-order")
    assert told["summary"]["status"] == "winding-down"
    assert told["summary"]["issuer_name"]["fr"] == "président des États-Unis"
    assert told["issued"]["entered_by"] != told["issued"]["confirmed_by"]
    assert told["standings"] == [
        {
            "clause": "stop",
            "status": "winding-down",
            "deadline": "2026-08-27T20:00:00Z",
            "ended_by": None,
            "timeline": [
                {"at": "2026-02-27T21:00:00Z", "status": "winding-down"},
                {"at": "2026-08-27T20:00:00Z", "status": "operative"},
            ],
        }
    ]
    assert set(told["names"]["parties"]) == {"government", "defence"}
    assert set(told["names"]["vendors"]) == {"anthropic"}
    implementing = {line["id"] for line in told["related"]["implemented_by"]}
    assert {"state-order", "treasury-order", "housing-order"} <= implementing
    assert told["related"]["implements"] == []


def test_a_memo_without_clauses_tells_what_it_puts_in_place(played: TestClient) -> None:
    told = ask(played, "/api/orders/state-memo")
    assert told["standings"] == []
    assert told["summary"]["status"] == "operative"
    assert told["issued"]["instrument"]["rebindings"][0]["models"] == ["openai/gpt-4.1"]
    assert set(told["names"]["services"]) == {"statechat"}
    assert [line["id"] for line in told["related"]["implements"]] == ["state-order"]


def test_an_announcement_has_no_timeline(played: TestClient) -> None:
    told = ask(played, "/api/orders/defence-announcement")
    assert told["summary"]["takes_effect"] is None
    assert [(s["status"], s["timeline"]) for s in told["standings"]] == [("announced", [])]


def test_an_unknown_order_is_not_found(played: TestClient) -> None:
    response = played.get("/api/orders/nope")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
    assert "'nope'" in response.json()["error"]["what"]


@pytest.mark.parametrize("path", ["/", "/orders", "/orders/president-order", "/orders/nope"])
def test_pages_are_served_under_a_strict_policy(played: TestClient, path: str) -> None:
    response = played.get(path)
    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "data:" not in policy
    assert "unsafe" not in policy


def test_nothing_is_on_record_before_a_directory_is(tmp_path: Path) -> None:
    with open_installation(tmp_path / "data", demo=False) as installation:
        asked = client(installation, tmp_path)
        assert ask(asked, "/api/orders")["orders"] == []
        assert ask(asked, "/api/orders")["zone"] == "UTC"
        assert asked.get("/api/orders/any").status_code == 404


def test_a_timeline_holds_every_change_once() -> None:
    whole = reading(since=day(2), until=Moment(at=day(30)), wind_down=winding(day(10)))
    ruleset = rules(order("first", whole))
    assert timeline(ruleset, "first") == [
        (day(2), "winding-down"),
        (day(10), "operative"),
        (day(30), "ended"),
    ]
    assert timeline(rules(order("first", reading(until=Moment(at=day(0))))), "first") == [
        (day(0), "ended")
    ]


def test_a_rescission_ends_the_clauses_and_is_told_on_both_pages() -> None:
    rescission = Instrument(
        id="second",
        kind="order",
        issuer="head",
        title=name("second"),
        published=day(5),
        acts=(Rescind(instruments=("first",)), Implement(instruments=("third",))),
    )
    ruleset = rules(order("first"), order("third"), rescission)
    ended = page(ruleset, "first", day(6))
    assert [(s.status, s.ended_by) for s in ended.standings] == [("ended", "second")]
    assert timeline(ruleset, "first")[-1] == (day(5), "ended")
    assert [line.id for line in ended.related.rescinded_by] == ["second"]
    acting = page(ruleset, "second", day(6)).related
    assert [line.id for line in acting.rescinds] == ["first"]
    assert [line.id for line in acting.implements] == ["third"]
    assert not acting.rescinded_by


def test_a_deadline_is_told_as_rulings_moved_it_and_a_memo_as_it_ended() -> None:
    wound = order("o", reading(wind_down=winding(day(30))))
    stay = order("s", at=day(5), acts=(Stay(instruments=("o",), until=day(9), extends=True),))
    memo = order("m", acts=(Rescind(instruments=("s",)),), at=day(20))
    ruleset = rules(wound, *(msgspec.structs.replace(one, clauses=()) for one in (stay, memo)))
    page = order_page(ruleset, ruleset.issued["o"], day(21), demonstration=False)
    assert (page.summary.deadline, page.standings[0].deadline) == (day(34), day(34))
    listed = {o.id: o.status for o in order_list(ruleset, day(21), demonstration=False).orders}
    assert listed == {"o": "winding-down", "s": "ended", "m": "operative"}


def test_names_are_of_what_is_mentioned_in_any_reading_and_still_there() -> None:
    chosen = reading(targets=(Target(models=("alpha/one", "gone/model"), hosts=("cloud",)),))
    rejected = reading(
        id="other",
        scope=Scope(regulated=("body",), networks=("closed",), services=("desk",)),
        wind_down=winding(day(9), parties=("bureau",)),
    )
    served = {"firm": day(1), "chief": day(1)}
    rebinding = Rebinding(service="far", slots=("chat",), models=("beta/two",))
    instrument = order("first", chosen, rejected, served=served, rebindings=(rebinding,))
    names = page(rules(instrument), "first", day(1)).names
    assert set(names.models) == {"alpha/one"}
    assert set(names.vendors) == {"alpha", "cloud"}
    assert set(names.parties) == {"state", "body", "bureau", "firm"}
    assert set(names.networks) == {"closed"}
    assert set(names.services) == {"desk", "far"}
    assert names.addressees == {"chief": name("The Chief"), "firm": name("Firm")}


def test_an_issuer_that_left_the_directory_is_called_by_its_id() -> None:
    listed = order_list(rules(order("first", issuer="gone")), day(1), demonstration=False)
    assert listed.orders[0].issuer_name == name("gone")
