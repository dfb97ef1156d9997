"""What a pack says of controls: canaries against a sink, and clocks that were compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from changeover.evidence.pack_page import page
from tests.evidence.mutations import Opened
from tests.evidence.proven import ALPHA, BETA, World, called, lived, world
from tests.orders.worlds import day

Judge = Callable[..., dict[str, Any]]
CLOUD = "alpha/one@cloud"


def canary(
    made: World, route: str, asked: dict[str, int], refused: dict[str, int] | None = None
) -> None:
    maker, host = route.partition("/")[0], route.partition("@")[2]
    told = {"start": "start_1", "route": route, "maker": maker, "host": host, "asked": asked}
    told |= {"refused": asked if refused is None else refused, "let_out": (), "not_asked": ()}
    told |= {"instruments": ("bar",), "ruleset": "7", "by": "ada"}
    with made.works.begin() as work:
        work.tell("canary", made.clock.now(), told)


def compared(made: World, offset: int, *, error: int | None = 5_000, held: bool = True) -> None:
    told = {"start": "start_1", "host": "h1", "against": "kernel", "offset": offset}
    told |= {"error": error, "synchronised": held}
    with made.works.begin() as work:
        work.tell("clock-offset", made.clock.now(), told)


def controls(found: dict[str, Any]) -> list[str]:
    return [line for line in found["words"] if "canaries" in line or "clocks" in line]


def test_canaries_count_for_the_window_the_routes_and_the_parties_asked_about(
    tmp_path: Path, judge: Judge
):
    with world(tmp_path / "data") as made:
        made.begins("start_1")
        canary(made, ALPHA, {"bureau": 2})
        made.on(20)
        canary(made, ALPHA, {"bureau": 2, "elsewhere": 1}, {"bureau": 2})
        canary(made, BETA, {"bureau": 2})
        made.on(110)
        canary(made, CLOUD, {"bureau": 2})
        made.lives.stopped("start_1", 0)
        ours, _ = made.pack(party="state")
        everybodys, _ = made.pack()
        between, _ = made.pack(since=day(30), until=day(60))
    assert (
        controls(judge(ours))[0]
        == "1 of 3 declared routes were tried with canaries; 1 refused all."
    )
    assert "1 of 3 declared routes were tried with canaries; 0" in controls(judge(everybodys))[0]
    assert controls(judge(between))[0].startswith("0 of 3 declared routes")


def test_a_canary_that_one_time_passed_is_not_made_good_by_another(tmp_path: Path, judge: Judge):
    with world(tmp_path / "data") as made:
        made.on(20)
        made.begins("start_1")
        for refused in ({"bureau": 2}, {}, {"bureau": 2}):
            canary(made, ALPHA, {"bureau": 2}, refused)
        made.on(110)
        made.lives.stopped("start_1", 0)
        found = judge(made.pack()[0])
    assert controls(found)[0].endswith("0 refused all.")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_clocks_that_were_compared_are_told_and_bound_what_times_say(
    tmp_path: Path, judge: Judge, language: Any
):
    with world(tmp_path / "data") as made:
        made.on(20)
        made.begins("start_1")
        compared(made, -250_000)
        compared(made, 0, error=None, held=False)
        made.on(110)
        made.lives.stopped("start_1", 0)
        found = judge(made.pack()[0])
        assert found["verdict"] == "none-recorded"
        said = "2 comparisons of clocks (1 unsynchronised): at most 0.255 s apart."
        assert controls(found)[1] == said
        assert ("0.255" if language == "en" else "0,255") in page(found, language).decode()
        made.on(50)
        compared(made, 400_000_000)
        found = judge(made.pack()[0])
    assert (found["verdict"], found["holds"]) == ("incomplete", True)
    assert found["reasons"] == [
        "A clock stood 0:06:40.005000 from another, and times are as uncertain"
    ]


def test_controls_cannot_be_dropped_or_altered(tmp_path: Path, judge: Judge):
    with world(tmp_path / "data") as made:
        lived(made, called(1, 20))
        made.on(120)
        canary(made, ALPHA, {"bureau": 2}, {})
        compared(made, 400_000_000)
        content, _ = made.pack(until=made.clock.now().replace(year=2027))
    pack = Opened(content)
    lines = pack.lines["entries.jsonl"]
    for at, line in enumerate(lines):
        if b'\\"canary\\"' not in line and b'\\"clock\\"' not in line:
            continue
        for change in (
            None,
            line.replace(b"400000000", b"4"),
            line.replace(b'refused\\":{}', b"x"),
        ):
            mutated = pack.copied()
            if change == line:
                continue
            mutated.lines["entries.jsonl"][at : at + 1] = [] if change is None else [change]
            assert not judge(mutated.closed())["holds"]
