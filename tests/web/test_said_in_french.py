"""Whatever the server may say at the desk, the pages can say in French."""

import json
import re

import pytest

from tests.docs.repository import ROOT
from tests.web.sentences import sentences

CATALOGUE = json.loads((ROOT / "frontend" / "src" / "i18n" / "said.fr.json").read_text())
SENTENCES: dict[str, str] = CATALOGUE["sentences"]
_GAP = re.compile(r"\{\d\}")


def test_every_sentence_of_the_code_is_there_in_french() -> None:
    assert {text: place for text, place in sentences().items() if text not in SENTENCES} == {}


def test_every_sentence_that_is_there_is_one_of_the_code() -> None:
    assert SENTENCES.keys() - sentences().keys() == set()


@pytest.mark.parametrize("english", SENTENCES)
def test_a_sentence_keeps_its_gaps_and_is_set_as_french_is(english: str) -> None:
    french = SENTENCES[english]
    assert set(_GAP.findall(french)) == set(_GAP.findall(english))
    prose = re.sub(r"`[^`]*`", "", french)
    assert re.search(r" [;?!»]| :( |$)|« ", prose) is None, "a no-break space is wanted"
    assert re.search(r"\w'\w", prose) is None, "an apostrophe is wanted"
    assert french != english


def test_the_catalogue_is_kept_in_order() -> None:
    assert list(SENTENCES) == sorted(SENTENCES)


def test_code_is_read_as_it_is_said() -> None:
    found = sentences()
    assert found["There is no instrument {0} on record."].startswith("orders/usecases.py:")
    assert "it may not bind {0}" in found
    assert "Which models serve which slots." not in found
