"""Changeovers planned, issued and undone on the demonstration's record."""

from pathlib import Path

import msgspec
import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotAuthorisedError
from changeover.basics.text import Bilingual
from changeover.orders.changeovers import ChangeoverOffice, Move, Stands, Wish
from changeover.orders.drafts import DraftOffice
from changeover.orders.noticing import NoticeOffice
from changeover.orders.papers import Writer
from changeover.orders.replacements import SlotToMove, slots_to_move
from tests.orders.demonstrations import ADA, BO, Demonstration, at, demonstration

WADA = Writer(name="Ada", account=ADA.account)
CHAT = Move(service="statechat", slots=("chat",), models=("openai/gpt-4.1",))


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


@pytest.fixture
def drafts(demo: Demonstration) -> DraftOffice:
    return DraftOffice(demo.works, demo.office, demo.proposals, demo.clock)


@pytest.fixture
def changeovers(demo: Demonstration, drafts: DraftOffice) -> ChangeoverOffice:
    return ChangeoverOffice(demo.works, demo.office, drafts, demo.clock)


def concerned(demo: Demonstration, name: str, when: str | None = None) -> list[SlotToMove]:
    now = demo.clock.now()
    return slots_to_move(demo.office.rules.current, name, at(when) if when else now, now)


def issue(demo: Demonstration, drafts: DraftOffice, stands: Stands) -> None:
    draft = stands.draft
    preview = drafts.preview(draft.id, at_once=False)
    assert preview.problems == ()
    assert preview.refusals == ()
    entered = drafts.enter(draft.id, ADA, version=draft.version, at_once=False, seen=preview.seen)
    demo.proposals.confirm(entered.instrument, BO)


def test_a_vendor_s_slots_come_with_what_may_lawfully_take_its_place(demo: Demonstration) -> None:
    demo.player.play(at("2026-02-28T12:00"))
    found = concerned(demo, "anthropic")
    assert {slot.service for slot in found} >= {"statechat", "treasury-code"}
    for slot in found:
        makers = [r.model.id.partition("/")[0] for r in slot.replacements]
        assert "anthropic" not in makers
        ranked = [(r.until is not None, r.outcome != "allow") for r in slot.replacements]
        assert ranked == sorted(ranked)
    chat = next(slot for slot in found if (slot.service, slot.slot) == ("statechat", "chat"))
    assert "openai/gpt-4.1" in [r.model.id for r in chat.replacements]
    assert chat.issuers[0] == "state-secretary"
    gpt = next(r for r in chat.replacements if r.model.id == "openai/gpt-4.1")
    assert any("knows the world" in words.en.lower() for words in gpt.differences)


def test_it_becomes_a_memo_that_two_officers_issue(
    demo: Demonstration, drafts: DraftOffice, changeovers: ChangeoverOffice
) -> None:
    demo.player.play(at("2026-02-28T12:00"))
    said = Bilingual(en="Ask the help desk.", fr="Demandez à l'assistance.")
    wish = Wish(about="anthropic", issuer="state-secretary", moves=(CHAT,), message=said)
    stands = changeovers.begin(wish, WADA)
    assert stands.changeover.title.en == "StateChat: GPT-4.1 from now on"
    assert stands.changeover.moves[0].before[0].startswith("anthropic/")
    assert stands.instrument is None
    issue(demo, drafts, stands)
    done = changeovers.get(stands.id)
    assert done.instrument is not None
    binding = demo.office.rules.current.binding(
        "statechat", "chat", int(demo.clock.now().timestamp() * 1_000_000)
    )
    assert binding is not None
    assert binding.models == ("openai/gpt-4.1",)
    told = NoticeOffice(demo.works, demo.office, demo.clock, changeovers.messages)
    notice = told.of(demo.reader()).notices[0]
    assert (notice.order.id, notice.message) == (done.instrument, said)


def test_it_is_not_undone_where_an_order_bars_it_and_is_after_the_rescission(
    demo: Demonstration, drafts: DraftOffice, changeovers: ChangeoverOffice
) -> None:
    demo.player.play(at("2026-02-28T12:00"))
    stands = changeovers.begin(
        Wish(about="anthropic", issuer="state-secretary", moves=(CHAT,)), WADA
    )
    with pytest.raises(ConflictError, match="not issued"):
        changeovers.undo(stands.id, WADA)
    issue(demo, drafts, stands)
    with pytest.raises(ConflictError, match="President"):
        changeovers.undo(stands.id, WADA)
    demo.office.rescind("president-order", by="Ada", confirmed_by="Bo", source=_source(demo))
    move = changeovers.get(stands.id).changeover.moves[0]
    assert changeovers.barred_back(move) is None
    back = changeovers.undo(stands.id, WADA)
    assert back.changeover.reverses == stands.id
    assert back.changeover.moves[0].models == move.before
    issue(demo, drafts, back)
    assert changeovers.get(back.id).instrument is not None


def _source(demo: Demonstration):
    sources = demo.office.instrument("president-order").instrument.sources
    return sources[0]


def test_a_model_that_retires_is_moved_off_like_any_other(demo: Demonstration) -> None:
    demo.player.play(at("2026-04-10T12:00"))
    directory = demo.office.rules.current.directory
    gpt = directory.models["openai/gpt-4.1"]
    retired = msgspec.structs.replace(gpt, retires=at("2026-06-01"))
    models = {**directory.models, gpt.id: retired}
    demo.office.apply(msgspec.structs.replace(directory, models=models), "Ada")
    found = concerned(demo, gpt.id, "2026-06-01")
    assert {slot.service for slot in found} >= {"statechat"}
    assert {slot.retires for slot in found} == {retired.retires}
    others = concerned(demo, "google", "2026-05-01")
    proposed = [r for slot in others for r in slot.replacements if r.model.id == gpt.id]
    assert {one.until for one in proposed} <= {retired.retires}
    later = concerned(demo, "google", "2026-06-02")
    assert not [r for slot in later for r in slot.replacements if r.model.id == gpt.id]


def test_what_must_not_stop_comes_first(demo: Demonstration) -> None:
    found = concerned(demo, "anthropic")
    ranks = [slot.criticality or 5 for slot in found]
    assert ranks == sorted(ranks)
    assert ranks[0] == 1


def test_what_cannot_be_planned_is_said_and_leaves_nothing(
    demo: Demonstration, drafts: DraftOffice, changeovers: ChangeoverOffice
) -> None:
    dance = Move(service="statechat", slots=("dance",), models=("openai/gpt-4.1",))
    with pytest.raises(InvalidInputError, match="Nothing is moved"):
        changeovers.begin(Wish(about="anthropic", issuer="president", moves=()), WADA)
    with pytest.raises(InvalidInputError, match="names no service, slot or model"):
        changeovers.begin(Wish(about="anthropic", issuer="president", moves=(dance,)), WADA)
    with pytest.raises(NotAuthorisedError, match="does not bind"):
        changeovers.begin(Wish(about="anthropic", issuer="treasury-secretary", moves=(CHAT,)), WADA)
    assert changeovers.all() == []
    assert drafts.all() == []
