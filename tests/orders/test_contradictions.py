"""What contradicts itself is told at its line, and is not issued."""

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.basics.yaml_source import SourceError
from changeover.directory.source import load
from changeover.orders.contradictions import check_contradictions
from changeover.orders.model import Amend, Clause, Instrument, Reading, Scope, Target
from changeover.orders.source import load_instruments
from tests.directory.text import WHOLE
from tests.orders.worlds import day, directory, name, order, reading, winding

DIRECTORY = load(
    {
        "a.yaml": WHOLE.replace(
            "  open: {name: Open",
            "  inner: {name: Inner, level: secret, default: deny, owner: state}\n  open: {name: Open",
        )
    }
)

ORDER = """\
id: order
kind: order
issuer: president
title: Order
published: 2026-02-27T16:00
recorded: 2026-02-27T16:20
entered_by: ada
clauses:
  stop:
    words: Nobody uses Alpha.
    chosen_by: grace
    modality: prohibit
    targets: [TARGET]
    scope: {SCOPE}
    MORE
"""
FREEZE = ORDER.replace("kind: order", "kind: freeze\nprovisional_until: 2026-03-02T16:00")


def written(
    text: str = ORDER,
    *,
    target: str = "{makers: [alpha]}",
    scope: str = "parties: [state]",
    more: str = "",
) -> str:
    return text.replace("TARGET", target).replace("SCOPE", scope).replace("    MORE\n", more)


def problems(text: str) -> list[str]:
    try:
        load_instruments({"a.yaml": text}, DIRECTORY)
    except SourceError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("target", "said"),
    [
        # What beta derived from alpha has both makers in its lineage.
        ("{makers: [beta], models: [alpha/one]}", None),
        ("{makers: [alpha], models: [beta/tuned]}", None),
        ("{makers: [alpha], models: [beta/vectors]}", "13:42: beta/vectors is not of alpha, and neither is what derives from it. Leave the model out, or name its maker."),
        ("{hosts: [alpha], routes: [alpha/one@beta]}", "13:41: alpha/one@beta has none of the hosts named. Leave the route out, or the hosts: each field of a target must match."),
        ("{makers: [beta], resellers: [beta], routes: [alpha/one@alpha]}", "13:60: alpha/one@alpha has none of the makers and resellers named. Leave the route out, or the makers and resellers: each field of a target must match."),
        ("{models: [beta/vectors], routes: [beta/tuned@beta]}", "13:49: beta/tuned@beta has none of the models named. Leave the route out, or the models: each field of a target must match."),
        ("{models: [alpha/one], routes: [beta/tuned@beta]}", None),
        ("{resellers: [alpha], routes: [alpha/one@beta:europe]}", None),
    ],
)  # fmt: skip
def test_a_target_that_no_route_could_match(target: str, said: str | None):
    assert problems(written(target=target)) == ([f"a.yaml:{said}"] if said else [])


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("parties: [government], services: [desk]", None),
        ("parties: [bureau], services: [desk]", "14:43: desk belongs to state, which the scope does not reach. Leave the service out, or name its party."),
        ("parties: [state], services: [shop]", "14:42: shop belongs to firm, which the scope does not reach. Leave the service out, or name its party."),
        ("parties: [state], contracts: ['*'], services: [shop]", None),
        ("parties: [state], contracts: [D-1], services: [desk, shop]", None),
        ("parties: [bank], contracts: [D-1]", "14:42: The contract D-1 is with none of the parties named. Name the party that it is with, or leave it out."),
        ("regulated: [bank], services: [desk]", "14:43: desk belongs to state, which the scope does not reach. Leave the service out, or name its party."),
        ("networks: [inner], services: [desk]", "14:43: desk runs on open, which is none of the networks named. Leave the service out, or name its network."),
        ("networks: [inner, open], services: [desk]", None),
    ],
)  # fmt: skip
def test_a_scope_that_reaches_nothing_of_what_it_names(scope: str, said: str | None):
    assert problems(written(scope=scope)) == ([f"a.yaml:{said}"] if said else [])


@pytest.mark.parametrize(
    ("scope", "party", "reached"),
    [
        ("parties: [state]", "bureau", True),
        ("parties: [bureau]", "state", True),
        ("networks: [open]", "bank", True),
        ("parties: [state]", "bank", False),
        ("parties: [state], services: [desk]", "bureau", False),
        ("parties: [state], contracts: [D-1]", "firm", True),
        ("parties: [state]", "firm", False),
    ],
)
def test_grace_for_those_whom_the_scope_reaches(scope: str, party: str, reached: bool):
    grace = f"    wind_down: {{until: 2026-08-27, parties: [{party}]}}\n"
    said = f"a.yaml:15:46: {party} is given time to wind down, and the scope does not reach it. Leave the party out, or name it in the scope."
    assert problems(written(scope=scope, more=grace)) == ([] if reached else [said])


@pytest.mark.parametrize(
    ("modality", "more", "said"),
    [
        ("require", "requirements: [no-retention]", None),
        ("require", "in_flight: cut", "12:15: It requires, and does not say what. Add requirements: and the assurances that a route must have."),
        ("prohibit", "requirements: [no-retention]", "15:19: Only a clause that requires has requirements. Write modality: require, or leave them out."),
        ("permit", "wind_down: {until: 2026-08-27}", "15:16: Only a prohibition winds down. Leave wind_down out; until: says when a clause ends."),
        ("prohibit", "wind_down: {until: 2026-08-27}", None),
    ],
)  # fmt: skip
def test_what_goes_with_which_modality(modality: str, more: str, said: str | None):
    text = written(more=f"    {more}\n").replace("modality: prohibit", f"modality: {modality}")
    assert problems(text) == ([f"a.yaml:{said}"] if said else [])


def test_requirements_and_attributes_are_read():
    text = written(
        scope="parties: [state], attributes: [foreign-national]",
        more="    requirements: [no-retention, eu-only]\n",
    ).replace("modality: prohibit", "modality: require")
    [issued] = load_instruments({"a.yaml": text}, DIRECTORY)
    read = issued.instrument.clauses[0].reading()
    assert read.requirements == ("no-retention", "eu-only")
    assert read.scope == Scope(parties=("state",), attributes=("foreign-national",))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", None),
        ("provisional_until: 2026-03-02T16:00\n", "", "1:1: A freeze ends by itself, and this one does not say when. Add provisional_until:, at most 30 days after it takes effect."),
        ("2026-03-02T16:00", "2026-03-29T16:00", None),  # thirty days by the local clock, an hour less
        ("2026-03-02T16:00", "2026-03-29T17:00", None),  # and in hours
        ("2026-03-02T16:00", "2026-03-29T17:00:01", "3:20: A freeze lasts at most 30 days. Name an earlier instant; what is to last longer is confirmed, or an order."),
        ("2026-03-02T16:00", "2026-02-27T16:00", "3:20: The freeze ends before it takes effect. Correct one of the two."),
        ("published: 2026-02", "announced: 2026-02", "3:20: A freeze that is only announced bars nothing. Add published: or effective:."),
        ("kind: freeze", "kind: order", "3:20: Only a freeze is provisional, and this is of kind order. Write kind: freeze, or give its clauses an until:."),
        ("entered_by: ada", "entered_by: ada\nimplements: [other]", "2:7: A freeze has clauses, and neither acts on other instruments nor rebinds services. Issue what else it does by itself."),
        ("modality: prohibit", "modality: permit", "11:5: A freeze only prohibits. Issue the clause by another instrument."),
    ],
)  # fmt: skip
def test_a_freeze_is_short_and_only_prohibits(old: str, new: str, said: str | None):
    text = written(FREEZE).replace(old, new)
    try:
        load_instruments({"a.yaml": text}, DIRECTORY, known=["other"])
        found = []
    except SourceError as error:
        found = [str(problem) for problem in error.problems]
    assert found == ([f"a.yaml:{said}"] if said else [])


def test_a_provisional_instant_that_cannot_be_read_is_one_problem():
    assert len(problems(written(FREEZE).replace("2026-03-02T16:00", "soon"))) == 1


def test_what_names_nothing_is_not_judged_on_top_of_that():
    assert len(problems(written(scope="parties: [stat], services: [desk]"))) == 1


# Issuing


def becoming(read: Reading) -> Instrument:
    clause = Clause(id="one", words="W.", readings=(read,), chosen=read.id, chosen_by="counsel")
    act = Amend(instruments=("o",), clause="one", becomes=clause)
    return Instrument(id="a", kind="order", issuer="head", title=name("a"), acts=(act,))


WRONG = [
    (reading(modality="require"), "It requires, and does not say what."),
    (
        reading(targets=(Target(makers=("beta",), routes=("alpha/one@cloud",)),)),
        "none of the makers",
    ),
    (reading(scope=Scope(parties=("state",), services=("far",))), "far belongs to elsewhere"),
    (reading(wind_down=winding(day(9), parties=("elsewhere",))), "elsewhere is given time"),
]


@pytest.mark.parametrize(("read", "said"), WRONG)
def test_what_contradicts_itself_is_not_issued(read: Reading, said: str):
    for instrument in (order("o", read), becoming(read)):
        with pytest.raises(InvalidInputError) as caught:
            check_contradictions(directory(), instrument)
        assert caught.value.what.startswith(f"{instrument.id} contradicts itself: clause one: ")
        assert said in caught.value.what
        assert caught.value.means == "Nothing was recorded."
        assert caught.value.do
    check_contradictions(directory(), order("o"))


def test_what_a_freeze_cannot_be_is_not_issued_either():
    with pytest.raises(InvalidInputError, match="Only a freeze is provisional"):
        check_contradictions(directory(), order("o", provisional_until=day(1)))
    check_contradictions(directory(), order("o", kind="freeze", provisional_until=day(30)))
    with pytest.raises(InvalidInputError, match="at most 30 days"):
        check_contradictions(directory(), order("o", kind="freeze", provisional_until=day(31)))
