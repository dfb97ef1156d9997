"""What an instrument does to others, read from YAML, each mistake where it stands."""

from datetime import UTC, datetime

import pytest

from changeover.basics.yaml_source import SourceError
from changeover.directory.source import load
from changeover.orders.encoding import from_bytes, to_bytes
from changeover.orders.model import (
    Decline,
    Delegate,
    Find,
    Issued,
    Lift,
    Stay,
    Supersede,
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
delegates: [{to: president, instruments: [order], parties: [state], until: 2026-12-01}]
lifts: [{instruments: [stay]}]
vacates: [{instruments: [order], from_beginning: true}]
finds: [{instruments: [derived], result: falls}]
"""
KNOWN = ("old", "other", "order", "stay", "derived")


def eastern(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4 if 3 < month < 11 else 5, tzinfo=UTC)


def test_every_act_is_read_and_kept():
    [issued] = load_instruments({"a.yaml": RULING + ACTS}, DIRECTORY, known=KNOWN)
    assert issued.instrument.acts == (
        Supersede(instruments=("old",)),
        Decline(instruments=("other",)),
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
        Delegate(to="president", instruments=("order",), parties=("state",), until=eastern(12, 1)),
        Lift(instruments=("stay",)),
        Vacate(instruments=("order",), from_beginning=True),
        Find(instruments=("derived",), result="falls"),
    )
    assert from_bytes(to_bytes(issued), Issued) == issued


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
    ],
)
def test_mistakes_are_told_where_they_stand(text: str, said: str):
    with pytest.raises(SourceError) as caught:
        load_instruments({"a.yaml": f"{RULING}{text}\n"}, DIRECTORY, known=KNOWN)
    assert any(said in str(problem) for problem in caught.value.problems), caught.value.problems
