import pytest

from changeover.standin.ranking import best, central, keywords


@pytest.mark.parametrize("texts", [[], [""], ["the of"], ["the", ""]])
def test_texts_without_content_words_rank_nothing(texts):
    assert best(texts, "hello world", "en", 3) == []
    assert keywords(texts, "en", 3) == []
    assert central(texts, "en", 2) == list(range(min(2, len(texts))))


@pytest.mark.parametrize("query", ["", "the", "zebra"])
def test_a_query_without_a_known_word_finds_nothing(query):
    assert best(["A cat sat here.", "A dog ran."], query, "en", 3) == []


def test_one_text_can_be_found_and_is_central():
    assert best(["A cat sat here."], "cats", "en", 3) == [0]
    assert central(["A cat sat here."], "en", 3) == [0]


def test_french_stems_match():
    assert best(["Les délais sont courts."], "quel délai ?", "fr", 1) == [0]


def test_nearly_the_same_sentence_is_taken_once():
    texts = ["The bridge is closed.", "The bridge is closed!", "The bridge needs steel.", "Rain."]
    assert len({0, 1} & set(central(texts, "en", 2))) == 1


def test_ranking_is_silent(capfd, caplog):
    best([f"Item {n}" for n in range(50)], "item", "en", 3)
    central([f"Item {n} of shelf {n % 3}" for n in range(50)], "en", 3)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
