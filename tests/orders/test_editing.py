"""The directory edited at the desk, on a real database."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changeover.basics.errors import ConflictError, InvalidInputError, NotAuthorisedError
from changeover.directory.writing import SECTIONS, ThingKind, binding_id
from changeover.orders.editing import EditOffice
from changeover.orders.edits import Edit, EditOvertakenError, Forms, ToldSet
from changeover.orders.mentions import mentions
from changeover.orders.papers import OvertakenError, Writer
from changeover.storage.works import RecordedCallDays
from tests.orders.demonstrations import Demonstration, at, demonstration

ADA = Writer(name="Ada", account="person_ada")
BO = Writer(name="Bo", account="person_bo")


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        standing.player.play(at("2026-04-10T12:00"))
        yield standing


@pytest.fixture
def edits(demo: Demonstration) -> EditOffice:
    return EditOffice(demo.works, RecordedCallDays(demo.database), demo.office, demo.clock)


def changed(demo: Demonstration, kind: ThingKind, id_: str, **fields: Any) -> Edit:
    directory = demo.office.directory()
    assert directory is not None
    was = Forms(directory).get(kind, id_)
    return Edit(kind=kind, id=id_, form={**(was or {}), **fields}, was=was)


def removed(demo: Demonstration, kind: ThingKind, id_: str) -> Edit:
    edit = changed(demo, kind, id_)
    return Edit(kind=kind, id=id_, form=None, was=edit.was)


def enter(edits: EditOffice, told: ToldSet, by: Writer = ADA) -> ToldSet:
    found = edits.preview(told.id)
    assert found.ready, found
    return edits.enter(told.id, by, seen=told.version, preview=found.seen)


def confirm(edits: EditOffice, told: ToldSet, by: Writer = BO) -> ToldSet:
    found = edits.preview(told.id)
    return edits.confirm(told.id, by, seen=told.version, preview=found.seen)


def test_one_officer_adds_an_alias(demo: Demonstration, edits: EditOffice) -> None:
    told = edits.begin([changed(demo, "vendor", "openai", aliases=["Open AI Inc."])], ADA)
    found = edits.preview(told.id)
    assert (found.needs_second, found.services) == (False, ())
    assert [(c.action, c.kind, c.id) for c in found.changes] == [("changed", "vendor", "openai")]
    done = enter(edits, told)
    assert done.state == "recorded"
    assert demo.office.rules.current.directory.vendors["openai"].aliases == ("Open AI Inc.",)


def test_a_binding_takes_two_and_shows_whom_it_moves(
    demo: Demonstration, edits: EditOffice
) -> None:
    form = {
        "service": "fannie-documents",
        "slot": "chat",
        "models": ["openai/gpt-4.1"],
        "since": "2026-04-10T09:00",
    }
    slot = demo.office.rules.current.directory.services["fannie-documents"].slots[0].name
    edit = Edit(kind="binding", id="new", form={**form, "slot": slot})
    told = edits.begin([edit], ADA)
    found = edits.preview(told.id)
    assert found.needs_second
    assert [change.service for change in found.services] == ["fannie-documents"]
    assert found.services[0].to is not None
    assert found.services[0].to.id == "openai/gpt-4.1"
    entered = enter(edits, told)
    assert entered.state == "entered"
    with pytest.raises(NotAuthorisedError, match="yourself"):
        confirm(edits, entered, ADA)
    assert confirm(edits, entered).state == "recorded"
    standing = demo.office.rules.current.directory.bindings
    assert ("fannie-documents", at("2026-04-10T09:00")) in {(b.service, b.since) for b in standing}


def test_what_was_recorded_is_undone_by_a_reversal(demo: Demonstration, edits: EditOffice) -> None:
    before = demo.office.directory()
    party = Edit(kind="party", id="new-bureau", form={"name": "New Bureau", "part_of": "state"})
    entered = enter(edits, edits.begin([party], ADA))
    recorded = confirm(edits, entered)
    assert "new-bureau" in demo.office.rules.current.directory.parties
    reversal = edits.reverse(recorded.id, BO)
    assert reversal.edits.reverses == recorded.id
    confirm(edits, enter(edits, reversal, BO), ADA)
    assert demo.office.directory() == before
    assert [c.action for _, c in edits.history("party", "new-bureau")] == ["added", "removed"]


def test_problems_are_told_at_their_edit(demo: Demonstration, edits: EditOffice) -> None:
    bad = [
        changed(demo, "vendor", "openai", products=["GPT"]),
        changed(demo, "party", "state", part_of="nowhere", relations="none"),
        Edit(kind="route", id="openai/gpt-4.1@elsewhere", form={}),
    ]
    found = edits.preview(edits.begin(bad, ADA).id)
    assert {problem.edit for problem in found.problems} == {1, 2}
    assert any(problem.path == "$.parties.state.relations" for problem in found.problems)
    assert not found.ready


def test_what_an_order_names_is_not_dropped(demo: Demonstration, edits: EditOffice) -> None:
    told = edits.begin([removed(demo, "issuer", "president")], ADA)
    found = edits.preview(told.id)
    assert not found.ready
    assert found.problems or "president" in found.refusal
    with pytest.raises(ConflictError):
        edits.enter(told.id, ADA, seen=told.version, preview=found.seen)


def test_an_edit_is_overtaken_by_what_was_recorded_meanwhile(
    demo: Demonstration, edits: EditOffice
) -> None:
    mine = edits.begin([changed(demo, "party", "state", aliases=["Mine"])], ADA)
    theirs = edits.begin([changed(demo, "party", "state", aliases=["Theirs"])], BO)
    seen = edits.preview(mine.id).seen
    enter(edits, theirs, BO)
    assert edits.preview(mine.id).overtaken == (0,)
    with pytest.raises(EditOvertakenError):
        edits.enter(mine.id, ADA, seen=mine.version, preview=seen)
    again = edits.take_up(mine.id, ADA, seen=mine.version)
    enter(edits, again)
    assert demo.office.rules.current.directory.parties["state"].aliases == ("Mine",)


def test_two_officers_in_one_set(demo: Demonstration, edits: EditOffice) -> None:
    told = edits.begin([changed(demo, "party", "state", aliases=["A"])], ADA)
    edits.write(told.id, told.edits.edits, BO, seen=told.version)
    with pytest.raises(OvertakenError):
        edits.write(told.id, (), ADA, seen=told.version)
    with pytest.raises(OvertakenError):
        edits.enter(told.id, ADA, seen=told.version, preview=edits.preview(told.id).seen)


def test_entered_sets_are_not_written_and_can_be_withdrawn(
    demo: Demonstration, edits: EditOffice
) -> None:
    told = enter(edits, edits.begin([changed(demo, "service", "statechat", users=9)], ADA))
    with pytest.raises(ConflictError, match="entered"):
        edits.write(told.id, (), BO, seen=told.version)
    back = edits.withdraw(told.id, BO, seen=told.version)
    assert back.state == "open"
    gone = edits.remove(back.id, ADA, seen=back.version)
    assert gone.state == "removed"
    assert edits.restore(gone.id, ADA, seen=gone.version).state == "open"


def test_who_names_a_thing(demo: Demonstration) -> None:
    directory = demo.office.rules.current.directory
    on_record = [issued.instrument for issued in demo.office.instruments().values()]
    found = {(m.kind, m.id) for m in mentions(directory, on_record, "party", "state")}
    assert ("service", "statechat") in found
    assert any(kind == "instrument" for kind, _ in found)
    vendors = {(m.kind, m.id) for m in mentions(directory, (), "vendor", "openai")}
    assert ("model", "openai/gpt-4.1") in vendors


_TEXT = st.text(max_size=8)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory):
    with demonstration(tmp_path_factory.mktemp("editing")) as standing:
        yield standing


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_edits_give_problems_or_a_whole_directory(
    lasting: Demonstration, data: st.DataObject
) -> None:
    office = EditOffice(
        lasting.works, RecordedCallDays(lasting.database), lasting.office, lasting.clock
    )
    directory = lasting.office.rules.current.directory
    drawn = []
    for _ in range(data.draw(st.integers(1, 3))):
        kind: ThingKind = data.draw(st.sampled_from([*SECTIONS, "binding"]))
        ids = (
            [binding_id(b) for b in directory.bindings]
            if kind == "binding"
            else list(getattr(directory, SECTIONS[kind]))
        )
        id_ = data.draw(st.sampled_from(ids) | _TEXT)
        was = Forms(directory).get(kind, id_)
        fields = data.draw(st.dictionaries(st.sampled_from([*(was or {}), "x"]), _JSON, max_size=3))
        form = data.draw(st.sampled_from([None, {**(was or {}), **fields}]))
        drawn.append(Edit(kind=kind, id=id_, form=form, was=was))
    with suppress(InvalidInputError):
        told = office.begin(drawn, ADA)
        found = office.preview(told.id)
        assert found.ready or found.problems or found.refusal or not found.changes
    assert lasting.office.directory() == directory
