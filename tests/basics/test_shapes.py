"""Values are fitted into structs, and every misfit is told where it stands."""

from typing import Literal

import msgspec

from changeover.basics.shapes import shape
from changeover.basics.text import Bilingual
from changeover.basics.yaml_source import Problem, read_yaml


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    count: int
    kind: Literal["month", "day"] = "day"


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    name: Bilingual | str
    leaves: tuple[Leaf, ...] = ()
    by_id: dict[str, Leaf] = {}
    last: Leaf | str | None = None
    tags: tuple[str, ...] = ()


def read(text: str) -> tuple[Tree | None, list[str]]:
    source = read_yaml("a.yaml", text)
    problems: list[Problem] = []
    value = shape(source, (), source.value, Tree, problems)
    return value, [str(problem) for problem in problems]


def test_a_value_that_fits_becomes_the_struct() -> None:
    text = """
name: {en: a, fr: b}
leaves: [{count: 1}, {count: 2, kind: month}]
by_id: {x: {count: 3}}
last: tomorrow
"""
    assert read(text) == (
        Tree(
            name=Bilingual(en="a", fr="b"),
            leaves=(Leaf(count=1), Leaf(count=2, kind="month")),
            by_id={"x": Leaf(count=3)},
            last="tomorrow",
        ),
        [],
    )


def test_all_misfits_are_told_at_once_where_they_stand() -> None:
    text = """name: {en: a, frr: b}
leaves:
  - {count: one}
  - {count: 2, kind: mnth}
by_id:
  x: {}
  y: 3
last: {count: true}
tags: [a, 2026]
"""
    value, problems = read(text)
    assert value is None
    assert problems == [
        "a.yaml:1:15: There is no field 'frr' here. Did you mean fr?",
        "a.yaml:1:1: The field 'fr' is missing.",
        "a.yaml:3:13: This must be a whole number, and is text.",
        "a.yaml:4:22: 'mnth' cannot stand here. Did you mean month?",
        "a.yaml:6:3: The field 'count' is missing.",
        "a.yaml:7:6: This must be fields, and is a number.",
        "a.yaml:8:15: This must be a whole number, and is true or false.",
        "a.yaml:9:11: This must be text, and is a number. Put it in quotes if text is meant.",
    ]


def test_a_list_where_fields_belong_and_the_other_way_round() -> None:
    _, problems = read("name: [a]\nleaves: {count: 1}\nlast: [1]\nby_id: none\n")
    assert problems == [
        "a.yaml:1:7: This must be fields or text, and is a list.",
        "a.yaml:2:9: This must be a list, and is a mapping.",
        "a.yaml:3:7: This must be fields or text, and is a list.",
        "a.yaml:4:8: This must be a mapping, and is text.",
    ]


def test_a_file_that_is_no_mapping() -> None:
    _, problems = read("- a\n")
    assert problems == ["a.yaml:1:1: This must be fields, and is a list."]


def test_an_unknown_field_with_no_near_name_lists_what_there_is() -> None:
    _, problems = read("name: a\nzzz: b\n")
    assert problems == [
        "a.yaml:2:1: There is no field 'zzz' here. There is name, leaves, by_id, last, tags."
    ]
