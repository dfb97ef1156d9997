"""Whole documents: the scenario's reports, orders and memos in their issuer's voice, bad input."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.directory.source import load
from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.model import Findings, Quote
from changeover.intake.reading import read
from tests.intake.statechat import DIRECTORY

REPORTS = Path(__file__).parents[2] / "scenarios" / "statechat" / "reports"


def read_text(text: str) -> Findings:
    return read(text.encode(), "a.md", DIRECTORY)


def read_report(name: str) -> Findings:
    return read((REPORTS / name).read_bytes(), name, DIRECTORY)


def quotes_of(value):
    """Every quote anywhere in the findings."""
    if isinstance(value, Quote):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from quotes_of(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from quotes_of(item)
    elif isinstance(value, dict):
        yield from quotes_of(tuple(value.values()))


@pytest.fixture(params=["2026-03-02-report.en.md", "2026-03-02-report.fr.md"])
def march(request):
    return read_report(request.param)


def draft_of(findings, issuer, action):
    [draft] = [d for d in findings.drafts if (d.issuer, d.action) == (issuer, action)]
    return draft


def test_the_report_of_march_holds_seven_acts(march):
    assert march.dated == "2026-03-02"
    assert {(d.issuer, d.kind, d.action, d.nature) for d in march.drafts} == {
        ("president", "order", "prohibit", "report of an act"),
        ("defence-secretary", "designation", "designate", "announcement"),
        ("openai", "agreement", "permit", "report of an act"),
        ("treasury-secretary", "order", "prohibit", "report of an act"),
        ("housing-director", "order", "prohibit", "report of an act"),
        ("state-secretary", "order", "prohibit", "report of an act"),
        ("state-secretary", "memo", "rebind", "report of an act"),
    }


def test_the_presidents_order_winds_down_in_two_readings(march):
    order = draft_of(march, "president", "prohibit")
    assert order.targets.makers == ("anthropic",)
    assert order.scope.parties == ("government",)
    assert order.since == "2026-02-27"
    assert order.wind_down is not None
    assert order.wind_down.until == "2026-08-27"
    assert [(r.id, r.parties) for r in order.wind_down.readings] == [
        ("all", ()),
        ("named", ("defence",)),
    ]


def test_an_announcement_has_no_day(march):
    announced = draft_of(march, "defence-secretary", "designate")
    assert announced.since is None
    assert announced.targets.makers == ("anthropic",)


def test_regulated_bodies_are_named_apart(march):
    order = draft_of(march, "housing-director", "prohibit")
    assert order.scope.parties == ("housing-finance",)
    assert order.scope.regulated == ("fannie-mae", "freddie-mac")
    assert order.confirmed == "confirmed"


def test_departments_carry_out_the_presidents_order(march):
    order = draft_of(march, "president", "prohibit")
    for issuer in ("treasury-secretary", "housing-director", "state-secretary"):
        derived = draft_of(march, issuer, "prohibit")
        assert derived.implements == (order.id,)
        assert derived.since == "2026-03-02"


def test_the_memo_changes_a_services_model_for_now(march):
    memo = draft_of(march, "state-secretary", "rebind")
    [change] = memo.rebindings
    assert (change.service, change.slots) == ("statechat", ("chat", "title", "summary"))
    assert change.models == ("openai/gpt-4.1",)
    assert change.provisional
    assert "saw" in {a.role for a in memo.attribution}
    assert memo.confirmed == "no-comment"


def test_the_agreement_admits_a_vendor_to_a_network(march):
    agreement = draft_of(march, "openai", "permit")
    assert agreement.scope.networks == ("classified",)
    assert agreement.scope.parties == ("defence",)
    assert agreement.since == "2026-02-27"


def test_silence_is_recorded_as_silence(march):
    silent = {c.said_by for c in march.claims if c.status == "no-comment"}
    assert silent == {"state", "anthropic"}


def test_the_press_is_unknown_and_proposed(march):
    [relay] = [name for name in march.unknown if name.seems == "relay"]
    assert relay.name in {"Courier", "Courrier"}


def test_the_report_of_february_holds_claims_only():
    found = read_report("2026-02-23-report.en.md")
    assert found.drafts == ()
    assert "No act was found in it." in found.notes
    assert [(c.said_by, c.relayed_by, c.status) for c in found.claims] == [
        ("two people", "Ledger", "unverified"),
        ("defence", "Ledger", "unverified"),
        ("anthropic", "Ledger", "unverified"),
        (None, "Ledger", "unverified"),
        (None, "Ledger", "unverified"),
        ("Courier", None, "unverified"),
        ("defence", None, "no-comment"),
        ("president", None, "no-comment"),
        ("anthropic", None, "no-comment"),
    ]


MIRROR = """\
Date: 14 May 2027

From: Secretary of the Treasury
To: Treasury Department
Subject: OpenAI

The Department shall cease all use of OpenAI's models, including GPT-4.1, within 90 days.
"""


def test_an_order_in_its_issuers_voice_about_the_other_vendor():
    [order] = read_text(MIRROR).drafts
    assert (order.nature, order.confirmed) == ("act", "confirmed")
    assert (order.issuer, order.scope.parties) == ("treasury-secretary", ("treasury",))
    assert order.targets.makers == ("openai",)
    assert (order.since, order.wind_down and order.wind_down.until) == ("2027-05-14", "2027-08-12")


def test_a_letterhead_names_the_issuer():
    text = "The President. 27 February 2026.\n\nEvery agency of the government stops using Gemini."
    [order] = read_text(text).drafts
    assert (order.issuer, order.nature, order.scope.parties) == (
        "president",
        "act",
        ("government",),
    )


def test_a_french_memo_rebinds_the_other_way():
    text = (
        "Le 3 juin 2026\n\nDe : secrétaire d'État\nÀ : département d'État\nObjet : StateChat\n\n"
        "À compter du 8 juin, StateChat utilisera Claude Sonnet 4.5 d'Anthropic.\n"
    )
    [memo] = read_text(text).drafts
    assert (memo.kind, memo.issuer, memo.since) == ("memo", "state-secretary", "2026-06-08")
    assert memo.rebindings[0].models == ("anthropic/claude-sonnet-4-5",)
    assert not memo.rebindings[0].provisional


def test_an_opinion_holds_nothing():
    text = (
        "March 5, 2026\n\nIt is hard to see what anyone gains. A ban on Claude would hurt the "
        "government more than Anthropic. Sooner or later Treasury should think again.\n"
    )
    found = read_text(text)
    assert (found.drafts, found.claims) == ((), ())


def test_without_a_date_a_weekday_stays_open():
    [draft] = read_text("On Friday the President ordered Treasury to stop using Gemini.").drafts
    assert draft.since is None
    assert any("no date" in note for note in draft.notes)


def test_an_empty_file_says_so():
    found = read(b"", "a.txt", DIRECTORY)
    assert (found.drafts, found.claims, found.notes) == ((), (), ("The document is empty.",))


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(UnreadableDocumentError):
        read(b"\xe9t\xe9", "a.txt", DIRECTORY)


def test_reading_is_deterministic_and_json():
    once, twice = read_text(MIRROR), read_text(MIRROR)
    assert once == twice
    body = msgspec.json.encode(once)
    assert msgspec.json.decode(body, type=Findings) == once
    assert b'"from":"2027-05-14"' in body


@pytest.mark.parametrize("name", sorted(p.name for p in REPORTS.glob("*.md")))
def test_every_quote_is_exact(name):
    text = (REPORTS / name).read_text()
    quotes = list(quotes_of(read_report(name)))
    assert quotes
    assert all(text[q.start : q.end] == q.text for q in quotes)


WORDS = st.sampled_from(
    [
        "Trump",
        "Treasury",
        "le",
        "président",
        "Anthropic",
        "Claude",
        "GPT-4.1",
        "StateChat",
        "OpenAI",
        "Reuters",
        "ordered",
        "a",
        "ordonné\n",
        "",
        "",
        "",
        "to",
        "stop",
        "cesser",
        "de",
        "using",
        "l'utilisation",
        "bans",
        "interdit",
        "lifts",
        "the",
        "ban",
        "said",
        "that",
        "que",
        "selon",
        "according\n",
        "",
        "",
        "",
        "to",
        ",",
        ".",
        ";",
        '"',
        "«",
        "»",
        "(",
        ")",
        "and",
        "et",
        "after",
        "après",
        "qui",
        "who",
        "not",
        "n't",
        "ne",
        "pas",
        "plus",
        "no",
        "longer",
        "will",
        "six",
        "months\n",
        "",
        "",
        "",
        "vendredi",
        "on",
        "Friday",
        "within",
        "pendant",
        "31",
        "February",
        "İ",
        "ß",
        "́",
        "😀",
        "#",
        "-",
        "From:",
        "date",
        "2026-03-02\n",
        "",
        "",
        "",
        "",
    ]
)
TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200),
    st.lists(WORDS, max_size=60).map(" ".join),
)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_is_read_and_quoted_exactly(text):
    found = read_text(text)
    decoded = text.removeprefix("\ufeff")
    assert all(decoded[q.start : q.end] == q.text for q in quotes_of(found))
    assert len({d.id for d in found.drafts}) == len(found.drafts)


def test_who_says_and_who_relays_in_french():
    text = (
        "3 mai 2026\n\nLe Matin a rapporté que le Trésor avait envisagé d'écarter Gemini. Selon le "
        "journal, des responsables du Trésor affirment que rien n'est décidé. Un porte-parole de "
        "Google a démenti tout différend, selon Le Matin. Vox n'a pas pu vérifier ces "
        "informations. Le Trésor et Google n'ont pas souhaité commenter.\n"
    )
    found = read_text(text)
    assert found.drafts == ()
    assert [(c.said_by, c.relayed_by, c.status) for c in found.claims] == [
        (None, "Matin", "unverified"),
        ("treasury", "Matin", "unverified"),
        ("google", "Matin", "denied"),
        ("Vox", None, "unverified"),
        ("treasury", None, "no-comment"),
        ("google", None, "no-comment"),
    ]


@pytest.mark.parametrize("name", sorted(p.name for p in REPORTS.glob("*.md")))
def test_the_shipped_directory_finds_the_same(name):
    files = sorted((REPORTS.parent / "directory").glob("*.yaml"))
    shipped = load({path.name: path.read_text() for path in files})
    found = read((REPORTS / name).read_bytes(), name, shipped)
    expected = read_report(name)
    assert [(d.id, d.issuer, d.since, d.scope) for d in found.drafts] == [
        (d.id, d.issuer, d.since, d.scope) for d in expected.drafts
    ]
    assert [(c.said_by, c.relayed_by, c.status) for c in found.claims] == [
        (c.said_by, c.relayed_by, c.status) for c in expected.claims
    ]
