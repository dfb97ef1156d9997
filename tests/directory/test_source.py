"""A directory is read from one or many files, and every problem is told where it stands."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.text import Bilingual
from changeover.basics.yaml_source import SourceError
from changeover.directory.model import Holidays, Slot
from changeover.directory.source import load
from tests.directory.text import WHOLE


def problems_of(*files: str) -> list[str]:
    named = [(f"{chr(ord('a') + index)}.yaml", text) for index, text in enumerate(files)]
    with pytest.raises(SourceError) as caught:
        load(named)
    return [str(problem) for problem in caught.value.problems]


def broken(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_forms_become_the_values() -> None:
    directory = load({"a.yaml": WHOLE})
    assert directory.zone == "America/New_York"
    assert directory.parties["government"].name == Bilingual(en="Government", fr="Gouvernement")
    assert directory.parties["state"].name == Bilingual(en="State", fr="State")
    assert directory.models["beta/tuned"].maker == "beta"
    assert directory.models["beta/tuned"].retires == datetime(2026, 10, 14, 4, tzinfo=UTC)
    route = directory.routes["alpha/one@beta:europe"]
    assert (route.model, route.host, route.reseller) == ("alpha/one", "beta", "alpha")
    desk = directory.services["desk"]
    assert desk.slots == (Slot(name="chat", purpose="help"), Slot(name="title", purpose="titles"))
    assert desk.created == datetime(2025, 1, 1, 5, tzinfo=UTC)
    assert [(b.service, b.slot, b.since) for b in directory.bindings] == [
        ("desk", "chat", datetime(2025, 1, 1, 5, tzinfo=UTC)),
        ("desk", "title", datetime(2025, 1, 1, 5, tzinfo=UTC)),
        ("desk", "chat", datetime(2026, 3, 2, 17, tzinfo=UTC)),
        ("shop", "chat", datetime(2025, 1, 1, 5, tzinfo=UTC)),
    ]


def test_several_files_are_one_directory() -> None:
    at = WHOLE.index("services:")
    assert load([("a.yaml", WHOLE[at:]), ("b.yaml", WHOLE[:at]), ("c.yaml", "")]) == load(
        {"whole.yaml": WHOLE}
    )


def test_an_id_in_two_files_names_both_places() -> None:
    text = WHOLE
    first = line_of(text, "  state:")
    assert problems_of(text, "parties:\n  state: {name: Other}\n") == [
        f"b.yaml:2:3: state stands in a.yaml:{first} already. Keep one of them."
    ]


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        (
            "state: {name: State, part_of: government}",
            "state: {name: State, part_of: goverment}",
            "goverment",
            "There is no party 'goverment'. Did you mean government?",
        ),
        (
            "{kind: regulated-by, to: state, basis: Act 1}",
            "{kind: regulated-by, to: estate, basis: Act 1}",
            "estate",
            "There is no party 'estate'. Did you mean state?",
        ),
        (
            "kind: regulated-by",
            "kind: contracted-to",
            "{kind: contracted-to",
            (
                "bank is contracted to state, under no contract named. "
                "Add contract: and the contract's number."
            ),
        ),
        (
            "basis: Act 1}",
            "basis: Act 1, contract: X}",
            "X}",
            "bank is regulated by state; that is no contract. Leave contract out.",
        ),
        (
            "may_act_on: [president]",
            "may_act_on: [president, cout]",
            "cout",
            "There is no issuer 'cout'. Did you mean court?",
        ),
        (
            "default: allow, owner: state",
            "default: allow, owner: nobody-at-all",
            "nobody-at-all",
            "There is no party 'nobody-at-all'. There is government, state, bureau, bank, firm.",
        ),
        (
            "default: allow",
            "default: alow",
            "alow",
            "'alow' cannot stand here. Did you mean allow?",
        ),
        (
            "derived_from: [alpha/one]",
            "derived_from: [alpha/two]",
            "alpha/two",
            "There is no model 'alpha/two'. Did you mean alpha/one?",
        ),
        (
            "aliases: [one, One-Latest]",
            "aliases: [one, BETA/tuned]",
            "BETA/tuned",
            "The name 'BETA/tuned' stands for beta/tuned already.",
        ),
        (
            "beta/tuned@beta: {protocol: openai-chat",
            "beta/tuned@beta: {protocol: openai-chatt",
            "openai-chatt",
            "'openai-chatt' cannot stand here. Did you mean openai-chat?",
        ),
        (
            "alpha/one@alpha: {protocol: anthropic-messages",
            "alpha/one@alpha: {host: beta, protocol: anthropic-messages",
            "alpha/one@alpha",
            (
                "The id 'alpha/one@alpha' is not its model, @ and its host. "
                "Write alpha/one@beta, or add :suffix."
            ),
        ),
        (
            "    network: open\n    slots: {chat: help, title: titles}",
            "    network: opn\n    slots: {chat: help, title: titles}",
            "opn",
            "There is no network 'opn'. Did you mean open?",
        ),
        (
            "contract: D-1\nbindings",
            "contract: D-2\nbindings",
            "D-2",
            "firm has no contract 'D-2'. Did you mean D-1?",
        ),
        (
            "slot: chat, models: [beta/tuned], since: 2026",
            "slot: chatt, models: [beta/tuned], since: 2026",
            "chatt",
            "desk has no slot 'chatt'. Did you mean chat?",
        ),
        (
            "models: [beta/tuned], since: 2026-03-02T12:00",
            "models: [beta/tuned, beta/tuned@alpha], since: 2026-03-02T12:00",
            "beta/tuned@alpha",
            "There is no model or route 'beta/tuned@alpha'. Did you mean beta/tuned@beta?",
        ),
        (
            "models: [beta/tuned], since: 2026-03-02T12:00",
            "models: [beta/tuned, beta/vectors], since: 2026-03-02T12:00",
            "beta/vectors",
            "beta/vectors is for embedding, beta/tuned for chat; a slot has one kind.",
        ),
        (
            "models: [beta/tuned], since: 2026-03-02T12:00",
            "models: [], since: 2026-03-02T12:00",
            "[]",
            "The binding names no model.",
        ),
        (
            "since: 2026-03-02T12:00",
            "since: 2025-01-01",
            "{service",
            "desk chat has two bindings that begin at the same time. Keep one of them.",
        ),
        (
            "since: 2026-03-02T12:00",
            "since: 9999-12-31",
            "9999-12-31",
            "The year of '9999-12-31' is not one from 1900 to 2199.",
        ),
        (
            "since: 2026-03-02T12:00",
            "since: 2026-03-08T02:30",
            "2026-03-08T02:30",
            (
                "2026-03-08 02:30:00 is skipped by a clock change in America/New_York. "
                "Write the time with its offset from UTC: "
                "2026-03-08T02:30:00-05:00 or 2026-03-08T02:30:00-04:00."
            ),
        ),
    ],
)
def test_one_broken_line_is_one_problem_at_its_place(
    old: str, new: str, where: str, said: str
) -> None:
    text = broken(old, new)
    number, line = next(
        (number, now)
        for number, (was, now) in enumerate(
            zip(WHOLE.splitlines(), text.splitlines(), strict=True), start=1
        )
        if was != now
    )
    assert problems_of(text) == [f"a.yaml:{number}:{line.index(where) + 1}: {said}"]


def test_every_problem_is_told_at_once_and_failures_are_not_told_twice() -> None:
    text = broken("state: {name: State, part_of: government}", "state: {nmae: State}")
    text = text.replace("owner: state}", "owner: stat}")
    text += "  - {service: dsk, slot: chat, models: [alpha/one], since: 2026-13-01}\n"
    text += "  - {service: dsk, models: [alpha/one], since: 2026-01-01}\n"
    text += "colours: {}\n"
    lines = {part: line_of(text, part) for part in ("  state:", "  open:", "colours:")}
    last = lines["colours:"]
    assert problems_of(text) == [
        f"a.yaml:{lines['  state:']}:3: The field 'name' is missing.",
        f"a.yaml:{lines['  state:']}:11: There is no field 'nmae' here. Did you mean name?",
        (
            f"a.yaml:{lines['  open:']}:74: There is no party 'stat'. "
            "There is government, bureau, bank, firm."
        ),
        (
            f"a.yaml:{last - 2}:60: '2026-13-01' is not an instant. Write a date (2026-03-02), "
            "a local time (2026-03-02T09:00) or a time with offset (2026-03-02T09:00:00-05:00)."
        ),
        f"a.yaml:{last - 1}:5: The binding names no slot. Add slot: or slots:.",
        (
            f"a.yaml:{last}:1: There is no section 'colours'. There is zone, holidays, parties, issuers, "
            "networks, vendors, models, routes, services, bindings."
        ),
    ]


def test_the_zone_is_named_once() -> None:
    assert problems_of("parties: {}\n") == [
        (
            "a.yaml:1:1: No file names the directory's zone. "
            "Add zone: and an IANA name such as America/New_York."
        )
    ]
    assert problems_of("zone: Atlantis\n") == [
        "a.yaml:1:7: 'Atlantis' is not a time zone. Use an IANA name such as America/New_York."
    ]
    assert problems_of("zone: Europe/Paris\n", "zone: UTC\n") == [
        "a.yaml:1:7: The files name several zones: Europe/Paris, UTC. Name one, in one file.",
        "b.yaml:1:7: The files name several zones: Europe/Paris, UTC. Name one, in one file.",
    ]
    assert load({"a.yaml": "zone: UTC\n", "b.yaml": "zone: UTC\n"}).zone == "UTC"


def test_no_file_and_files_that_hold_no_fields() -> None:
    assert problems_of() == [
        (
            "(no file):1:1: No file names the directory's zone. "
            "Add zone: and an IANA name such as America/New_York."
        )
    ]
    assert problems_of(WHOLE, "- a\n", "a: 'b\n") == [
        "b.yaml:1:1: The file must hold fields, such as parties:.",
        (
            "c.yaml:2:1: This is not YAML: while scanning a quoted scalar; "
            "found unexpected end of stream."
        ),
    ]
    assert problems_of("zone: UTC\nparties: [a]\nbindings: {a: b}\n") == [
        "a.yaml:2:10: parties must be a mapping from each id to its fields.",
        "a.yaml:3:11: bindings must be a list.",
    ]


VALUES = [match.span() for match in re.finditer(r"[\w/@.:-]+|\{[^{}]*\}|\[[^\[\]]*\]", WHOLE)]
MISTAKES = ["null", "[]", "{}", "3", "true", "'", "{a: b}", "*x", "0001-01-01", "9999-12-31", "''"]


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True),
    st.sampled_from(MISTAKES),
)
def test_whatever_is_mistyped_is_read_or_told(spans: list[tuple[int, int]], mistake: str) -> None:
    text = WHOLE
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + mistake + text[end:]
    try:
        load({"a.yaml": text})
    except SourceError as error:
        told = error.problems
    else:
        return
    assert {problem.file for problem in told} == {"a.yaml"}
    assert all(1 <= problem.line <= WHOLE.count("\n") + 1 for problem in told)


HOLIDAYS = "holidays: {country: US, subdivision: DC, closed: [2026-12-24]}\n"


def test_whose_holidays_count_is_read_as_a_section_of_its_own() -> None:
    assert load({"a.yaml": WHOLE}).holidays is None
    assert load([("a.yaml", WHOLE), ("b.yaml", HOLIDAYS)]).holidays == Holidays(
        country="US", subdivision="DC", closed=("2026-12-24",)
    )
    last = WHOLE.count("\n") + 1
    assert problems_of(WHOLE + HOLIDAYS, HOLIDAYS) == [
        f"b.yaml:1:1: holidays stands in a.yaml:{last} already. Keep one of them."
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("US", "XX", "The public holidays of 'XX' are not known. Write the two letters of ISO 3166-1."),
        ("US", "usa", "The public holidays of 'usa' are not known. Did you mean US? Write the two letters of ISO 3166-1."),
        ("DC", "ZZ", "US has no part 'ZZ' with holidays of its own. Write its code, or leave it out."),
        ("2026-12-24", "2026-02-30", "'2026-02-30' is not a day. Write it as 2026-12-24."),
        ("2026-12-24", "2026-W52-4", "'2026-W52-4' is not a day. Write it as 2026-12-24."),
        ("2026-12-24", "tomorrow", "'tomorrow' is not a day. Write it as 2026-12-24."),
    ],
)  # fmt: skip
def test_holidays_of_nowhere_are_told_at_their_place(old: str, new: str, said: str) -> None:
    text = HOLIDAYS.replace(old, new)
    assert problems_of(WHOLE, text) == [f"b.yaml:1:{text.index(new) + 1}: {said}"]


def test_a_field_that_holidays_do_not_have() -> None:
    assert problems_of(WHOLE, "holidays: {country: US, closd: []}\n") == [
        "b.yaml:1:25: There is no field 'closd' here. Did you mean closed?"
    ]


def test_offices_of_vendors_assurances_users_and_budgets() -> None:
    text = broken("may_act_on: [president]", "may_act_on: [president], vendor: alpha")
    text = text.replace(
        "upstream_model: tuned", "upstream_model: tuned, assurances: [no-retention]"
    )
    text = text.replace(
        "    contract: D-1\nb", "    contract: D-1\n    users: 40\n    budget: 900\nb"
    )
    directory = load({"a.yaml": text})
    assert directory.issuers["court"].vendor == "alpha"
    assert directory.routes["beta/tuned@beta"].assurances == ("no-retention",)
    assert (directory.services["shop"].users, directory.services["shop"].budget) == (40, 900)
    assert directory.services["desk"].users is None
    assert [
        said.partition(": ")[2]
        for said in problems_of(text.replace("vendor: alpha", "vendor: alfa"))
    ] == ["There is no vendor 'alfa'. Did you mean alpha?"]
    assert [
        said.partition(": ")[2] for said in problems_of(text.replace("users: 40", "users: -1"))
    ] == ["The users of shop must not be negative. Leave it out where it is unknown."]
