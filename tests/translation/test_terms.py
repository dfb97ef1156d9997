"""Terms in sentences, in whatever form they stand there."""

import pytest

from changeover.translation.model import Term
from changeover.translation.terms import lacking, terms_in

CHAIN = Term("supply chain", "chaîne d'approvisionnement")
SUPPLY = Term("supply", "offre")


def test_a_term_is_found_in_its_plural_and_not_inside_a_longer_one():
    terms = [SUPPLY, CHAIN]
    assert terms_in("The <1>supply</1> chains.", terms, "en") == [CHAIN]
    assert terms_in("Supply, and a supply chain.", terms, "en") == [CHAIN, SUPPLY]
    assert terms_in("Suppliers are elsewhere; surplus.", [Term("plus", "x")], "en") == []


@pytest.mark.parametrize(
    ("target", "missing"),
    [
        ("Les chaînes d’<1>approvisionnement</1>.", []),
        ("Les filières.", [CHAIN]),
        ("", [CHAIN]),
    ],
)
def test_a_translation_has_the_term_inflected_or_lacks_it(target: str, missing: list[Term]):
    assert lacking(target, [CHAIN], "fr") == missing


def test_a_language_without_spaces_or_without_a_stemmer_has_terms_too():
    assert terms_in("これは備忘録です。", [Term("備忘録", "memo")], "ja") == [
        Term("備忘録", "memo")
    ]
    assert lacking("Notatki służbowej nie ma", [Term("x", "notatka służbowa")], "pl") == []
    assert lacking("Nic", [Term("x", "notatka służbowa")], "pl") != []
