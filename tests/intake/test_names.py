import pytest

from changeover.intake.names import Names
from changeover.intake.words import tokenise
from tests.intake.statechat import DIRECTORY

NAMES = Names(DIRECTORY)


def ids(text):
    return [{(r.kind, r.id) for r in mention.refs} for mention in NAMES.find(tokenise(text))]


@pytest.mark.parametrize("text", ["GPT4.1", "GPT-4.1", "gpt 4.1", "GPT‑4.1"])
def test_a_models_spellings_are_one(text):
    assert ids(text) == [{("model", "openai/gpt-4.1")}]


def test_accents_and_case_do_not_matter():
    assert ids("le departement d’Etat") == [{("party", "state")}]


def test_a_capital_tells_a_department_from_a_word():
    assert ids("in this state of things") == []
    assert ids("at State today") == [{("party", "state")}]


def test_the_longest_alias_wins():
    assert ids("the Federal Housing Finance Agency") == [{("party", "housing-finance")}]


def test_an_office_is_the_bare_title_and_no_other_bodys():
    assert ids("Le président signe") == [{("issuer", "president")}]
    assert ids("au président de la banque") == []
    assert ids("chaque président") == []
    assert ids("the President has spoken") == [{("issuer", "president")}]


def test_a_domain_counts_beside_a_person_only():
    assert ids("un fonctionnaire de la défense") == [{("party", "defence")}]
    assert ids("defense officials") == [{("party", "defence")}]
    assert ids("la défense de ses droits") == []


def test_a_vendor_may_be_an_issuer_too():
    assert ids("OpenAI") == [{("vendor", "openai"), ("issuer", "openai")}]
