"""What an instrument does to others, read from YAML, each mistake where it stands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from changeover.basics.yaml_source import SourceError
from changeover.directory.source import load
from changeover.orders.encoding import from_bytes, to_bytes
from changeover.orders.model import (
    Amend,
    Clause,
    Confirm,
    Decline,
    Delegate,
    Find,
    Issued,
    Judge,
    Lift,
    Moment,
    Period,
    Reading,
    Scope,
    Stay,
    Supersede,
    Target,
    Vacate,
    Waive,
)
from changeover.orders.source import load_instruments
from tests.directory.text import WHOLE

DIRECTORY = load({"directory.yaml": WHOLE})

RULING = """\
id: ruling
kind: ruling
issuer: president
title: Ruling
published: 2026-03-26
recorded: 2026-03-26T10:00
entered_by: ada
"""
ACTS = """\
supersedes: [old]
declines: [other]
stays: [{instruments: [order], parties: [state], since: 2026-04-02, until: 2026-05-01, extends: true}]
waives:
  - instruments: [order]
    services: [desk]
    until: 2026-06-01
    plan: A plan.
    approver: The chief.
    conditions: None.
delegates:
  - to: president
    instruments: [order]
    parties: [state]
    services: [desk]
    routes: [alpha/one@alpha]
    purposes: [help]
    until: 2026-12-01
    longest_days: 30
    requires: [plan, approver]
lifts: [{instruments: [stay]}]
vacates: [{instruments: [order], from_beginning: true}]
finds: [{instruments: [derived], result: falls}]
judges: [{instruments: [order], service: desk, purposes: [help], routes: [alpha/one@beta], result: existing}]
confirms: [a-freeze]
amends:
  - instruments: [order]
    clause: stop
    since: 2026-04-01
    anew: true
    becomes:
      words: Nobody but the bank uses Alpha.
      chosen_by: grace
      modality: prohibit
      targets: [{makers: [alpha]}]
      scope: {parties: [state]}
      until: {days: 30, after: published}
  - {instruments: [other], clause: more}
"""
KNOWN = ("old", "other", "order", "stay", "derived", "a-freeze")


def eastern(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4 if 3 < month < 11 else 5, tzinfo=UTC)


NEW_TEXT = Reading(
    id="plain",
    modality="prohibit",
    targets=(Target(makers=("alpha",)),),
    scope=Scope(parties=("state",)),
    since=None,
    until=Moment(
        at=eastern(4, 25), period=Period(count=30, unit="calendar-days", after="published")
    ),
)


def test_every_act_is_read_and_kept():
    [issued] = load_instruments({"a.yaml": RULING + ACTS}, DIRECTORY, known=KNOWN)
    assert issued.instrument.acts == (
        Supersede(instruments=("old",)),
        Decline(instruments=("other",)),
        Confirm(instruments=("a-freeze",)),
        Stay(
            instruments=("order",),
            parties=("state",),
            since=eastern(4, 2),
            until=eastern(5, 1),
            extends=True,
        ),
        Waive(
            instruments=("order",),
            services=("desk",),
            until=eastern(6, 1),
            plan="A plan.",
            approver="The chief.",
            conditions="None.",
        ),
        Delegate(
            to="president",
            instruments=("order",),
            parties=("state",),
            services=("desk",),
            routes=("alpha/one@alpha",),
            purposes=("help",),
            until=eastern(12, 1),
            longest_days=30,
            requires=("plan", "approver"),
        ),
        Lift(instruments=("stay",)),
        Vacate(instruments=("order",), from_beginning=True),
        Find(instruments=("derived",), result="falls"),
        Judge(
            instruments=("order",),
            service="desk",
            purposes=("help",),
            routes=("alpha/one@beta",),
            result="existing",
        ),
        Amend(
            instruments=("order",),
            clause="stop",
            becomes=Clause(
                id="stop",
                words="Nobody but the bank uses Alpha.",
                readings=(NEW_TEXT,),
                chosen="plain",
                chosen_by="grace",
            ),
            since=eastern(4, 1),
            anew=True,
        ),
        Amend(instruments=("other",), clause="more"),
    )
    assert from_bytes(to_bytes(issued), Issued) == issued


BECOMES = (
    "amends: [{instruments: [order], clause: stop, becomes: "
    "{words: W, chosen_by: g, modality: prohibit, "
)


def closed(text: str) -> str:
    """The text with the brackets closed that an amendment's beginning leaves open."""
    return text + "}}]" if text.startswith(BECOMES) else text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stays: [{instruments: [ordr]}]", "a.yaml:8:24: There is no instrument 'ordr'"),
        ("stays: [{instruments: [ruling]}]", "a.yaml:8:24: ruling cannot act on itself."),
        ("stays: [{instruments: []}]", "It names no instrument."),
        ("stays: [{instruments: [order], parties: [stat]}]", "There is no party 'stat'."),
        ("stays: [{instruments: [order], until: 2026-03-01}]", "This ends before it begins."),
        ("waives: [{instruments: [order]}]", "The waiver would free everybody."),
        ("waives: [{instruments: [order], routes: [x]}]", "There is no route 'x'."),
        ("delegates: [{instruments: [order], to: nobody}]", "There is no issuer 'nobody'."),
        ("lifts: [{instruments: [stay], from_beginning: true}]", "A lift does not reach back."),
        (
            "vacates: [{instruments: [order], since: 2026-04-01, from_beginning: true}]",
            "either since an instant or from the beginning",
        ),
        ("finds: [{instruments: [derived], result: maybe}]", "maybe"),
        (
            "stays: [{instruments: [order], since: 2026-04-02, until: 2026-04-02}]",
            "a.yaml:8:58: This ends before it begins.",
        ),
        (
            "delegates: [{instruments: [order], to: president, until: 2026-03-01}]",
            "a.yaml:8:58: This ends before it begins.",
        ),
        (
            "delegates: [{instruments: [order], to: president, longest_days: 0}]",
            "a.yaml:8:65: No waiver could last so short. Write 1 or more, or leave it out.",
        ),
        (
            "delegates: [{instruments: [order], to: president, requires: [hope]}]",
            "a.yaml:8:62: 'hope' cannot stand here. There is plan, approver, conditions.",
        ),
        (
            "delegates: [{instruments: [order], to: president, services: [dsk]}]",
            "a.yaml:8:62: There is no service 'dsk'. Did you mean desk?",
        ),
        (
            "delegates: [{instruments: [order], to: president, routes: [one]}]",
            "a.yaml:8:60: There is no route 'one'.",
        ),
        (
            "judges: [{instruments: [order], service: dsk, purposes: [x], result: new}]",
            "a.yaml:8:42: There is no service 'dsk'. Did you mean desk?",
        ),
        (
            "judges: [{instruments: [order], service: desk, purposes: [sales], result: new}]",
            "a.yaml:8:59: There is no purpose 'sales' of desk. There is help, titles.",
        ),
        (
            "judges: [{instruments: [order], service: desk, routes: [one], result: new}]",
            "a.yaml:8:57: There is no route 'one'.",
        ),
        ("judges: [{instruments: [order], service: desk}]", "The field 'result' is missing."),
        ("confirms: [freez]", "a.yaml:8:12: There is no instrument 'freez'."),
        (
            "amends: [{instruments: [order], clause: stop, becomes: }]",
            (
                "a.yaml:8:56: It is not said what the clause becomes. "
                "Write the clause, or leave becomes out to strike it."
            ),
        ),
        (
            "amends: [{instruments: [order], clause: stop, anew: true}]",
            (
                "a.yaml:8:53: A clause that is struck has no uses to judge anew. "
                "Leave it out, or say what it becomes."
            ),
        ),
        (
            "amends: [{instruments: [order], clause: stop, becomes: {words: W}}]",
            "a.yaml:8:47: The field 'chosen_by' is missing.",
        ),
        (BECOMES + "targets: [{makers: [alfa]}], scope: {parties: [state]}", "'alfa'"),
        (BECOMES + "targets: [{makers: [alpha]}], scope: {parties: [stat]}", "'stat'"),
        (
            BECOMES + "targets: [{makers: [alpha]}], scope: {parties: [state]}, until: 2026-03-01",
            "This ends 2026-03-01T00:00:00-05:00, not after it begins 2026-03-26T00:00:00-04:00.",
        ),
        (
            BECOMES + "targets: [{makers: [alpha]}], scope: {parties: [bank], services: [desk]}",
            "desk belongs to state, which the scope does not reach.",
        ),
    ],
)
def test_mistakes_are_told_where_they_stand(text: str, said: str):
    with pytest.raises(SourceError) as caught:
        load_instruments({"a.yaml": f"{RULING}{closed(text)}\n"}, DIRECTORY, known=KNOWN)
    assert any(said in str(problem) for problem in caught.value.problems), caught.value.problems


ORDER = """\
id: order
kind: order
issuer: president
title: Order
published: 2026-03-01
recorded: 2026-03-01T10:00
entered_by: ada
clauses:
  stop:
    words: Nobody uses Alpha.
    chosen_by: grace
    modality: prohibit
    targets: [{makers: [alpha]}]
    scope: {parties: [state]}
"""


def told(*texts: str, **others: Any) -> list[str]:
    files = [(f"{chr(ord('a') + index)}.yaml", text) for index, text in enumerate(texts)]
    with pytest.raises(SourceError) as caught:
        load_instruments(files, DIRECTORY, **others)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "amends: [{instruments: [order], clause: stp}]",
            "8:41: There is no clause 'stp' in order. Did you mean stop?",
        ),
        (
            "waives: [{instruments: [order], parties: [bank]}]",
            "8:25: No prohibition of order reaches what is freed.",
        ),
        (
            "waives: [{instruments: [order], routes: [beta/vectors@beta]}]",
            "8:25: No prohibition of order reaches what is freed.",
        ),
        (
            "judges: [{instruments: [order], service: desk, result: new}]",
            "8:25: No use winds down under order.",
        ),
        ("confirms: [order]", "8:12: Nothing is provisional in order."),
        ("lifts: [{instruments: [order]}]", "8:24: There is no stay or waiver to lift in order."),
    ],
)
def test_what_nothing_answers_to_is_told_in_a_batch_and_against_the_record(text: str, said: str):
    assert told(ORDER, f"{RULING}{text}\n") == [f"b.yaml:{said}"]
    on_record = {one.instrument.id: one for one in load_instruments({"a.yaml": ORDER}, DIRECTORY)}
    assert told(f"{RULING}{text}\n", on_record=on_record) == [f"a.yaml:{said}"]


def test_a_waiver_of_what_has_ended_and_one_of_what_is_barred_still():
    waiver = "waives: [{instruments: [order], services: [desk]}]\n"
    load_instruments([("a.yaml", ORDER), ("b.yaml", RULING + waiver)], DIRECTORY)
    end = RULING.replace("id: ruling", "id: end").replace("2026-03-26", "2026-03-20")
    assert told(ORDER, f"{end}rescinds: [order]\n", RULING + waiver) == [
        "c.yaml:8:25: There is nothing left to waive in order, which has ended."
    ]
    later = end.replace("published: 2026-03-20", "published: 2026-03-27")
    files = [
        ("a.yaml", ORDER),
        ("b.yaml", f"{later}rescinds: [order]\n"),
        ("c.yaml", RULING + waiver),
    ]
    assert len(load_instruments(files, DIRECTORY)) == 3


def test_an_amendments_text_answers_for_the_clause_in_a_waiver():
    text = BECOMES + "targets: [{makers: [beta]}], scope: {parties: [bank]}"
    first = RULING.replace("id: ruling", "id: amendment").replace("2026-03-26", "2026-03-20")
    waiver = "waives: [{instruments: [order], parties: [bank]}]\n"
    files = [("a.yaml", ORDER), ("b.yaml", f"{first}{closed(text)}\n"), ("c.yaml", RULING + waiver)]
    assert [one.instrument.id for one in load_instruments(files, DIRECTORY)][-1] == "ruling"


def instrument(id_: str, text: str, recorded: str = "2026-03-26T10:00") -> str:
    return (
        RULING.replace("id: ruling", f"id: {id_}").replace("2026-03-26T10:00", recorded)
        + f"{text}\n"
    )


def test_acts_in_a_circle_are_named_once_whatever_the_instants():
    circle = (
        instrument("one", "declines: [two]"),
        instrument("two", "lifts: [{instruments: [three]}]", "2026-03-27"),
        instrument("three", "amends: [{instruments: [one], clause: stop}]"),
    )
    [said] = told(*circle)
    assert said.startswith(("a.yaml:8:12: ", "b.yaml:8:24: ", "c.yaml:8:24: "))
    assert any(f"a circle: {way}." in said for way in CIRCLES)
    assert said.endswith("An instrument acts only on those before it. Leave one of these acts out.")


CIRCLES = ("one → two → three → one", "two → three → one → two", "three → one → two → three")


def test_two_circles_through_one_instrument_are_both_named():
    said = told(
        instrument("one", "declines: [two, three]"),
        instrument("two", "declines: [one]"),
        instrument("three", "declines: [one]"),
    )
    assert len(said) == 2
    assert all("in a circle" in each for each in said)


def test_of_what_was_recorded_together_what_acts_on_another_comes_after_it():
    texts = (
        instrument("three", "declines: [two]"),
        instrument("two", "declines: [one]"),
        instrument("one", "declines: []"),
        instrument("nought", "declines: [three]", "2026-03-27"),
    )
    files = [(f"{index}.yaml", text) for index, text in enumerate(texts)]
    found = [one.instrument.id for one in load_instruments(files, DIRECTORY)]
    assert found == ["one", "two", "three", "nought"]
