"""Terms as ODRL: out and in again, and others' policies, of which nothing is dropped unsaid."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.basics.errors import InvalidInputError
from changeover.basics.yaml_source import SourceError
from changeover.directory.source import load
from changeover.intake.odrl.model import Policy
from changeover.intake.odrl.reading import LARGEST, read_odrl
from changeover.intake.odrl.translating import Translated, to_form
from changeover.intake.odrl.writing import write_odrl
from changeover.orders.model import Clause, Instrument, Moment, Reading, Scope, Supersede, Target
from changeover.orders.source import load_instruments
from tests.orders.test_terms import world
from tests.orders.worlds import T0, day, issued, order, reading, winding

ODRL = "http://www.w3.org/ns/odrl/2/"


def _through(instrument: Instrument) -> Translated:
    (policy,) = read_odrl("p.jsonld", json.dumps(write_odrl(instrument).policy).encode())
    return to_form(policy, world(), issuer=None, instrument=instrument.id, chosen_by="counsel")


def _read(form: dict[str, Any], on_record: Instrument | None = None) -> Instrument:
    """The instrument that a form is of, read as a file would be."""
    form = {"recorded": "2026-01-01", "entered_by": "a", **form}
    known = {} if on_record is None else {on_record.id: issued(on_record)}
    (found,) = load_instruments([("f.yaml", json.dumps(form))], world(), on_record=known)
    return found.instrument


names = st.sampled_from
_scopes = st.builds(
    Scope,
    parties=st.lists(names(["state", "bureau", "body"]), max_size=2, unique=True).map(tuple),
    networks=st.lists(names(["open", "closed"]), max_size=2, unique=True).map(tuple),
    purposes=st.lists(names(["work", "play", "été"]), max_size=2, unique=True).map(tuple),
    data_classes=st.lists(names(["public", "secret"]), max_size=2, unique=True).map(tuple),
)
_targets = st.sampled_from(
    [
        Target(makers=("alpha",)),
        Target(makers=("alpha",), hosts=("cloud",)),
        Target(models=("alpha/one", "gamma/tuned")),
        Target(routes=("alpha/one@cloud",)),
    ]
)
_modalities = st.sampled_from([{"modality": "permit"}, {"modality": "prohibit"}]) | st.just(
    {"modality": "require", "requirements": ("logged", "no-retention")}
)


@st.composite
def _instruments(draw: st.DrawFn) -> Instrument:
    clauses = []
    for number in range(draw(st.integers(1, 3))):
        begins, ends = draw(st.sampled_from([(None, None), (day(2), None), (day(2), day(9))]))
        fields: dict[str, Any] = dict(draw(_modalities))
        read = Reading(
            id="plain",
            targets=tuple(draw(st.lists(_targets, min_size=1, max_size=2, unique_by=repr))),
            scope=draw(_scopes),
            since=begins,
            until=None if ends is None else Moment(at=ends),
            **fields,
        )
        words = draw(
            st.sampled_from(["May be used.", "Ne peut servir qu'à « l'étude ».", "\u202eא"])
        )
        clauses.append(
            Clause(
                id=f"c{number}",
                words=words,
                readings=(read,),
                chosen="plain",
                chosen_by="counsel",
            )
        )
    kind = draw(st.sampled_from(["terms", "agreement"]))
    base = order("own-terms", issuer="house", kind=kind, effective=day(1))
    return msgspec.structs.replace(base, clauses=tuple(clauses))


def _plain(clause: Clause) -> dict[str, Any]:
    """A clause as values, its names in no order: a policy is a set of them."""
    found: dict[str, Any] = msgspec.to_builtins(clause)
    for read in found["readings"]:
        read["targets"] = sorted(read["targets"], key=repr)
        for part in (read["scope"], *read["targets"]):
            part.update({key: sorted(value) for key, value in part.items()})
    return found


@given(_instruments())
def test_what_odrl_can_say_comes_back_as_it_was(instrument: Instrument):
    assert write_odrl(instrument).untold == ()
    translated = _through(instrument)
    assert translated.left_out == ()
    back = _read(translated.form)
    assert {c.id: _plain(c) for c in back.clauses} == {c.id: _plain(c) for c in instrument.clauses}
    fields = ("kind", "issuer", "title", "published", "effective")
    assert [getattr(back, f) for f in fields] == [getattr(instrument, f) for f in fields]


def test_a_new_version_says_what_it_replaces():
    old = order("first", reading(targets=(Target(makers=("alpha",)),)), issuer="house")
    new = order(
        "second",
        reading(modality="permit", targets=(Target(makers=("alpha",)),), scope=Scope()),
        issuer="house",
        kind="terms",
        acts=(Supersede(instruments=("first",)),),
    )
    assert _read(_through(new).form, on_record=old).acts == new.acts


def test_what_odrl_cannot_say_is_told():
    several = (
        reading(id="a", wind_down=winding(day(40)), in_flight="cut"),
        reading(id="b"),
    )
    written = write_odrl(order("t", *several, issuer="house", kind="terms", served={"state": T0}))
    assert written.untold == (
        "to whom it was served",
        "the readings of one that were rejected",
        "the time to wind down of one",
        "that one cuts answers on their way",
    )


def _policy(**fields: Any) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/odrl.jsonld",
        "@type": "Offer",
        "uid": "http://vendor.example/policies/7",
        "assigner": "http://vendor.example/id/alpha",
        **fields,
    }


def _one(policy: dict[str, Any]) -> Policy:
    (found,) = read_odrl("theirs.jsonld", json.dumps(policy).encode())
    return found


def _form(policy: dict[str, Any]) -> Translated:
    return to_form(_one(policy), world(), issuer=None, instrument="theirs", chosen_by="ana")


def test_anothers_compact_policy_is_understood_by_names_and_aliases():
    translated = _form(
        _policy(
            target="http://vendor.example/models/one",
            action="use",
            permission=[
                {
                    "assignee": "http://gov.example/State",
                    "constraint": [
                        {
                            "leftOperand": "purpose",
                            "operator": "isAnyOf",
                            "rightOperand": ["work", {"@id": "http://gov.example/purposes/study"}],
                        },
                        {
                            "leftOperand": "dateTime",
                            "operator": "lt",
                            "rightOperand": {"@value": "2027-01-01", "@type": "xsd:date"},
                        },
                    ],
                }
            ],
        )
    )
    assert translated.left_out == ()
    instrument = _read({**translated.form, "published": "2026-01-01"})
    read = instrument.clauses[0].reading()
    assert instrument.issuer == "house"
    assert (read.modality, read.targets) == ("permit", (Target(models=("alpha/one",)),))
    assert read.scope == Scope(parties=("state",), purposes=("study", "work"))
    assert read.until is not None
    assert read.until.at.isoformat() == "2027-01-01T00:00:00+00:00"


def test_the_same_policy_in_turtle():
    text = f"""
    @prefix odrl: <{ODRL}> .
    <urn:p:1> a odrl:Set ; odrl:prohibition [
        odrl:action odrl:use ; odrl:target <http://vendor.example/one> ;
        odrl:constraint [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:eq ;
                          odrl:rightOperand "play" ] ] .
    """
    (policy,) = read_odrl("p.ttl", text.encode())
    translated = to_form(policy, world(), issuer="house", instrument="p", chosen_by="ana")
    (clause,) = translated.form["clauses"].values()
    assert (clause["modality"], clause["scope"]) == ("prohibit", {"purposes": ["play"]})


PURPOSE = {"leftOperand": "purpose", "operator": "eq", "rightOperand": "work"}
USE = {"target": "urn:x:one", "action": "use"}


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({**USE, "action": "distribute"}, "action is distribute"),
        ({"target": "urn:x:one"}, "action is missing"),
        ({"action": "use"}, "no target"),
        ({**USE, "target": "urn:x:unheard-of"}, "not in the directory"),
        ({**USE, "assignee": "urn:x:nobody"}, "no party 'nobody'"),
        ({**USE, "constraint": [{**PURPOSE, "operator": "neq"}]}, "purpose neq"),
        ({**USE, "constraint": [{**PURPOSE, "leftOperand": "spatial"}]}, "spatial eq"),
        ({**USE, "constraint": [{"or": [PURPOSE, PURPOSE]}]}, "constraint or"),
        ({**USE, "constraint": [PURPOSE, {**PURPOSE, "rightOperand": "play"}]}, "purpose twice"),
        (
            {
                **USE,
                "constraint": [
                    {"leftOperand": "dateTime", "operator": "lteq", "rightOperand": "2027-01-01"}
                ],
            },
            "“lteq”",
        ),
        ({**USE, "duty": [{"action": "attribute"}]}, "duty to attribute"),
        ({**USE, "remedy": [{"action": "delete"}]}, "remedy has no place"),
        (
            {
                **USE,
                "target": {
                    "@type": "AssetCollection",
                    "source": "urn:x:all",
                    "refinement": [{**PURPOSE, "leftOperand": "size"}],
                },
            },
            "refined by size",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["permission", "prohibition"])
def test_a_rule_that_has_no_place_whole_is_left_to_a_person(kind, rule, why):
    told = {"dcterms:description": "Their words.", **rule}
    translated = _form(_policy(**{kind: [told]}))
    assert "clauses" not in translated.form
    (left,) = translated.left_out
    assert why in left.why
    assert left.words == "Their words."


def test_beside_a_rule_that_is_left_the_others_stand():
    translated = _form(
        _policy(permission=[{**USE, "action": "distribute"}, USE], inheritFrom="urn:x:p")
    )
    assert len(translated.form["clauses"]) == 1
    assert {left.why for left in translated.left_out} == {
        "Its action is distribute, not a plain use.",
        "The policy's inheritFrom has no place here.",
    }


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "holds no ODRL policy"),
        (b"{}", "holds no ODRL policy"),
        (b"{", "is not JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"no turtle at all", "neither JSON-LD nor Turtle"),
        (b'{"@context": "http://elsewhere.example/c"}', "is not fetched"),
        (b'{"@context": {"@import": "http://elsewhere.example/c"}}', "context within"),
        (b'{"x": {"@context": {"@context": "pyproject.toml"}}}', "context within"),
        (b'{"@context": {"a": {"@id": "urn:a", "@context": "file:///x"}}}', "context within"),
        (b"[" * 100 + b"]" * 100, "nested more than"),
        (b" " * (LARGEST + 1), "are read at most"),
    ],
)
def test_what_is_no_policy_is_said_and_nothing_is_fetched(content, why):
    with pytest.raises(InvalidInputError) as caught:
        read_odrl("f", content)
    assert why in str(caught.value)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["@context", "@type", "@id", "@graph", "uid", "permission", "duty", "target", "action",
             "constraint", "leftOperand", "operator", "rightOperand", "and", "assignee", "@value",
             "@list", "refinement", "@reverse", "@language", "type"]
        ),
        inner
        | st.sampled_from(["use", "Offer", "http://www.w3.org/ns/odrl.jsonld", "urn:x:one"]),
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(_json)
def test_any_json_is_a_form_or_a_clear_error(value: Any):
    document = {"@context": "http://www.w3.org/ns/odrl.jsonld", "uid": "urn:x:p", "content": value}
    for policy in _policies(json.dumps(document).encode()):
        form = to_form(policy, world(), issuer="house", instrument="p", chosen_by="a").form
        with suppress(SourceError):
            _read({"published": "2026-01-01", **form})


def _policies(content: bytes) -> tuple[Policy, ...]:
    """The policies; none where the file is refused, which nothing but `InvalidInputError` does."""
    try:
        return read_odrl("f", content)
    except InvalidInputError:
        return ()


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_policy_or_a_clear_error(content: bytes):
    assert all(policy.rules for policy in _policies(content))


def test_the_demonstrations_terms_go_out_and_come_back():
    folder = Path("scenarios/statechat")
    files = [(p.name, p.read_text()) for p in sorted((folder / "directory").glob("*.yaml"))]
    directory = load(files)
    text = (folder / "instruments/2025-09-15-openai-terms.yaml").read_text()
    (terms,) = load_instruments([("t.yaml", text)], directory)
    written = write_odrl(terms.instrument)
    (policy,) = read_odrl("t.jsonld", json.dumps(written.policy).encode())
    translated = to_form(
        policy, directory, issuer=None, instrument="openai-terms", chosen_by="l.tremblay"
    )
    assert translated.left_out == ()
    assert translated.form["issuer"] == "openai"
    assert translated.form["title"]["fr"] == terms.instrument.title.fr
