from datetime import date

import pytest

from changeover.intake.model import Period
from changeover.intake.times import count, document_date, find_times

MONDAY = date(2026, 3, 2)


def one(text):
    [time] = find_times(text, 0, len(text))
    return time


@pytest.mark.parametrize(
    ("text", "bearing", "day"),
    [
        ("on Friday", "at", date(2026, 2, 27)),
        ("vendredi", "at", date(2026, 2, 27)),
        ("Monday", "at", MONDAY),
        ("lundi prochain", "at", date(2026, 3, 9)),
        ("next Friday", "at", date(2026, 3, 6)),
        ("by 30 June", "until", date(2026, 6, 30)),
        ("jusqu'au 27 août 2026", "until", date(2026, 8, 27)),
        ("à compter du 1er avril", "from", date(2026, 4, 1)),
        ("effective April 1, 2026", "from", date(2026, 4, 1)),
        ("15 December", "at", date(2025, 12, 15)),
        ("yesterday", "at", date(2026, 3, 1)),
        ("avec effet immédiat", "from", MONDAY),
        ("2026-03-05", "at", date(2026, 3, 5)),
    ],
)
def test_points(text, bearing, day):
    time = one(text)
    assert (time.bearing, time.resolve(MONDAY)) == (bearing, day)
    assert text[time.start : time.end] == text


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("within six months", Period(count=6, unit="months")),
        ("pendant six mois", Period(count=6, unit="months")),
        ("within 180 calendar days", Period(count=180, unit="days")),
        ("sous dix jours ouvrables", Period(count=10, unit="business-days")),
        ("for two weeks", Period(count=14, unit="days")),
        ("six-month", Period(count=6, unit="months")),
    ],
)
def test_lengths(text, period):
    assert one(text).period == period


def test_a_weekday_ahead_is_the_next_one():
    assert one("by Friday").resolve(MONDAY, ahead=True) == date(2026, 3, 6)


def test_without_a_document_date_a_weekday_stays_open():
    assert one("on Friday").resolve(None) is None


@pytest.mark.parametrize("text", ["31 February 2026", "2026-13-40", "no time at all"])
def test_what_is_no_date_is_none(text):
    assert find_times(text, 0, len(text)) == []


def test_counting():
    assert count(date(2026, 2, 27), Period(count=6, unit="months")) == date(2026, 8, 27)
    assert count(date(2026, 8, 31), Period(count=6, unit="months")) == date(2027, 2, 28)
    assert count(date(2026, 3, 6), Period(count=1, unit="business-days")) == date(2026, 3, 9)
    assert count(date(9999, 12, 1), Period(count=6, unit="months")) is None


@pytest.mark.parametrize(
    "text",
    [
        " date 2026-03-02 A headline",
        "A headline\n\nMarch 2, 2026\n\nText of 1 May 2020.",
        "Washington, le 2 mars 2026",
        "---\ndate: 2026-03-02\ntitle: x\n---\nText",
        "From: X\nEffective: 1 April 2026\nDate: 2 March 2026\n",
        "The Secretary, in a post. 2 March 2026.\n\nText",
    ],
)
def test_the_documents_own_date(text):
    found = document_date(text)
    assert found is not None
    day, start, end = found
    assert day == MONDAY
    assert "2026" in text[start:end]


@pytest.mark.parametrize("text", ["", "It ends by 3 May 2026.", "See version 2026."])
def test_a_document_without_a_date(text):
    assert document_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "from 1 April to 31 December 2027",
        "du 1er avril au 31 décembre 2027",
        "between 1 April and 31 December 2027",
        "from April 1 until December 31, 2027",
    ],
)
def test_of_two_days_one_begins_and_the_other_ends(text):
    first, last = find_times(text, 0, len(text))
    assert (first.bearing, first.resolve(MONDAY)) == ("from", date(2027, 4, 1))
    assert (last.bearing, last.resolve(MONDAY)) == ("until", date(2027, 12, 31))


def test_a_range_may_go_over_the_year_s_end():
    first, last = find_times("from 1 December to 31 March 2027", 0, 33)
    assert (first.resolve(MONDAY), last.resolve(MONDAY)) == (date(2026, 12, 1), date(2027, 3, 31))


@pytest.mark.parametrize("text", ["no later than ninety (90) days", "within 90 days"])
def test_a_number_may_be_said_in_figures_too(text):
    assert one(text).period == Period(count=90, unit="days")


@pytest.mark.parametrize(
    ("text", "bearing"),
    [("as of that date", "from"), ("à compter de cette même date", "from"), ("on that day", "at")],
)
def test_a_day_that_was_named_before(text, bearing):
    time = one(text)
    assert (time.same, time.bearing, time.resolve(MONDAY)) == (True, bearing, None)
