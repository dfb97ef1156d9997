"""Instruments are read from YAML, and every problem is told where it stands."""

from datetime import UTC, datetime

import pytest

from changeover.basics.text import Bilingual
from changeover.basics.yaml_source import SourceError
from changeover.directory.source import load
from changeover.orders.model import (
    Implement,
    Moment,
    Period,
    Rebinding,
    Rescind,
    Scope,
    Target,
    WindDown,
)
from changeover.orders.source import load_instruments
from tests.directory.text import WHOLE

DIRECTORY = load({"directory.yaml": WHOLE})

ORDER = """\
id: order
kind: order
issuer: president
title: {en: Order, fr: Ordre}
signed: 2026-02-27
published: 2026-02-27T16:00
recorded: 2026-02-27T16:20
entered_by: ada
clauses:
  stop:
    words: Nobody uses Alpha.
    chosen_by: grace
    modality: prohibit
    targets: [{makers: [alpha]}]
    scope: {parties: [government], regulated: [bank], contracts: [D-1]}
    until: 2027-02-27
    wind_down: {until: {months: 6, after: effective}, parties: [state], recent_days: 30}
sources: [{address: order.txt, captured: 2026-02-27T16:10, sha256: SHA}]
""".replace("SHA", "0" * 64)

FOLLOWING = """\
id: following
kind: order
issuer: president
title: Following
published: 2026-03-02
recorded: 2026-03-02T10:00
entered_by: ada
confirmed_by: grace
implements: [order]
rebindings: [{service: desk, slots: [chat], models: [beta/tuned], provisional: true}]
served: {bank: 2026-03-03}
"""

EASTERN_27_FEB_16H = datetime(2026, 2, 27, 21, tzinfo=UTC)


def problems_of(*files: str, known: tuple[str, ...] = ()) -> list[str]:
    named = [(f"{chr(ord('a') + index)}.yaml", text) for index, text in enumerate(files)]
    with pytest.raises(SourceError) as caught:
        load_instruments(named, DIRECTORY, known)
    return [str(problem) for problem in caught.value.problems]


def test_a_flat_clause_becomes_one_reading_called_plain() -> None:
    [issued] = load_instruments({"a.yaml": ORDER}, DIRECTORY)
    assert (issued.entered_by, issued.confirmed_by) == ("ada", None)
    assert issued.recorded == datetime(2026, 2, 27, 21, 20, tzinfo=UTC)
    order = issued.instrument
    assert order.title == Bilingual(en="Order", fr="Ordre")
    assert order.signed == datetime(2026, 2, 27, 5, tzinfo=UTC)
    assert order.takes_effect() == EASTERN_27_FEB_16H
    [clause] = order.clauses
    assert (clause.id, clause.words, clause.chosen) == ("stop", "Nobody uses Alpha.", "plain")
    [reading] = clause.readings
    assert reading.targets == (Target(makers=("alpha",)),)
    assert reading.scope == Scope(parties=("government",), regulated=("bank",), contracts=("D-1",))
    assert reading.since is None
    assert reading.until == Moment(at=datetime(2027, 2, 27, 5, tzinfo=UTC))
    assert reading.wind_down == WindDown(
        until=Moment(
            at=datetime(2026, 8, 27, 20, tzinfo=UTC),
            period=Period(count=6, unit="months", after="effective"),
        ),
        parties=("state",),
        recent_days=30,
    )


def test_a_clause_keeps_all_its_readings_and_the_one_chosen() -> None:
    flat = ORDER[ORDER.index("    modality") : ORDER.index("sources")]
    reading = flat.replace("    ", "        ")
    readings = f"    readings:\n      wide:\n{reading}      strict:\n{reading}    chosen: strict\n"
    [issued] = load_instruments({"a.yaml": ORDER.replace(flat, readings)}, DIRECTORY)
    [clause] = issued.instrument.clauses
    assert [one.id for one in clause.readings] == ["wide", "strict"]
    assert clause.reading().id == "strict"

    text = ORDER.replace(flat, readings.replace("    chosen: strict\n", ""))
    assert problems_of(text) == [
        (
            "a.yaml:10:3: The clause has several readings and none is chosen. "
            "Add chosen: and the reading's id."
        )
    ]
    text = ORDER.replace(flat, readings.replace("chosen: strict", "chosen: strikt"))
    line = text[: text.index("chosen: strikt")].count("\n") + 1
    assert problems_of(text) == [
        f"a.yaml:{line}:13: There is no reading 'strikt'. Did you mean strict?"
    ]
    text = ORDER.replace(flat, "    readings: {}\n")
    assert problems_of(text) == ["a.yaml:13:15: The clause has no reading."]


def test_a_clause_without_words_is_none():
    words = next(line for line in ORDER.splitlines() if line.startswith("    words:"))
    [problem] = problems_of(ORDER.replace(words, '    words: " "'))
    assert problem.endswith("The clause has no words. Write what the text says.")


def test_instruments_come_in_the_order_in_which_they_were_recorded() -> None:
    found = load_instruments([("b.yaml", FOLLOWING), ("a.yaml", ORDER)], DIRECTORY)
    assert [issued.instrument.id for issued in found] == ["order", "following"]
    following = found[1].instrument
    assert following.acts == (Implement(instruments=("order",)),)
    assert following.implements() == ("order",)
    assert following.rebindings == (
        Rebinding(service="desk", slots=("chat",), models=("beta/tuned",), provisional=True),
    )
    assert following.served == {"bank": datetime(2026, 3, 3, 5, tzinfo=UTC)}


def test_several_instruments_may_stand_in_one_file() -> None:
    listed = "instruments:\n" + "".join(
        "  - " + text.rstrip("\n").replace("\n", "\n    ") + "\n" for text in (ORDER, FOLLOWING)
    )
    assert load_instruments({"all.yaml": listed}, DIRECTORY) == load_instruments(
        {"a.yaml": ORDER, "b.yaml": FOLLOWING}, DIRECTORY
    )
    text = listed.replace("implements: [order]", "implements: [ordr]")
    line = text[: text.index("[ordr]")].count("\n") + 1
    assert problems_of(text) == [
        f"a.yaml:{line}:18: There is no instrument 'ordr'. Did you mean order?"
    ]


def test_a_rescission_and_what_is_on_record_already() -> None:
    text = FOLLOWING.replace("implements", "rescinds") + "rescinds_since: 2026-04-10\n"
    [issued] = load_instruments({"a.yaml": text}, DIRECTORY, known=["order"])
    assert issued.instrument.acts == (
        Rescind(instruments=("order",), since=datetime(2026, 4, 10, 4, tzinfo=UTC)),
    )
    assert problems_of(FOLLOWING + "rescinds_since: 2026-04-10\n", known=("order",)) == [
        "a.yaml:12:17: The instrument rescinds nothing."
    ]


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("issuer: president", "issuer: presidnt", "presidnt", "There is no issuer 'presidnt'. Did you mean president?"),
        ("kind: order", "kind: ordre", "ordre", "'ordre' cannot stand here. Did you mean order?"),
        ("[government]", "[goverment]", "goverment", "There is no party 'goverment'. Did you mean government?"),
        ("[bank]", "[bnk]", "bnk", "There is no party 'bnk'. Did you mean bank?"),
        ("[D-1]", "[D-7]", "D-7", "There is no contract 'D-7'. Did you mean D-1?"),
        ("contracts: [D-1]", "networks: [opne]", "opne", "There is no network 'opne'. Did you mean open?"),
        ("contracts: [D-1]", "services: [dsk]", "dsk", "There is no service 'dsk'. Did you mean desk?"),
        ("makers: [alpha]", "makers: [alfa]", "alfa", "There is no vendor 'alfa'. Did you mean alpha?"),
        ("makers: [alpha]", "models: [alpha/on]", "alpha/on", "There is no model 'alpha/on'. Did you mean alpha/one?"),
        ("makers: [alpha]", "hosts: [bta]", "bta", "There is no vendor 'bta'. Did you mean beta?"),
        ("makers: [alpha]", "resellers: [bta]", "bta", "There is no vendor 'bta'. Did you mean beta?"),
        ("makers: [alpha]", "routes: [alpha/one@alfa]", "alpha/one@alfa", "There is no route 'alpha/one@alfa'. Did you mean alpha/one@alpha?"),
        ("parties: [state]", "parties: [stat]", "stat]", "There is no party 'stat'. Did you mean state?"),
        ("targets: [{makers: [alpha]}]", "targets: []", "[]", "There is no target. Say what may or may not be used."),
        ("targets: [{makers: [alpha]}]", "targets: [{}]", "{}", "An empty target would match every model. Name makers, models, hosts, resellers or routes."),
        ("scope: {parties: [government], regulated: [bank], contracts: [D-1]}", "scope: {}", "{}", "An empty scope would reach everybody. Name the parties, networks or services reached."),
        ("until: 2027-02-27", "until: 2026-02-27", "2026-02-27", "This ends 2026-02-27T00:00:00-05:00, not after it begins 2026-02-27T16:00:00-05:00."),
        ("{months: 6, after: effective}", "2026-02-01", "2026-02-01", "This ends 2026-02-01T00:00:00-05:00, not after it begins 2026-02-27T16:00:00-05:00."),
        ("{months: 6, after: effective}", "{months: 6, days: 3, after: effective}", "{months", "A period is so many months, days, business_days or court_days, from 1 to a hundred years."),
        ("{months: 6, after: effective}", "{days: 0, after: effective}", "{days", "A period is so many months, days, business_days or court_days, from 1 to a hundred years."),
        ("{months: 6, after: effective}", "{after: effective}", "{after", "A period is so many months, days, business_days or court_days, from 1 to a hundred years."),
        ("{months: 6, after: effective}", "{court_days: 6, after: signed}", "{court", "The directory does not say whose public holidays count. Without them no business or court day can be told. Add holidays: to it, such as {country: US, subdivision: DC}."),
        ("{months: 6, after: effective}", "{months: 6, after: signed, rolls: true}", "{months", "The directory does not say whose public holidays count. Without them no business or court day can be told. Add holidays: to it, such as {country: US, subdivision: DC}."),
        ("{months: 6, after: effective}", "{business_days: 6, after: signed, rolls: true}", "true", "Business and court days end on a day on which business is done by themselves. Leave rolls out."),
        ("{months: 6, after: effective}", "{business_days: 26001, after: signed}", "{business", "A period is so many months, days, business_days or court_days, from 1 to a hundred years."),
        ("published: 2026-02-27T16:00", "published: 2026-03-08T02:30", "2026-03-08", "2026-03-08 02:30:00 is skipped by a clock change in America/New_York. Write the time with its offset from UTC: 2026-03-08T02:30:00-05:00 or 2026-03-08T02:30:00-04:00."),
        ("until: 2027-02-27", "until: 2026-11-01T01:30", "2026-11-01", "2026-11-01 01:30:00 is repeated by a clock change in America/New_York. Write the time with its offset from UTC: 2026-11-01T01:30:00-04:00 or 2026-11-01T01:30:00-05:00."),
        ("{months: 6, after: effective}", "{months: 6, after: served}", "served", "'served' cannot stand here. There is signed, published, effective."),
        ("recent_days: 30", "recent_days: -1", "-1", "The days must not be negative, nor more than a hundred years."),
        ("published: 2026-02-27T16:00", "published: yesterday", "yesterday", "'yesterday' is not an instant. Write a date (2026-03-02), a local time (2026-03-02T09:00) or a time with offset (2026-03-02T09:00:00-05:00)."),
        ("published: 2026-02-27T16:00", "published: 9999-12-31", "9999", "The year of '9999-12-31' is not one from 1900 to 2199."),
        ("chosen_by: grace", "chosen: grace", "chosen: grace", "There is no field 'chosen' here. Did you mean chosen_by?"),
        ("sha256: 0", "sha256: g0", "g0", "This is not a SHA-256 digest. Write its 64 hexadecimal digits."),
    ],
)  # fmt: skip
def test_one_broken_line_is_told_at_its_place(old: str, new: str, where: str, said: str) -> None:
    assert ORDER.count(old) == 1, old
    text = ORDER.replace(old, new)
    number, line = next(
        (number, now)
        for number, (was, now) in enumerate(
            zip(ORDER.splitlines(), text.splitlines(), strict=True), start=1
        )
        if was != now
    )
    assert f"a.yaml:{number}:{line.index(where) + 1}: {said}" in problems_of(text)


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("[order]", "[ordr]", "ordr", "There is no instrument 'ordr'. Did you mean order?"),
        ("[order]", "[following]", "following]", "following cannot act on itself."),
        ("recorded: 2026-03-02T10:00", "recorded: 2026-02-26", None, "order was recorded only after this instrument."),
        ("service: desk", "service: dsk", "dsk", "There is no service 'dsk'. Did you mean desk?"),
        ("slots: [chat]", "slots: [cha]", "cha]", "There is no slot 'cha'. Did you mean chat?"),
        ("slots: [chat]", "slots: []", "[]", "The rebinding names no slots."),
        ("[beta/tuned]", "[beta/tund]", "beta/tund", "There is no model or route 'beta/tund'. Did you mean beta/tuned?"),
        ("{bank:", "{bnk:", "2026-03-03", "There is no addressee 'bnk'. Did you mean bank?"),
    ],
)  # fmt: skip
def test_references_of_a_following_instrument(
    old: str, new: str, where: str | None, said: str
) -> None:
    assert FOLLOWING.count(old) == 1, old
    text = FOLLOWING.replace(old, new)
    line = next(n for n in text.splitlines() if (where or "[order]") in n)
    number = text.splitlines().index(line) + 1
    column = line.index(where or "order]") + 1
    assert problems_of(ORDER, text) == [f"b.yaml:{number}:{column}: {said}"]


def test_an_announcement_has_no_instant_to_count_from() -> None:
    text = ORDER.replace("published: 2026-02-27T16:00", "announced: 2026-02-27T16:00")
    assert problems_of(text) == [
        (
            "a.yaml:17:24: The instrument has no instant 'effective' to count from. "
            "Add effective: to it, or count from another instant."
        )
    ]
    no_period = text.replace("{months: 6, after: effective}", "2026-08-27")
    [issued] = load_instruments({"a.yaml": no_period}, DIRECTORY)
    assert issued.instrument.takes_effect() is None


def test_the_same_id_in_two_files_names_both_places() -> None:
    assert problems_of(FOLLOWING, "\n\n" + ORDER, ORDER) == [
        "c.yaml:1:5: The instrument order stands in b.yaml:3 already. Keep one of them."
    ]


def test_every_problem_of_every_file_is_told_at_once() -> None:
    first = ORDER.replace("makers: [alpha]", "makers: [alfa]").replace("[bank]", "[bnk]")
    second = FOLLOWING.replace("entered_by: ada\n", "").replace("kind:", "knd:")
    assert problems_of(first, second, "- a\n") == [
        "a.yaml:14:25: There is no vendor 'alfa'. Did you mean alpha?",
        "a.yaml:15:48: There is no party 'bnk'. Did you mean bank?",
        "b.yaml:1:1: The field 'entered_by' is missing.",
        "b.yaml:1:1: The field 'kind' is missing.",
        "b.yaml:2:1: There is no field 'knd' here. Did you mean kind?",
        "c.yaml:1:1: The file must hold fields, such as parties:.",
    ]


WITH_HOLIDAYS = load(
    {"a.yaml": WHOLE + "holidays: {country: US, subdivision: DC, closed: [2026-12-24]}\n"}
)


@pytest.mark.parametrize(
    ("written", "period", "until"),
    [
        # Presidents' Day, 16 February, counts for nothing.
        ("{business_days: 5, after: signed}", Period(count=5, unit="business-days", after="signed"), datetime(2026, 2, 20, 5, tzinfo=UTC)),
        ("{court_days: 2, after: effective}", Period(count=2, unit="court-days", after="effective"), datetime(2026, 12, 28, 21, tzinfo=UTC)),
        ("{business_days: 2, after: effective}", Period(count=2, unit="business-days", after="effective"), datetime(2026, 12, 24, 21, tzinfo=UTC)),
        # From Christmas Eve, on which the court is closed, to Monday.
        ("{days: 2, after: effective, rolls: true}", Period(count=2, unit="calendar-days", after="effective", rolls=True), datetime(2026, 12, 28, 21, tzinfo=UTC)),
        ("{months: 1, after: effective, rolls: true}", Period(count=1, unit="months", after="effective", rolls=True), datetime(2027, 1, 22, 21, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_working_days_and_rolls_count_by_the_directorys_holidays(
    written: str, period: Period, until: datetime
) -> None:
    text = (
        ORDER.replace("{months: 6, after: effective}", written)
        .replace("signed: 2026-02-27", "signed: 2026-02-12")
        .replace("    until: 2027-02-27\n", "")
    )
    if period.after == "effective":
        text = text.replace("published: 2026-02-27T16:00", "published: 2026-12-22T16:00")
    else:
        text = text.replace("published: 2026-02-27T16:00", "published: 2026-02-13T16:00")
    [issued] = load_instruments({"a.yaml": text}, WITH_HOLIDAYS)
    wind_down = issued.instrument.clauses[0].reading().wind_down
    assert wind_down is not None
    assert wind_down.until == Moment(at=until, period=period)


def test_a_period_that_lands_on_a_time_that_a_clock_change_skips_is_told_at_its_place() -> None:
    text = ORDER.replace("T16:00", "T02:30").replace("{months: 6,", "{days: 9,")
    assert problems_of(text) == [
        (
            "a.yaml:17:24: 2026-03-08 02:30:00 is skipped by a clock change in America/New_York. "
            "Write the time with its offset from UTC: "
            "2026-03-08T02:30:00-05:00 or 2026-03-08T02:30:00-04:00."
        )
    ]


def test_only_a_vendors_terms_may_be_for_everybody() -> None:
    office = WHOLE.replace(
        "court: {name: Court,", "house: {name: House, vendor: alpha}\n  court: {name: Court,"
    )
    directory = load({"a.yaml": office})
    scope = "{parties: [government], regulated: [bank], contracts: [D-1]}"
    text = (
        ORDER.replace(scope, "{}")
        .replace("president", "house")
        .replace(", parties: [state], recent_days", ", recent_days")
    )
    for kind in ("terms", "agreement"):
        load_instruments({"a.yaml": text.replace("kind: order", f"kind: {kind}")}, directory)
    with pytest.raises(SourceError, match="An empty scope would reach everybody"):
        load_instruments({"a.yaml": text}, directory)
    by_another = text.replace("kind: order", "kind: terms").replace("house", "president")
    with pytest.raises(SourceError, match="An empty scope would reach everybody"):
        load_instruments({"a.yaml": by_another}, directory)


def test_what_is_to_be_issued_need_not_say_when_it_was_recorded_and_by_whom() -> None:
    kept = [line for line in ORDER.splitlines() if not line.startswith(("recorded", "entered_by"))]
    file = {"order.yaml": "\n".join(kept)}
    with pytest.raises(SourceError) as refused:
        load_instruments(file, DIRECTORY)
    assert [problem.what for problem in refused.value.problems] == [
        "The field 'recorded' is missing.",
        "The field 'entered_by' is missing.",
    ]
    at = datetime(2026, 3, 3, tzinfo=UTC)
    (issued,) = load_instruments(file, DIRECTORY, issuing=at)
    assert (issued.recorded, issued.entered_by) == (at, "")
