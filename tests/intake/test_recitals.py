"""What an order or a ruling recalls of other texts, and what it says of itself as a whole."""

import pytest

from changeover.intake.model import Draft, Findings
from changeover.intake.reading import read
from tests.intake.corpus.documents import directory

DIRECTORY = directory()


def drafts(text: str) -> list[Draft]:
    found: Findings = read(text.encode(), "text.txt", DIRECTORY)
    return list(found.drafts)


HOME_OFFICE = "HOME OFFICE\nCircular 11/2026\n4 June 2026\n\n{}\n\nThe Home Secretary\n"
INTERIEUR = "Arrêté du 4 juin 2026\n\nLe ministre de l'Intérieur\n\n{}\n"


@pytest.mark.parametrize(
    ("frame", "recital"),
    [
        (HOME_OFFICE, "Circular 3/2026 of 9 March 2026, which barred staff from Grok, is revoked."),
        (INTERIEUR, "La circulaire du 9 mars 2026, qui interdisait l'usage de Grok, est abrogée."),
    ],
)  # fmt: skip
def test_what_is_ended_is_told_with_its_own_day(frame: str, recital: str):
    before, ended = sorted(drafts(frame.format(recital)), key=lambda d: d.action)
    assert (before.action, before.nature, before.since) == (
        "prohibit", "report of an act", "2026-03-09",
    )  # fmt: skip
    assert (ended.action, ended.nature, ended.since) == ("rescind", "act", "2026-06-04")


def test_a_court_stays_the_act_of_the_office_that_it_names():
    text = """FEDERAL COURT

Ottawa, Ontario, November 20, 2025

UPON noting that, by a direction signed on October 6, 2025, the President of the Canada Border
Services Agency forbade officers to use Halcyon;

THIS COURT ORDERS that the operation of the direction is suspended.
"""
    told, stayed = drafts(text)
    assert (told.action, told.issuer, told.since) == (
        "prohibit", "ca-border-president", "2025-10-06",
    )  # fmt: skip
    assert (stayed.action, stayed.issuer, stayed.since) == (
        "stay", "ca-federal-court", "2025-11-20",
    )  # fmt: skip
    assert stayed.scope.parties == ("ca-border",)


@pytest.mark.parametrize(
    ("frame", "force", "since"),
    [
        (HOME_OFFICE, "4. This circular takes effect on 1 July 2026.", "2026-07-01"),
        (INTERIEUR, "Article 2 Entrée en vigueur\nLe présent arrêté entre en vigueur le 1er juillet.",
         "2026-07-01"),
        (INTERIEUR, "Le préfet exécute le présent arrêté, qui entre en vigueur dès sa publication.",
         None),
    ],
)  # fmt: skip
def test_a_text_is_in_force_from_the_day_that_it_says(frame: str, force: str, since: str | None):
    ban = {HOME_OFFICE: "No officer may use Grok.", INTERIEUR: "L'usage de Grok est interdit."}
    [draft] = drafts(frame.format(f"{ban[frame]}\n\n{force}"))
    assert draft.since == since


def test_an_announced_order_is_announced():
    text = HOME_OFFICE.format(
        "I will sign an order under which, starting 1 September 2026, staff may not use Grok."
    )
    [draft] = drafts(text)
    assert (draft.action, draft.nature, draft.since) == ("prohibit", "announcement", "2026-09-01")


def test_a_letter_frees_its_addressee():
    text = """Le Premier ministre

Paris, le 15 mars 2027

à
Madame la ministre des Armées

Votre ministère est dispensé, du 1er avril au 31 décembre 2027, de respecter l'interdiction de Qwen.
"""
    [draft] = drafts(text)
    assert (draft.action, draft.scope.parties) == ("waive", ("fr-armies",))
    assert (draft.since, draft.until) == ("2027-04-01", "2027-12-31")


def test_several_vendors_are_meant_by_either_company():
    text = HOME_OFFICE.format(
        "Neither DeepSeek nor Alibaba Cloud has answered. Staff must not use the products of"
        " either company."
    )
    [draft] = drafts(text)
    assert set(draft.targets.makers) == {"deepseek", "alibaba"}
