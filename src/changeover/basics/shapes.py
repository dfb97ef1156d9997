"""Fitting plain values from a YAML file into typed structs, with every misfit and its place.

msgspec stops at its first error and does not say which key of a mapping it
stands at, so `shape` walks the value beside its type, notes each misfit where
it stands, and asks msgspec about the leaves only.
"""

from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from changeover.basics.nearest import advice
from changeover.basics.yaml_source import Path, Problem, YamlSource

T = TypeVar("T")


def shape(source: YamlSource, path: Path, value: Any, of: type[T], into: list[Problem]) -> T | None:
    """`value`, which stands at `path`, as an `of`; or None, and why in `into`.

    `of` is built of msgspec structs, `dict[str, X]`, `tuple[X, ...]`, unions,
    literals and what msgspec converts by itself.
    """
    before = len(into)
    _shape(source, path, value, of, into)
    if len(into) > before:
        return None
    try:
        return msgspec.convert(value, of)
    except msgspec.ValidationError as error:
        into.append(source.problem(path, f"This does not fit: {error}."))
        return None


def _shape(source: YamlSource, path: Path, value: Any, of: Any, into: list[Problem]) -> None:
    origin = get_origin(of)
    if isinstance(of, type) and issubclass(of, msgspec.Struct):
        _shape_struct(source, path, value, of, into)
    elif origin is dict and isinstance(value, dict):
        for key, item in value.items():
            _shape(source, (*path, key), item, get_args(of)[1], into)
    elif origin is tuple and isinstance(value, list):
        for index, item in enumerate(value):
            _shape(source, (*path, index), item, get_args(of)[0], into)
    elif origin in {UnionType, Union} and (member := _member(value, get_args(of))) is not None:
        _shape(source, path, value, member, into)
    else:
        _shape_leaf(source, path, value, of, into)


def _shape_struct(
    source: YamlSource,
    path: Path,
    value: Any,
    of: type[msgspec.Struct],
    into: list[Problem],
) -> None:
    if not isinstance(value, dict):
        into.append(source.problem(path, f"This must be fields, and is {_kind(value)}."))
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(of)}
    for key, item in value.items():
        if key in fields:
            _shape(source, (*path, key), item, fields[key].type, into)
        else:
            what = f"There is no field {key!r} here."
            into.append(source.problem((*path, key), what, advice(key, fields), at_key=True))
    for name, field in fields.items():
        if field.required and name not in value:
            what = f"The field {name!r} is missing."
            into.append(source.problem(path, what, at_key=True))


def _member(value: Any, members: tuple[Any, ...]) -> Any:
    """The one member of a union that a mapping or a list can be."""
    for member in members:
        origin = get_origin(member)
        is_struct = isinstance(member, type) and issubclass(member, msgspec.Struct)
        if isinstance(value, dict) and (is_struct or origin is dict):
            return member
        if isinstance(value, list) and origin is tuple:
            return member
    if isinstance(value, dict | list):
        return None
    if value is None and NoneType in members:
        return NoneType
    plain = [m for m in members if m is not NoneType and not _is_container(m)]
    return plain[0] if len(plain) == 1 else None


def _is_container(member: Any) -> bool:
    is_struct = isinstance(member, type) and issubclass(member, msgspec.Struct)
    return is_struct or get_origin(member) in {dict, tuple}


def _shape_leaf(source: YamlSource, path: Path, value: Any, of: Any, into: list[Problem]) -> None:
    if get_origin(of) is Literal:
        allowed = [str(item) for item in get_args(of)]
        if value not in allowed:
            what = f"{value!r} cannot stand here."
            into.append(source.problem(path, what, advice(str(value), allowed)))
        return
    try:
        msgspec.convert(value, of)
    except msgspec.ValidationError:
        quoted = of is str and isinstance(value, bool | int)
        do = "Put it in quotes if text is meant." if quoted else ""
        what = f"This must be {_expected(of)}, and is {_kind(value)}."
        into.append(source.problem(path, what, do))


def _expected(of: Any) -> str:
    names = {
        str: "text",
        int: "a whole number",
        bool: "true or false",
        NoneType: "nothing",
        dict: "a mapping",
        tuple: "a list",
    }
    origin = get_origin(of)
    if origin in {UnionType, Union}:
        return " or ".join(_expected(m) for m in get_args(of) if m is not NoneType)
    if isinstance(of, type) and issubclass(of, msgspec.Struct):
        return "fields"
    return names.get(origin or of, str(of))


def _kind(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "a mapping"
