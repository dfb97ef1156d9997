"""ODRL files, as JSON-LD or Turtle, read into policies.

The file is parsed into a graph by rdflib, and the graph is asked for what ODRL 2.2
defines. Nothing is fetched: ODRL's own JSON-LD context stands below in our words,
and any other context that is only an address is refused.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from rdflib import DCTERMS, RDF, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import BNode, IdentifiedNode, Literal, Node

from changeover.basics.errors import InvalidInputError
from changeover.intake.odrl.model import (
    CONTEXT,
    ODRL,
    PROFILE,
    Asset,
    Constraint,
    Deontic,
    Policy,
    Rule,
)

LARGEST = 4 * 1024 * 1024
"""Bytes of a file that are read at most."""

_CONTEXTS = frozenset({CONTEXT, CONTEXT.replace("http:", "https:")})
# What rdflib's parsers raise at texts that are not what they should be.
_FAULTS = (
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)
_BASE = "https://policy.invalid/"
"""What IRIs that are not whole are of, so that none becomes a path of this machine."""
_KINDS: tuple[Deontic, ...] = ("permission", "prohibition", "obligation")
_CLASSES = ("Policy", "Set", "Offer", "Agreement", "Request", "Ticket", "Assertion", "Privacy")
_TOKENS = ("action", "leftOperand", "operator", "conflict")
_LINKS = ("profile", "inheritFrom", "target", "assigner", "assignee", "source", "partOf")
_LISTS = ("and", "or", "xone", "andSequence")
_PLAIN = (
    *_KINDS, "duty", "remedy", "consequence", "failure", "constraint", "refinement",
    "rightOperand", "rightOperandReference", "unit", "dataType", "status", "hasPolicy",
)  # fmt: skip


def _context() -> dict[str, Any]:
    """The terms of ODRL's JSON-LD context that policies are written with."""
    terms: dict[str, Any] = {
        "odrl": ODRL,
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "dcterms": str(DCTERMS),
        "rdf": str(RDF),
        "@vocab": ODRL,
        "uid": "@id",
        "type": "@type",
    }
    terms |= {name: {"@id": ODRL + name, "@type": "@vocab"} for name in _TOKENS}
    terms |= {name: {"@id": ODRL + name, "@type": "@id"} for name in _LINKS}
    terms |= {name: {"@id": ODRL + name, "@container": "@list"} for name in _LISTS}
    return terms | {name: {"@id": ODRL + name} for name in _PLAIN}


def read_odrl(name: str, content: bytes) -> tuple[Policy, ...]:
    """The policies of a file, in the order of their IRIs; `name` is the file's, for errors.

    Raises `InvalidInputError` where it is too long, neither JSON-LD nor Turtle, asks
    for a context that would have to be fetched, or holds no policy.
    """
    if len(content) > LARGEST:
        raise InvalidInputError(
            f"{name} has {len(content)} bytes; {LARGEST} are read at most.",
            means="Nothing was read.",
        )
    graph = _graph(name, content)
    reader = _Reader(graph)
    found = tuple(sorted(reader.policies(), key=lambda policy: policy.iri))
    if not found:
        raise InvalidInputError(
            f"{name} holds no ODRL policy.",
            means="There is no node of type Policy, Set, Offer or Agreement with rules.",
            do="Check that it is ODRL 2.2, with its context or prefixes.",
        )
    return found


def _graph(name: str, content: bytes) -> Graph:
    graph = Graph()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"{name} is not UTF-8 text: byte {error.start} cannot be read.",
            do="Save it as UTF-8.",
        ) from error
    if text.lstrip()[:1] in ("{", "["):
        document = _document(name, text)
        try:
            graph.parse(data=msgspec.json.encode(document), format="json-ld", publicID=_BASE)
        except _FAULTS as error:
            raise InvalidInputError(
                f"{name} is JSON, and not JSON-LD that can be read: {error}.",
                do="Check its @context and the form of its nodes.",
            ) from error
        return graph
    try:
        graph.parse(data=text, format="turtle", publicID=_BASE)
    except _FAULTS as error:
        raise InvalidInputError(
            f"{name} is neither JSON-LD nor Turtle that can be read.",
            means="Nothing was read.",
            do="Export the policy as JSON-LD or Turtle.",
        ) from error
    return graph


def _document(name: str, text: str) -> Any:
    try:
        return _local(name, msgspec.json.decode(text), 0)
    except msgspec.DecodeError as error:
        raise InvalidInputError(
            f"{name} is not JSON: {error}.", do="Export the policy as JSON-LD or Turtle."
        ) from error


_DEEPEST = 40


def _local(name: str, value: Any, depth: int) -> Any:
    """The document with ODRL's context in place of its address."""
    if depth > _DEEPEST:
        raise InvalidInputError(f"{name} is nested more than {_DEEPEST} deep.")
    if isinstance(value, list):
        return [_local(name, one, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _local(name, one, depth + 1) for key, one in value.items() if key != "@context"}
    if "@context" in value:
        given = value["@context"]
        contexts = given if isinstance(given, list) else [given]
        found["@context"] = [_one_context(name, one) for one in contexts]
    return found


def _one_context(name: str, given: Any) -> Any:
    if given is not None and not isinstance(given, str | dict):
        raise InvalidInputError(f"{name} has a context that is neither terms nor an address.")
    if isinstance(given, str):
        if given in _CONTEXTS:
            return _context()
        raise InvalidInputError(
            f"{name} asks for the context {given}, which is not fetched.",
            means="Only ODRL's own context is known here; nothing was read.",
            do="Write the context's terms into the file, or export it with full names.",
        )
    if _asks_for_more(given, 0):
        raise InvalidInputError(
            f"{name} has a context within its context, which is not fetched.",
            means="Nothing was read.",
            do="Write the context's terms into the file, or export it with full names.",
        )
    return given


def _asks_for_more(context: Any, depth: int) -> bool:
    """Whether a context names another anywhere in it, or is nested too deep to say."""
    if isinstance(context, dict):
        return (
            depth > _DEEPEST
            or not {"@context", "@import"}.isdisjoint(context)
            or any(_asks_for_more(one, depth + 1) for one in context.values())
        )
    return isinstance(context, list) and any(_asks_for_more(one, depth + 1) for one in context)


class _Reader:
    """Asks a graph for policies."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def policies(self) -> Iterator[Policy]:
        classes = {URIRef(ODRL + name) for name in _CLASSES}
        subjects = {s for s, _, o in self.graph.triples((None, RDF.type, None)) if o in classes}
        subjects |= {s for kind in _KINDS for s in self.graph.subjects(URIRef(ODRL + kind), None)}
        for subject in subjects:
            if isinstance(subject, IdentifiedNode):
                policy = self.policy(subject)
                if policy.rules:
                    yield policy

    def policy(self, node: IdentifiedNode) -> Policy:
        types = [_local_name(one) for one in self.graph.objects(node, RDF.type)]
        rules = [
            self.rule(node, one, kind)
            for kind in _KINDS
            for one in self.odrl(node, kind)
            if isinstance(one, IdentifiedNode)
        ]
        known = {*_KINDS, *_OF_A_RULE, "profile", "conflict"}
        return Policy(
            iri=_name(node),
            kind=next((one for one in types if one in _CLASSES), "Policy"),
            rules=tuple(sorted(rules, key=lambda rule: (rule.kind, rule.iri, rule.words))),
            titles=tuple(sorted(self.titles(node))),
            issued=self.text(node, DCTERMS.issued),
            effective=self.text(node, URIRef(PROFILE + "effective")),
            replaces=tuple(sorted(str(o) for o in self.graph.objects(node, DCTERMS.replaces))),
            conflict="".join(_local_name(one) for one in self.odrl(node, "conflict")),
            untold=self.untold(node, known),
        )

    def rule(self, policy: IdentifiedNode, node: IdentifiedNode, kind: Deontic) -> Rule:
        actions, refinements = self.actions(policy, node)
        return Rule(
            kind=kind,
            iri="" if isinstance(node, BNode) else _name(node),
            actions=actions,
            action_refinements=refinements,
            targets=tuple(map(self.asset, self.inherited(policy, node, "target"))),
            assigners=self.names(policy, node, "assigner"),
            assignees=self.names(policy, node, "assignee"),
            constraints=self.constraints([*self.all(policy, node, "constraint")]),
            duties=tuple(
                self.rule(node, one, "obligation")
                for one in self.odrl(node, "duty")
                if isinstance(one, IdentifiedNode)
            ),
            words=self.text(node, DCTERMS.description),
            untold=self.untold(node, {*_OF_A_RULE, "duty"}),
        )

    def actions(
        self, policy: IdentifiedNode, node: IdentifiedNode
    ) -> tuple[tuple[str, ...], tuple[Constraint, ...]]:
        names: list[str] = []
        refinements: list[Constraint] = []
        for one in self.inherited(policy, node, "action"):
            values = list(self.graph.objects(one, RDF.value))
            names += [_local_name(value) for value in values or [one]]
            refinements += self.constraints(self.odrl(one, "refinement"))
        return tuple(sorted(names)), tuple(refinements)

    def asset(self, node: Node) -> Asset:
        refinements = self.constraints(self.odrl(node, "refinement"))
        iri = "" if isinstance(node, BNode) else _name(node)
        return Asset(iri=iri, refinements=refinements)

    def constraints(self, nodes: Iterable[Node]) -> tuple[Constraint, ...]:
        return tuple(sorted(map(self.constraint, nodes), key=lambda c: (c.left, c.operator)))

    def constraint(self, node: Node) -> Constraint:
        """A constraint; of a logical one, `left` is the name of how it joins others."""
        joined = [name for name in _LISTS if next(iter(self.odrl(node, name)), None) is not None]
        if joined:
            return Constraint(left=joined[0], operator="", right=())
        right = [
            value
            for property_ in ("rightOperand", "rightOperandReference")
            for one in self.odrl(node, property_)
            for value in self.values(one)
        ]
        return Constraint(
            left="".join(_local_name(one) for one in self.odrl(node, "leftOperand")),
            operator="".join(_local_name(one) for one in self.odrl(node, "operator")),
            right=tuple(sorted(right)),
        )

    def values(self, node: Node) -> Iterator[str]:
        """The values that a right operand holds: itself, or the members of a list."""
        if (node, RDF.first, None) in self.graph:
            yield from (_name(one) for one in Collection(self.graph, node))
        else:
            yield _name(node)

    def names(
        self, policy: IdentifiedNode, node: IdentifiedNode, property_: str
    ) -> tuple[str, ...]:
        return tuple(sorted(map(_name, self.inherited(policy, node, property_))))

    def inherited(self, policy: Node, node: Node, property_: str) -> list[Node]:
        """What the rule says, or where it says nothing, its policy."""
        return [*self.odrl(node, property_)] or [*self.odrl(policy, property_)]

    def all(self, policy: Node, node: Node, property_: str) -> Iterator[Node]:
        """What the rule says, and what its policy says."""
        yield from self.odrl(node, property_)
        yield from self.odrl(policy, property_)

    def odrl(self, node: Node, property_: str) -> Iterable[Node]:
        return self.graph.objects(node, URIRef(ODRL + property_))

    def titles(self, node: Node) -> Iterator[tuple[str, str]]:
        for one in self.graph.objects(node, DCTERMS.title):
            if isinstance(one, Literal):
                yield one.language or "", str(one)

    def text(self, node: Node, property_: URIRef) -> str:
        return " ".join(sorted(str(one) for one in self.graph.objects(node, property_)))

    def untold(self, node: Node, known: set[str]) -> tuple[str, ...]:
        """The ODRL properties of a node that are not read."""
        found = {str(property_) for property_ in self.graph.predicates(node, None)}
        names = {one.removeprefix(ODRL) for one in found if one.startswith(ODRL)}
        return tuple(sorted(names - known))


_OF_A_RULE = frozenset({"action", "target", "assigner", "assignee", "constraint"})


def _name(node: Node) -> str:
    return str(node)


def _local_name(node: Node) -> str:
    """The name in ODRL's or the profile's vocabulary, else the whole IRI or text."""
    return str(node).removeprefix(ODRL).removeprefix(PROFILE)
