"""The calendar, read back as a calendar program reads it."""

from icalendar import Calendar

from changeover.orders.ahead import Concerned, ahead
from changeover.orders.model import Stay
from changeover.web.calendar import calendar_of
from tests.orders.answers import act
from tests.orders.worlds import day, order, reading, rules, winding

LONG = reading(wind_down=winding(day(40)))


def read(ruleset, language="en", now=1):
    dates = ahead(ruleset, day(now), Concerned())
    calendar = Calendar.from_ical(calendar_of(ruleset, dates, language))
    return calendar, calendar.walk("VEVENT")


def test_an_event_for_each_date_at_its_instant():
    stay = act("s", Stay(instruments=("o",), until=day(30)))
    calendar, (first, second) = read(rules(order("o", LONG), stay))
    assert (str(calendar["version"]), calendar.errors) == ("2.0", [])
    assert [event.decoded("dtstart") for event in (first, second)] == [day(30), day(40)]
    assert [str(event["summary"]) for event in (first, second)] == [
        "Stay expires: s",
        "Deadline: o",
    ]
    assert str(second["uid"]) == "o.one.deadline@changeover"
    assert second.decoded("dtstamp") == day(0)
    assert "dtend" not in second


def test_a_description_says_who_and_what():
    stay = act("s", Stay(instruments=("o",), until=day(30)))
    _, (first, second) = read(rules(order("o", LONG), stay))
    assert str(second["description"]).splitlines() == [
        "10 February 2026 (UTC).",
        "Issued by The Head (o).",
        "“Words.”",
        "It concerns State.",
        "Of alpha.",
    ]
    assert "It keeps off “o” (o), which binds again from then on." in str(first["description"])


def test_in_french():
    _, [event] = read(rules(order("o", LONG)), "fr")
    assert str(event["summary"]) == "Échéance : o"
    lines = str(event["description"]).splitlines()
    assert lines[0] == "10 février 2026 (UTC)."
    assert lines[1:3] == ["Émis par : The Head (o).", "« Words. »"]


def test_a_deadline_that_is_kept_off_says_so():
    _, [event] = read(rules(order("o", LONG), act("s", Stay(instruments=("o",)))))
    assert "As the record stands, it is then kept off by s." in str(event["description"])


def test_texts_that_the_format_gives_a_meaning_to_come_back_whole():
    title = order("o").title.__class__(en="A, b; c\nDTSTART:x \\", fr="é" * 90)
    for language in ("en", "fr"):
        _, [event] = read(rules(order("o", LONG, title=title)), language)
        assert str(event["summary"]).endswith(title.in_language(language))
        assert event.decoded("dtstart") == day(40)


def test_a_calendar_without_events_is_one_too():
    calendar, events = read(rules(order("o")))
    assert events == []
    assert str(calendar["prodid"]).startswith("-//Changeover//")
