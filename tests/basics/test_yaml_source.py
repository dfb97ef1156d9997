"""YAML reads as people mean it, every value knows its place, and nothing blows up."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.yaml_source import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    Place,
    SourceError,
    read_yaml,
    written,
)


def problems_of(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(SourceError) as caught:
        read_yaml("a.yaml", text)
    return [(p.line, p.column, p.what) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-02", "2026-03-02"),
        ("12:30:45", "12:30:45"),
        ("4.10", "4.10"),
        ("no", "no"),
        ("On", "On"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("017", 17),
        ("-3", -3),
        ("9" * 19, "9" * 19),
        ("true", True),
        ("~", None),
        ("null", None),
        ("'null'", "null"),
        ('"7"', "7"),
        ("!!str 7", "7"),
        ("!!int 7", 7),
        ("<<", "<<"),
    ],
)
def test_plain_scalars_are_what_they_look_like(text: str, value: object) -> None:
    assert read_yaml("a.yaml", f"k: {text}").value == {"k": value}


def test_an_empty_file_and_one_of_comments_hold_nothing() -> None:
    assert read_yaml("a.yaml", "").value is None
    assert read_yaml("a.yaml", "# nothing yet\n").value is None


def test_every_value_and_key_knows_its_place() -> None:
    source = read_yaml("a.yaml", "parties:\n  state:\n    aliases: [one, two]\n")
    assert source.keys["parties", "state"] == Place(2, 3)
    assert source.values["parties", "state"] == Place(3, 5)
    assert source.values["parties", "state", "aliases", 1] == Place(3, 20)
    problem = source.problem(("parties", "state", "name", "en"), "It is missing.")
    assert (problem.line, problem.column) == (2, 3)
    assert written(("bindings", 2, "models")) == "$.bindings[2].models"


def test_an_alias_stands_for_what_was_anchored() -> None:
    source = read_yaml("a.yaml", "a: &x {b: &y [1, 2], c: *y}\nd: *x\n")
    assert source.value == {"a": {"b": [1, 2], "c": [1, 2]}, "d": {"b": [1, 2], "c": [1, 2]}}


def test_a_key_that_stands_twice_is_an_error_with_both_places() -> None:
    assert problems_of("a:\n  k: 1\n  m: 2\n  k: 3\n") == [
        (4, 3, "'k' stands here a second time; the first is on line 2.")
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("a: 1\nb: ]", 2, 4, "This is not YAML: while parsing a block node"),
        ("a: 1\nb: \x01", 2, 4, "may not stand in YAML"),
        ("a: !!python/object/apply:os.system [ls]", 1, 4, "!!python/object/apply:os.system"),
        ("a: !!int seven", 1, 4, "!!int"),
        ("a: 1\n---\nb: 2", 2, 1, "second document"),
        ("a: *missing", 1, 4, "stands for nothing"),
        ("a: &a [*a]", 1, 8, "stands for nothing"),
        ("? [a, b]\n: c", 1, 3, "plain text"),
        ("[" * (MAX_DEPTH + 2), 1, MAX_DEPTH + 2, f"more than {MAX_DEPTH} levels"),
    ],
)
def test_what_is_not_read_is_refused_where_it_stands(
    text: str, line: int, column: int, said: str
) -> None:
    [(at_line, at_column, what)] = problems_of(text)
    assert (at_line, at_column) == (line, column)
    assert said in what


def test_aliases_of_aliases_are_counted_as_often_as_they_are_used() -> None:
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]
    [(_, _, what)] = problems_of("\n".join(lines))
    assert "more than 200000 values" in what


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    [(line, _, what)] = problems_of("#" * (MAX_CHARACTERS + 1))
    assert line == 1
    assert str(MAX_CHARACTERS) in what


def test_the_error_says_every_problem_with_file_line_and_column() -> None:
    with pytest.raises(SourceError) as caught:
        read_yaml("d/a.yaml", "a: 1\na: 2\nb: 1\nb: 2\n")
    assert "2 problems:" in str(caught.value)
    assert "d/a.yaml:2:1: 'a' stands here" in str(caught.value)
    assert "d/a.yaml:4:1: 'b' stands here" in str(caught.value)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=5), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(max_examples=100)
@given(plain)
def test_json_without_floats_reads_as_itself(value: object) -> None:
    text = json.dumps({"k": value})
    assert read_yaml("a.json", text).value == {"k": value}
