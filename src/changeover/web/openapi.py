"""The OpenAPI 3.1 document of the table of operations.

Schemas are msgspec's (JSON Schema 2020-12, which is what OpenAPI 3.1 speaks).
msgspec says what a reader may leave out; a writer leaves nothing out. So every
property of a type that is only ever answered is required, whether or not its
field has a default, and the pages' types need not doubt it.

A stream is told as `text/event-stream`, with its kinds of events in the
extension `x-events`: OpenAPI 3.1 has no words for them. `x-roles` are the roles
that an operation is for; without it the operation needs no session.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from changeover.basics.text import Bilingual
from changeover.web.api import (
    CSRF_HEADER,
    PREFIX,
    PUBLIC,
    Caller,
    FileAnswer,
    Operation,
    Params,
    Stream,
)
from changeover.web.cookies import SessionCookie

_REFERENCE = "#/components/schemas/"


class FileProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a file that is wrong, and why."""

    file: str
    line: int
    column: int
    what: str
    do: str


class ErrorDetail(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, what it means and what to do; `code` is for programs.

    `words` say it in both languages, where a person at a page is told.
    """

    code: str
    what: str
    means: str
    do: str
    problems: tuple[FileProblem, ...] | msgspec.UnsetType = msgspec.UNSET
    words: Bilingual | msgspec.UnsetType = msgspec.UNSET


class Error(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer that is not 200."""

    error: ErrorDetail


class Document(msgspec.Struct, frozen=True):
    """An OpenAPI document, as it stands."""

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]
    components: dict[str, Any]


def with_document(
    operations: list[Operation | Stream], *, version: str, cookie: SessionCookie
) -> list[Operation | Stream]:
    """The operations and one more: `/openapi.json`, which tells of them and of itself."""
    whole: list[Operation | Stream] = []

    def read(_: Caller, __: None, ___: Params) -> Document:
        return told

    own = Operation("GET", "/openapi.json", None, Document, PUBLIC, read, "This document.")
    whole += [*operations, own]
    told = document(whole, version=version, cookie=cookie)
    return whole


def document(
    operations: Iterable[Operation | Stream], *, version: str, cookie: SessionCookie
) -> Document:
    """The document of a table."""
    table = list(operations)
    types = _Types(table)
    paths: dict[str, dict[str, Any]] = {}
    for operation in table:
        paths.setdefault(PREFIX + operation.path, {})[operation.method.lower()] = _operation(
            operation, types
        )
    return Document(
        openapi="3.1.0",
        info={"title": "Changeover", "version": version, "license": {"name": "Apache-2.0"}},
        paths=paths,
        components={
            "schemas": types.components,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": cookie.name}},
        },
    )


class _Types:
    """The schemas of every type that the table names, and where each stands."""

    def __init__(self, operations: list[Operation | Stream]) -> None:
        read = [o.body for o in operations if isinstance(o, Operation) and o.body is not None]
        read += [of for operation in operations for of in operation.query.values()]
        written = [*_written(operations), Error]
        every = [*read, *written]
        schemas, self.components = msgspec.json.schema_components(
            every, ref_template=_REFERENCE + "{name}"
        )
        self._schemas = list(zip(every, schemas, strict=True))
        reached = _reached([self.of(each) for each in read], self.components)
        for name, schema in self.components.items():
            if name not in reached and "properties" in schema:
                schema["required"] = _always_written(schema)

    def of(self, wanted: Any) -> dict[str, Any]:
        return next(schema for of, schema in self._schemas if of is wanted or of == wanted)


def _written(operations: Iterable[Operation | Stream]) -> Iterator[Any]:
    for operation in operations:
        if isinstance(operation, Stream):
            yield from operation.events.values()
        elif operation.answer is not FileAnswer:
            yield operation.answer


def _always_written(schema: dict[str, Any]) -> list[str]:
    """The properties without which no writer writes: all but those that may be unset."""
    required = schema.get("required", ())
    return [
        name for name, of in schema["properties"].items() if name in required or "default" in of
    ]


def _reached(schemas: list[Any], components: dict[str, Any]) -> set[str]:
    """The names of components that some of `schemas` lead to."""
    reached: set[str] = set()
    pending: list[Any] = list(schemas)
    while pending:
        match pending.pop():
            case {"$ref": str(reference)}:
                name = reference.removeprefix(_REFERENCE)
                if name not in reached:
                    reached.add(name)
                    pending.append(components[name])
            case dict(schema):
                pending += schema.values()
            case list(schema):
                pending += schema
            case _:
                pass
    return reached


def _operation(operation: Operation | Stream, types: _Types) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": _name(operation),
        "summary": operation.summary,
        "parameters": _parameters(operation, types),
        "responses": {
            "200": {"description": "Done.", "content": _content(operation, types)},
            "default": {
                "description": "It was not done.",
                "content": {"application/json": {"schema": types.of(Error)}},
            },
        },
    }
    if isinstance(operation, Operation) and operation.body is not None:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": types.of(operation.body)}},
        }
    if operation.roles is not None:
        told["security"] = [{"session": []}]
        told["x-roles"] = list(operation.roles)
    return told


def _content(operation: Operation | Stream, types: _Types) -> dict[str, Any]:
    if isinstance(operation, Operation):
        if operation.answer is FileAnswer:
            return {"application/octet-stream": {}}
        return {"application/json": {"schema": types.of(operation.answer)}}
    events = {kind: types.of(of) for kind, of in operation.events.items()}
    return {"text/event-stream": {"schema": {"type": "string"}, "x-events": events}}


def _parameters(operation: Operation | Stream, types: _Types) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _in_path(operation.path)
    ]
    told += [
        {"name": name, "in": "query", "schema": types.of(of)}
        for name, of in operation.query.items()
    ]
    if isinstance(operation, Stream):
        told.append({"name": "last-event-id", "in": "header", "schema": {"type": "string"}})
    elif operation.method != "GET" and operation.roles is not None:
        token = {"name": CSRF_HEADER, "in": "header", "required": True}
        told.append({**token, "schema": {"type": "string"}})
    return told


def _in_path(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _name(operation: Operation | Stream) -> str:
    """`get_conversations_id_events`."""
    words = [part.strip("{}").replace(".", "_") for part in operation.path.split("/") if part]
    return "_".join([operation.method.lower(), *words])
