"""A mistyped name is answered with the one most likely meant."""

from changeover.basics.nearest import advice, nearest


def test_the_nearest_name_is_found_letter_case_aside() -> None:
    assert nearest("Treasurry", ["state", "treasury"]) == "treasury"
    assert nearest("gpt4.1", ["openai/gpt-4.1", "GPT-4.1"]) == "GPT-4.1"
    assert nearest("xyz", ["state", "treasury"]) is None


def test_without_a_near_name_a_short_list_is_shown_and_a_long_one_is_not() -> None:
    assert advice("xyz", ["state", "treasury"]) == "There is state, treasury."
    assert advice("xyz", [f"party-{n}" for n in range(40)]) == ""
    assert advice("xyz", []) == ""
