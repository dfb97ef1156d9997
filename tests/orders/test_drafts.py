"""Drafts of every act: begun, written, previewed, entered and confirmed on a real database."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.basics.yaml_source import SourceError
from changeover.orders.beginning import ACTS, NEEDS_AN_ORDER, DraftAct
from changeover.orders.drafts import DraftOffice, OfficersDraft, PreviewOvertakenError
from changeover.orders.papers import OvertakenError, Writer
from changeover.orders.proposals import Officer
from changeover.orders.source import load_form
from tests.orders.demonstrations import ADA, BO, Demonstration, at, demonstration
from tests.orders.worlds import directory

WADA = Writer(name="Ada", account=ADA.account)
WBO = Writer(name="Bo", account=BO.account)
SOURCE = {"address": "text.txt", "captured": "2026-04-10T08:00", "sha256": "ab" * 32}
BAR: dict[str, Any] = {
    "words": "No use of these products.",
    "chosen_by": "Ada",
    "modality": "prohibit",
    "targets": [{"makers": ["openai"]}],
    "scope": {"parties": ["treasury"]},
}


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


@pytest.fixture
def office(demo: Demonstration) -> DraftOffice:
    return DraftOffice(demo.works, demo.office, demo.proposals, demo.clock)


@pytest.fixture
def april(demo: Demonstration, office: DraftOffice) -> DraftOffice:
    """The scenario played to 10 April."""
    demo.player.play(at("2026-04-10T12:00"))
    return office


def enter(
    office: DraftOffice, draft: OfficersDraft, by: Officer = ADA, *, at_once: bool = False
) -> str:
    preview = office.preview(draft.id, at_once=at_once)
    assert preview.problems == ()
    assert preview.refusals == ()
    entered = office.enter(draft.id, by, version=draft.version, at_once=at_once, seen=preview.seen)
    assert entered.issued is not preview.needs_second
    return entered.instrument


def written(
    office: DraftOffice, act: DraftAct, fields: dict[str, Any], about: str | None = None
) -> OfficersDraft:
    begun = office.begin(act, WADA, about=about)
    return office.write(begun.id, {**begun.form, **fields}, WADA, seen=begun.version)


def first(form: dict[str, Any], field: str, **more: Any) -> dict[str, Any]:
    """A form's first entry of an act, with more said."""
    return {field: [{**form[field][0], **more}]}


TITLE = {"title": {"en": "A title", "fr": "Un titre"}, "sources": [SOURCE]}
CASES: list[tuple[DraftAct, str | None, dict[str, Any]]] = [
    ("order", None, {**TITLE, "issuer": "treasury-secretary", "clauses": {"one": BAR}}),
    ("designation", None, {**TITLE, "issuer": "treasury-secretary", "clauses": {"one": BAR}}),
    (
        "authorisation",
        None,
        {
            **TITLE,
            "issuer": "defence-secretary",
            "clauses": {
                "one": BAR
                | {
                    "modality": "permit",
                    "targets": [{"makers": ["mistral"]}],
                    "scope": {"networks": ["classified"]},
                }
            },
        },
    ),
    (
        "agreement",
        None,
        {
            **TITLE,
            "issuer": "openai",
            "clauses": {"one": BAR | {"modality": "permit", "scope": {"parties": ["state"]}}},
        },
    ),
    (
        "memo",
        None,
        {
            **TITLE,
            "issuer": "state-secretary",
            "rebindings": [
                {
                    "service": "statechat",
                    "slots": ["chat"],
                    "models": ["google/gemini-2.5-pro"],
                    "provisional": True,
                }
            ],
        },
    ),
    (
        "terms",
        None,
        {
            **TITLE,
            "issuer": "openai",
            "clauses": {"one": BAR | {"modality": "permit", "scope": {}}},
        },
    ),
    ("stay", "designation-b", {"sources": [SOURCE]}),
    ("decline", "designation-b", {"sources": [SOURCE]}),
    ("lift", "district-court-ruling", {"issuer": "district-court", "sources": [SOURCE]}),
    ("vacate", "designation-b", {"sources": [SOURCE]}),
    ("amend", "treasury-order", {"sources": [SOURCE]}),
    ("sign", "president-order", {"sources": [SOURCE]}),
    ("supersede", "treasury-order", {"sources": [SOURCE]}),
    ("rescind", "treasury-order", {"sources": [SOURCE]}),
    (
        "request",
        "designation-b",
        {
            "waives": [
                {
                    "instruments": ["designation-b"],
                    "services": ["defence-analysis"],
                    "requested": True,
                    "plan": "Move by autumn.",
                }
            ]
        },
    ),
    (
        "waive",
        "designation-b",
        {
            "sources": [SOURCE],
            "waives": [
                {
                    "instruments": ["designation-b"],
                    "services": ["defence-analysis"],
                    "until": "2026-12-01",
                    "plan": "Move by autumn.",
                    "approver": "The chief information officer",
                    "conditions": "Logs are kept.",
                }
            ],
        },
    ),
    (
        "delegate",
        "designation-b",
        {
            "delegates": [
                {
                    "to": "defence-cio",
                    "instruments": ["designation-b"],
                    "parties": ["defence"],
                    "longest_days": 30,
                    "requires": ["plan"],
                }
            ]
        },
    ),
    ("find", "treasury-order", {}),
    (
        "judge",
        "designation-b",
        {
            "sources": [SOURCE],
            "judges": [
                {
                    "instruments": ["designation-b"],
                    "service": "defence-analysis",
                    "result": "existing",
                }
            ],
        },
    ),
    ("freeze", None, {**TITLE, "issuer": "treasury-secretary", "clauses": {"one": BAR}}),
]


@pytest.mark.parametrize(("act", "about", "fields"), CASES, ids=[case[0] for case in CASES])
def test_each_act_is_drafted_previewed_entered_and_confirmed_by_another(
    demo: Demonstration,
    april: DraftOffice,
    act: DraftAct,
    about: str | None,
    fields: dict[str, Any],
):
    draft = written(april, act, fields, about)
    assert draft.problems == ()
    preview = april.preview(draft.id, at_once=False)
    assert preview.previewed is not None
    name = enter(april, draft)
    assert name == draft.instrument
    if preview.needs_second:
        assert april.get(draft.id).state == "entered"
        assert name not in demo.office.instruments()
        with pytest.raises(NotAuthorisedError):
            demo.proposals.confirm(name, ADA)
        demo.proposals.confirm(name, BO)
    assert april.get(draft.id).state == "issued"
    issued = demo.office.instrument(name)
    assert (issued.entered_by, issued.confirmed_by) == (
        "Ada",
        "Bo" if preview.needs_second else None,
    )


def test_every_act_is_among_the_cases():
    assert {case[0] for case in CASES} | {"renew", "confirm"} == set(ACTS)


def test_a_waiver_is_renewed_from_where_it_ends(demo: Demonstration, april: DraftOffice):
    waived = next(case for case in CASES if case[0] == "waive")
    name = enter(april, written(april, "waive", waived[2], waived[1]))
    demo.proposals.confirm(name, BO)
    draft = april.begin("renew", WADA, about=name)
    (again,) = draft.form["waives"]
    assert again["services"] == ["defence-analysis"]
    assert again["since"] == "2026-12-01T00:00:00-05:00"
    assert (again["plan"], "until" in again) == ("Move by autumn.", False)
    fields = first(draft.form, "waives", until="2027-03-01") | {"sources": [SOURCE]}
    draft = april.write(draft.id, {**draft.form, **fields}, WADA, seen=1)
    demo.proposals.confirm(enter(april, draft), BO)


def test_a_freeze_is_issued_by_one_and_confirmed_by_another(
    demo: Demonstration, april: DraftOffice
):
    fields = next(case for case in CASES if case[0] == "freeze")[2]
    freeze = enter(april, written(april, "freeze", fields))
    assert demo.office.instrument(freeze).confirmed_by is None
    draft = april.begin("confirm", WBO, about=freeze)
    with pytest.raises(NotAuthorisedError, match="cannot confirm it too"):
        enter(april, draft, ADA)
    assert april.get(draft.id).state == "open"
    confirmed = enter(april, draft, BO)
    assert demo.office.instrument(confirmed).entered_by == "Bo"


@pytest.mark.parametrize("act", sorted(NEEDS_AN_ORDER))
def test_what_is_done_to_an_order_needs_one(office: DraftOffice, act: DraftAct):
    with pytest.raises(InvalidInputError, match="none was named"):
        office.begin(act, WADA)
    with pytest.raises(NotFoundError):
        office.begin(act, WADA, about="nothing")


def test_a_half_written_draft_is_kept_and_its_problems_stand_at_their_paths(office: DraftOffice):
    draft = office.begin("order", WADA)
    form = {**draft.form, "issuer": "nobody", "clauses": {"one": BAR | {"targets": [{}]}}, "x": 1}
    draft = office.write(draft.id, form, WADA, seen=1)
    assert draft.form == form
    paths = {problem.path for problem in draft.problems}
    assert "$.x" in paths
    draft = office.write(draft.id, {k: v for k, v in form.items() if k != "x"}, WADA, seen=2)
    told = {problem.path: problem.what for problem in draft.problems}
    assert told["$.clauses.one.targets[0]"] == "An empty target would match every model."
    assert "nobody" in told["$.issuer"]
    assert office.preview(draft.id, at_once=False).previewed is None
    with pytest.raises(SourceError):
        office.enter(draft.id, ADA, version=3, at_once=False, seen="")


def test_two_officers_on_one_draft_are_told_of_each_other(office: DraftOffice):
    draft = office.begin("order", WADA)
    theirs = office.write(draft.id, draft.form | {"id": "theirs"}, WBO, seen=1)
    with pytest.raises(OvertakenError, match="Bo has written version 2"):
        office.write(draft.id, draft.form | {"id": "mine"}, WADA, seen=1)
    assert office.get(draft.id).form == theirs.form
    mine = office.write(draft.id, draft.form | {"id": "mine"}, WADA, seen=2)
    assert [v.by for v in office.versions(draft.id)] == ["Ada", "Bo", "Ada"]
    assert mine.instrument == "mine"


def test_a_removed_draft_is_restored_and_not_written_meanwhile(office: DraftOffice):
    draft = office.begin("order", WADA)
    assert office.remove(draft.id, WADA, seen=1).state == "removed"
    assert office.all() == []
    with pytest.raises(ConflictError, match="removed"):
        office.write(draft.id, draft.form, WADA, seen=2)
    assert office.restore(draft.id, WBO, seen=2).form == draft.form


def test_an_act_between_preview_and_entry_is_shown_first(demo: Demonstration, office: DraftOffice):
    demo.player.play(at("2026-03-01T12:00"))
    fields = {
        **TITLE,
        "issuer": "treasury-secretary",
        "published": "2026-03-01T12:00",
        "clauses": {"one": BAR | {"targets": [{"makers": ["anthropic"]}]}},
    }
    draft = written(office, "order", fields)
    seen = office.preview(draft.id, at_once=False)
    demo.player.play(at("2026-03-02T12:00"))  # the Treasury's own order comes between
    with pytest.raises(PreviewOvertakenError) as caught:
        office.enter(draft.id, ADA, version=2, at_once=False, seen=seen.seen)
    assert office.get(draft.id).state == "open"
    fresh = caught.value.preview
    assert fresh.seen != seen.seen
    office.enter(draft.id, ADA, version=2, at_once=False, seen=fresh.seen)


def test_a_preview_stays_good_while_only_the_clock_moves(demo: Demonstration, office: DraftOffice):
    fields = next(case for case in CASES if case[0] == "order")[2]
    draft = written(office, "order", {**fields, "published": "2026-02-26T08:00"})
    seen = office.preview(draft.id, at_once=True).seen
    demo.player.play(at("2026-02-26T15:00"))
    assert office.enter(draft.id, ADA, version=2, at_once=True, seen=seen).issued is False


def test_what_is_withdrawn_can_be_written_on(demo: Demonstration, april: DraftOffice):
    draft = written(april, "find", {}, "treasury-order")
    name = enter(april, draft)
    with pytest.raises(ConflictError, match="was entered"):
        april.write(draft.id, draft.form, WADA, seen=3)
    demo.proposals.withdraw(name, BO)
    again = april.get(draft.id)
    assert again.state == "open"
    again = april.write(again.id, again.form, WADA, seen=again.version)
    demo.proposals.confirm(enter(april, again), BO)
    assert april.get(draft.id).state == "issued"


def test_without_authority_or_source_nothing_is_entered(april: DraftOffice):
    beyond = BAR | {"scope": {"parties": ["state"]}}
    draft = written(
        april, "order", {**TITLE, "issuer": "treasury-secretary", "clauses": {"one": beyond}}
    )
    preview = april.preview(draft.id, at_once=False)
    assert "it may not bind state" in preview.refusals[0]
    with pytest.raises(NotAuthorisedError, match="may not bind"):
        april.enter(draft.id, ADA, version=2, at_once=False, seen=preview.seen)
    bare = april.begin("rescind", WADA, about="treasury-order")
    preview = april.preview(bare.id, at_once=False)
    assert preview.freeing
    assert "names no source" in preview.refusals[0]


def test_what_would_still_stand_is_told(april: DraftOffice):
    """Freed under the Treasury's own order, and still the President's is stayed: its end frees."""
    draft = written(april, "stay", {"sources": [SOURCE]}, "designation-b")
    preview = april.preview(draft.id, at_once=False)
    assert preview.still_barred == ()
    draft = written(april, "rescind", {"sources": [SOURCE]}, "housing-order")
    told = {(b.service, b.because) for b in april.preview(draft.id, at_once=False).still_barred}
    assert ("fannie-documents", "held") in told


def test_freed_under_one_order_and_barred_under_another(demo: Demonstration, office: DraftOffice):
    demo.player.play(at("2026-03-10T12:00"))
    draft = written(office, "vacate", {"sources": [SOURCE]}, "president-order")
    barred = office.preview(draft.id, at_once=False).still_barred
    treasury = next(b for b in barred if b.service == "defence-analysis")
    assert [o.id for o in treasury.freed] == ["president-order"]
    assert {o.id for o in treasury.by} == {"designation-a", "designation-b"}
    assert treasury.outcome == "notice"


def test_an_id_that_is_on_record_is_a_problem_of_the_form(april: DraftOffice):
    draft = written(april, "decline", {"id": "treasury-order"}, "designation-b")
    (problem,) = draft.problems
    assert (problem.path, problem.do) == ("$.id", "Give it another id.")
    assert april.begin("find", WADA, about="treasury-order").problems == ()


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
_forms = st.dictionaries(
    st.sampled_from(
        ["id", "kind", "issuer", "title", "published", "effective", "clauses", "stays", "waives",
         "rescinds", "amends", "rebindings", "sources", "served", "instruments", "finds"]
    ),
    _values
    | st.sampled_from(["order", "head", "2026-01-01", {"en": "x", "fr": "y"}])
    | st.just({"one": {"words": "w", "chosen_by": "a", "modality": "prohibit", "targets": []}}),
)  # fmt: skip


@settings(max_examples=300)
@given(_forms)
def test_any_form_is_an_instrument_or_problems(form: dict[str, Any]):
    whole = {**form, "recorded": "2026-01-01", "entered_by": "a"}
    with suppress(SourceError):
        assert load_form(whole, directory(), on_record={}).instrument.id == form["id"]
