"""Whose own voice a text is in: letterheads, signatures, agreements, and what is none."""

import pytest

from changeover.intake.reading import read
from changeover.intake.times import document_date
from tests.intake.corpus.documents import directory

DIRECTORY = directory()
ACT = "\n\nAll departments shall stop using Grok with effect from 1 June 2026.\n"
ACTE = "\n\nL'accès à Grok est fermé à compter du 1er juin 2026.\n"


def issuer_of(text: str) -> str | None:
    findings = read(text.encode(), "text.txt", DIRECTORY)
    (draft,) = findings.drafts
    return draft.issuer


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        ("SAINT-ROCH UNIVERSITY HOSPITAL\nGeneral Management\n\n4 May 2026", "saint-roch-director"),
        ("Office of the Governor of Texas\n\nMay 4, 2026 · 9:12 AM", "texas-governor"),
        # The office of the body in whose letterhead it stands.
        (
            "REPUBLIC AND CANTON OF GENEVA\n\n4 May 2026\n\nTHE COUNCIL OF STATE,",
            "ch-geneva-council",
        ),
    ],
)
def test_a_letterhead_names_who_speaks(head: str, issuer: str):
    assert issuer_of(head + ACT) == issuer


def test_so_does_a_signature_below_a_bodys_letterhead():
    head = "CHU SAINT-ROCH\nDirection générale\n\nNote de service du 4 mai 2026"
    assert issuer_of(head + ACTE + "\nLe directeur général\n") == "saint-roch-director"


def test_whom_a_letter_is_to_does_not_speak():
    head = "Le Premier ministre\n\nParis, le 4 mai 2026\n\nà\nMadame la ministre des Armées"
    assert issuer_of(head + ACTE) == "fr-prime-minister"


def test_an_agreement_names_who_acts():
    head = (
        "AMENDMENT NO. 4\nto the Master Services Agreement of 3 May 2022\n\nThis Amendment is made "
        'on 22 February 2026 between Axiom Bank (the "Bank"),\nacting by its Chief Risk Officer, '
        "and Torvald Ltd."
    )
    assert issuer_of(head + ACT) == "axiom-risk"


def test_a_headline_is_no_letterhead():
    text = "Beauvau se sépare de Grok\n\n12 mars 2026 – Un porte-parole a confirmé la nouvelle.\n"
    assert read(text.encode(), "text.txt", DIRECTORY).drafts == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "AMENDMENT\nto the Agreement of 3 May 2022\n\nThis Amendment is made on 1 June 2026",
            "06-01",
        ),
        ("x\n" * 50 + "Fait à Paris, en deux exemplaires, le 1er juin 2026\n", "06-01"),
        ("Office of the Governor\nJune 1, 2026 · 9:12 AM\n", "06-01"),
    ],
)
def test_a_texts_own_date_is_not_anothers(text: str, day: str):
    found = document_date(text)
    assert found is not None
    assert found[0].isoformat() == f"2026-{day}"


def test_from_when_on_a_text_says_that_it_is_in_force_holds_for_its_acts():
    text = (
        "REPUBLIC AND CANTON OF GENEVA\n\nOrder of 13 January 2027\n\nTHE COUNCIL OF STATE orders:\n\n"
        "Article 1\nThe departments shall not use Grok.\n\n"
        "Article 2\nThe departments are authorised to employ Copilot.\n\n"
        "Article 3\nThis order enters into force on 1 February 2027.\n"
    )
    drafts = read(text.encode(), "text.txt", DIRECTORY).drafts
    assert {draft.since for draft in drafts} == {"2027-02-01"}
    assert {draft.action for draft in drafts} == {"prohibit", "permit"}


def test_who_only_asks_a_court_orders_nothing():
    text = (
        "CONSEIL D'ÉTAT\n\nOrdonnance du 22 septembre 2026\n\nLa fédération demande au juge des "
        "référés de suspendre la décision du ministre de l'Intérieur qui interdit Grok.\n"
    )
    actions = {d.action for d in read(text.encode(), "text.txt", DIRECTORY).drafts}
    assert "stay" not in actions


def test_a_court_binds_nobody_by_itself_and_its_stay_reaches_whom_the_order_reached():
    text = (
        "FEDERAL COURT\n\nOttawa, Ontario, November 20, 2025\n\nBETWEEN:\nKESTREL SYSTEMS, Applicant\n"
        "and\nPRESIDENT OF THE CANADA BORDER SERVICES AGENCY, Respondent\n\nORDER\n\nThe Respondent "
        "forbade officers of the Canada Border Services Agency to use Halcyon.\n\nThe operation of "
        "the direction on Halcyon is suspended pending judicial review.\n"
    )
    drafts = read(text.encode(), "text.txt", DIRECTORY).drafts
    found = {draft.action: (draft.issuer, draft.scope.parties) for draft in drafts}
    assert found == {
        "prohibit": ("ca-border-president", ("ca-border",)),
        "stay": ("ca-federal-court", ("ca-border",)),
    }
