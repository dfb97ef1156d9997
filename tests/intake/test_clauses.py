from changeover.intake.clauses import find_clauses
from changeover.intake.english import ENGLISH
from changeover.intake.french import FRENCH
from changeover.intake.items import read_items
from changeover.intake.names import Names
from changeover.intake.sentences import Sentence
from tests.intake.statechat import DIRECTORY

NAMES = Names(DIRECTORY)


def clauses(text, lexicon):
    items = read_items(text, Sentence(0, len(text), "prose"), NAMES, lexicon)
    return [" ".join(items[p].text for p in c.positions) for c in find_clauses(items)]


def test_a_list_of_subjects_is_one_clause():
    assert clauses("Treasury, State and HHS end all use of Claude", ENGLISH) == [
        "Treasury State and HHS end all use of Claude"
    ]


def test_a_relative_clause_lets_its_clause_go_on():
    assert clauses("The agencies that use Claude must stop", ENGLISH) == [
        "The agencies must stop",
        "that use Claude",
    ]
    assert clauses("Les agences qui utilisent Claude doivent cesser", FRENCH) == [
        "Les agences doivent cesser",
        "qui utilisent Claude",
    ]


def test_speech_opens_a_clause_without_that():
    assert clauses("Treasury said it would ban Claude", ENGLISH) == [
        "Treasury said",
        "it would ban Claude",
    ]


def test_a_prelude_ends_at_its_comma():
    assert clauses("As the President ordered, State, Treasury ban Claude", ENGLISH) == [
        "As the President ordered",
        "State Treasury ban Claude",
    ]


def test_coordination_with_a_new_verb_parts():
    assert clauses("Le Trésor interdit Claude, et le Pentagone autorise Gemini", FRENCH) == [
        "Le Trésor interdit Claude",
        "et le Pentagone autorise Gemini",
    ]
