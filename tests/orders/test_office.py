"""The acts of officers: checked, recorded as one, and in force when they return."""

import threading
from typing import Any

import msgspec
import pytest

from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.basics.instants import microseconds
from changeover.directory.model import Issuer
from changeover.orders import usecases
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.in_force import Rules
from changeover.orders.model import Rescind, Scope, Stay
from changeover.orders.query import Question, answer
from changeover.orders.ruleset import Known, Ruleset, call_of, compile_ruleset
from changeover.orders.usecases import Office
from changeover.orders.uses import DAY, Use
from changeover.storage.database import Database
from tests.orders.conftest import Desk
from tests.orders.worlds import bind, day, directory, name, order, reading, source, winding

ONE, TWO = "alpha/one@alpha", "beta/two@beta"


def utc_day(number: int) -> int:
    return microseconds(day(number)) // DAY


def because(desk: Desk, **asked: Any) -> str:
    question = Question(service="desk", model=ONE, **asked)
    ruleset = desk.office.ruleset(known_at=question.known_at)
    return answer(ruleset, question, desk.clock.now()).because


def test_a_slow_load_never_replaces_a_newer_ruleset(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    started, go_on = threading.Event(), threading.Event()
    real = compile_ruleset

    def slow(known: Known, **given: Any):
        compiled = real(known, **given)
        if threading.current_thread().name == "slow":
            started.set()
            go_on.wait(5)
        return compiled

    monkeypatch.setattr(usecases, "compile_ruleset", slow)
    office = Office(desk.works, desk.days, desk.clock)
    first = threading.Thread(name="slow", target=office.load)
    first.start()
    started.wait(5)
    second = threading.Thread(target=lambda: office.issue(order("bar"), by="a"))
    second.start()
    second.join(0.2)
    go_on.set()
    first.join(5)
    second.join(5)
    assert "bar" in office.instruments()


def test_what_was_recorded_when_the_rules_failed_is_in_force_after_the_next_act(desk: Desk):
    def fail() -> list[tuple[Use, int]]:
        raise OSError("The disk is gone.")

    known, desk.days.days = desk.days.days, fail  # type: ignore[method-assign]
    with pytest.raises(OSError, match="disk is gone"):
        desk.office.issue(order("bar", reading(wind_down=winding(day(3)))), by="a")
    desk.days.days = known  # type: ignore[method-assign]
    desk.office.issue(order("later", reading(scope=Scope(parties=("bureau",)))), by="a")
    assert list(desk.office.instruments()) == ["bar", "later"]


def test_the_rules_ignore_a_ruleset_of_an_earlier_record():
    def compiled(seq: int):
        return compile_ruleset(Known(directory=directory(), issued=(), seq=seq), version=f"r{seq}")

    rules, heard = Rules(), []
    rules.subscribe(lambda ruleset: heard.append(ruleset.version))
    for seq in (3, 2, 3, 4):
        rules.replace(compiled(seq))
    assert (rules.current.version, heard) == ("r4", ["r3", "r3", "r4"])


def test_a_directory_that_drops_what_an_order_names_is_refused_also_dry(desk: Desk):
    desk.office.issue(order("bar"), by="a")
    lacking = msgspec.structs.replace(
        directory(), issuers={k: v for k, v in directory().issuers.items() if k != "head"}
    )
    for dry_run in (True, False):
        with pytest.raises(ConflictError, match="bar names issuer 'head'"):
            desk.office.apply(lacking, "a", dry_run=dry_run)
    assert desk.recorded() == 2


def test_what_no_order_names_may_go_and_candidates_survive_it():
    gone = msgspec.structs.replace(
        directory(bindings=(bind("desk", "beta/two", "alpha/one"),)),
        models={k: v for k, v in directory().models.items() if k != "beta/two"},
        routes={k: v for k, v in directory().routes.items() if k != TWO},
    )
    ruleset = compile_ruleset(Known(directory=gone, issued=()), version="x")
    found = find_candidates(ruleset, "desk", "chat", "default", day(2))
    assert found.asked == (ONE, "alpha/one@cloud")
    assert find_candidates(ruleset, "desk", "chat", "alpha/one", day(2)).asked == found.asked
    only = msgspec.structs.replace(gone, bindings=(bind("desk", "beta/two"),))
    with pytest.raises(NotFoundError, match="is in the directory"):
        find_candidates(
            compile_ruleset(Known(directory=only, issued=()), version="x"),
            "desk", "chat", "default", day(2),
        )  # fmt: skip


@pytest.mark.parametrize("id_", ["a/b", "x\r\ny", "", "é"])
def test_an_order_with_an_id_that_cannot_stand_in_an_address_is_not_issued(desk: Desk, id_: str):
    with pytest.raises(InvalidInputError, match="cannot be an instrument's id"):
        desk.office.issue(order(id_), by="a")
    assert desk.recorded() == 1


def test_what_is_done_beside_an_order_stands_or_falls_with_it(desk: Desk):
    def fail(work: Any) -> None:
        work.settings.set("beside", "yes")
        raise ConflictError("It was issued meanwhile.")

    with pytest.raises(ConflictError, match="meanwhile"):
        desk.office.issue(order("bar"), by="a", beside=fail)
    assert desk.recorded() == 1
    assert "bar" not in desk.office.instruments()
    desk.office.issue(order("bar"), by="a", beside=lambda work: work.settings.set("beside", "yes"))
    with desk.database.reading() as work:
        assert work.settings.get("beside") == "yes"


def test_a_long_id_can_be_rescinded_and_its_rescission_cannot(desk: Desk):
    long = "x" * 100
    desk.office.issue(order(long), by="a")
    made = desk.office.rescind(long, by="a", confirmed_by="b", source=source())
    assert made.instrument.id.startswith("x" * 80)
    assert made.instrument.id.endswith("-rescinded")
    alike = "x" * 99 + "y"
    desk.office.issue(order(alike), by="a")
    desk.office.rescind(alike, by="a", confirmed_by="b", source=source())
    with pytest.raises(ConflictError, match="rescinded already"):
        desk.office.rescind(long, by="a", confirmed_by="b", source=source())
    desk.office.issue(order("bar"), by="a")
    desk.office.rescind("bar", by="a", confirmed_by="b", source=source())
    with pytest.raises(NotAuthorisedError, match="a new order instead"):
        desk.office.rescind("bar-rescinded", by="a", confirmed_by="b", source=source())


def test_what_a_rescission_came_to_nothing_of_is_rescinded_again(desk: Desk):
    desk.office.issue(order("bar"), by="a")
    announced = order("word", at=None, announced=day(1), acts=(Rescind(instruments=("bar",)),))
    announced = msgspec.structs.replace(announced, clauses=(), sources=(source(),))
    desk.office.issue(announced, by="a", confirmed_by="b")
    made = desk.office.rescind("bar", by="a", confirmed_by="b", source=source())
    assert made.instrument.id == "bar-rescinded-2026-01-02-000000"
    with pytest.raises(ConflictError, match="rescinded already"):
        desk.office.rescind("bar", by="a", confirmed_by="b", source=source())


def test_only_a_held_route_is_released_and_only_by_somebody(desk: Desk):
    desk.office.issue(order("bar", at=day(1)), by="a")
    with pytest.raises(ConflictError, match="is not held"):
        desk.office.release("desk", ONE, by="a")
    desk.clock.move_to(day(2))
    desk.office.rescind("bar", by="a", confirmed_by="b", source=source())
    assert because(desk) == "held"
    for nobody in ("", " ", "\u200b"):
        with pytest.raises(NotAuthorisedError, match="name of the person"):
            desk.office.release("desk", ONE, by=nobody)
    with pytest.raises(ConflictError, match="is not held"):
        desk.office.release("desk", TWO, by="a")
    with pytest.raises(NotFoundError, match="Did you mean desk"):
        desk.office.release("dsk", ONE, by="a")
    with pytest.raises(NotFoundError, match="written model@host"):
        desk.office.release("desk", "alpha/one", by="a")
    desk.office.release("desk", ONE, by="a")
    assert because(desk) == "permitted"
    with pytest.raises(ConflictError, match="is not held"):
        desk.office.release("desk", ONE, by="a")


def test_who_is_behind_compiles_while_others_may_act(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    with Database(postgres_url) as its, Database(postgres_url) as ours:
        there, here = Desk(its), Desk(ours)
        there.office.apply(directory(bindings=(bind("desk", "alpha/one"),)), by="a")
        compiled = 0

        def compile_slowly(*given: Any, **named: Any) -> Ruleset:
            nonlocal compiled
            compiled += 1
            acting = threading.Thread(target=act)
            acting.start()
            acting.join(10)
            assert not acting.is_alive()
            return compile_ruleset(*given, **named)

        def act() -> None:
            with there.works.begin():
                pass

        monkeypatch.setattr(usecases, "compile_ruleset", compile_slowly)
        here.office.issue(order("o"), by="a")
        assert compiled == 1


class TestUses:
    order = order("o", reading(wind_down=winding(day(100))), at=day(2), effective=day(20))

    def test_a_binding_that_is_recorded_after_the_order_shows_no_use_before_that(self, desk: Desk):
        desk.office.apply(directory(), by="a")
        desk.clock.move_to(day(2))
        desk.office.issue(order("o", reading(wind_down=winding(day(100))), at=day(2)), by="a")
        desk.clock.move_to(day(5))
        desk.office.apply(directory(bindings=(bind("desk", "alpha/one"),)), by="one person")
        assert because(desk) == "new-use"

    def test_a_binding_that_was_known_keeps_its_time_when_the_directory_changes(self, desk: Desk):
        desk.clock.move_to(day(2))
        desk.office.issue(order("o", reading(wind_down=winding(day(100))), at=day(2)), by="a")
        desk.clock.move_to(day(5))
        desk.office.apply(directory(bindings=(bind("desk", "alpha/one", "beta/two"),)), by="a")
        assert because(desk) == "winding-down"

    def test_a_call_that_comes_before_an_order_begins_counts_at_once(self, desk: Desk):
        desk.office.apply(directory(), by="a")
        desk.office.issue(self.order, by="a")
        use = Use("desk", "work", "alpha")
        before = desk.office.rules.current
        desk.days.known.append((use, utc_day(10)))
        desk.office.note_calls([(use, utc_day(10))])
        desk.clock.move_to(day(25))
        assert because(desk) == "winding-down"
        live = desk.office.rules.current
        assert live.version != before.version
        desk.office.load()
        assert desk.office.rules.current.version == live.version

    def test_calls_that_change_no_answer_compile_nothing(self, desk: Desk):
        desk.office.apply(directory(), by="a")
        desk.office.issue(self.order, by="a")
        use = Use("desk", "work", "alpha")
        desk.days.known.append((use, utc_day(10)))
        desk.office.note_calls([(use, utc_day(10))])
        standing = desk.office.rules.current
        another_day, after_it_began = utc_day(11), utc_day(20)
        desk.office.note_calls([(use, another_day), (use, after_it_began)])
        desk.office.note_calls([(Use("desk", "work", "beta"), after_it_began)])
        assert desk.office.rules.current is standing

    def test_what_was_called_later_was_not_known(self, desk: Desk):
        desk.office.apply(directory(), by="a")
        desk.office.issue(self.order, by="a")
        desk.days.known.append((Use("desk", "work", "alpha"), utc_day(10)))
        desk.office.load()
        desk.clock.move_to(day(25))
        assert because(desk, at=day(25), known_at=day(25)) == "winding-down"
        assert because(desk, at=day(25), known_at=day(3)) == "new-use"
        # The day was not over.
        assert because(desk, at=day(25), known_at=day(10)) == "new-use"
        assert because(desk, at=day(25), known_at=day(11)) == "winding-down"


def court(**fields: Any):
    world = directory(bindings=(bind("desk", "alpha/one"),))
    office = Issuer(id="court", name=name("The Court"), may_act_on=("head", "court"))
    return msgspec.structs.replace(world, issuers={**world.issuers, "court": office}, **fields)


def test_rulings_on_rulings_go_only_so_far(desk: Desk):
    desk.office.apply(court(), by="a")
    desk.office.issue(order("o"), by="a")
    before = "o"
    for number in range(8):
        stay = order(f"s{number}", issuer="court", acts=(Stay(instruments=(before,)),))
        stay = msgspec.structs.replace(stay, clauses=(), sources=(source(),))
        desk.office.issue(stay, by="a", confirmed_by="b")
        before = stay.id
    recorded = desk.recorded()
    stay = msgspec.structs.replace(stay, id="s8", acts=(Stay(instruments=(before,)),))
    with pytest.raises(InvalidInputError, match="More than 8 rulings"):
        desk.office.issue(stay, by="a", confirmed_by="b")
    assert desk.recorded() == recorded


def test_what_cannot_be_compiled_is_not_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: Any, **__: Any):
        raise ConflictError("The rules cannot hold this.")

    monkeypatch.setattr(Ruleset, "with_issued", fail)
    with pytest.raises(ConflictError, match="cannot hold"):
        desk.office.issue(order("o"), by="a")
    assert desk.recorded() == 1


def test_a_call_of_a_service_that_left_is_decided_still(desk: Desk):
    ruleset = desk.office.rules.current
    desk.office.issue(order("o", at=day(1)), by="a")
    desk.office.rescind("o", by="a", confirmed_by="b", source=source())
    call = call_of(ruleset.directory.services["desk"], "chat")
    services = {k: v for k, v in ruleset.directory.services.items() if k != "desk"}
    desk.office.apply(msgspec.structs.replace(directory(), services=services), by="a")
    desk.clock.move_to(day(5))
    decided = decide(desk.office.rules.current, call, ONE, day(5))
    assert (decided.outcome, decided.held_by) == ("allow", ())
