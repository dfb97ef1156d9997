"""Every act, by whom it may be done and by whom not, and why."""

from typing import Any

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError, NotAuthorisedError
from changeover.directory.model import Directory, Issuer
from changeover.orders.authority import check_authority, check_entry, is_freeing
from changeover.orders.model import (
    Act,
    Amend,
    Clause,
    Confirm,
    Decline,
    Delegate,
    Find,
    Implement,
    Instrument,
    Issued,
    Judge,
    Lift,
    Reading,
    Rescind,
    Scope,
    Stay,
    Supersede,
    Target,
    Vacate,
    Waive,
)
from tests.orders.worlds import day, directory, issued, name, order, reading, source, winding


def world() -> Directory:
    """The small world with a court, an officer of the bureau's, and an appeals court above both."""
    base = directory()
    more = (
        Issuer(id="court", name=name("The Court"), may_act_on=("head",)),
        Issuer(id="appeals", name=name("The Appeals Court"), may_act_on=("head", "court")),
        Issuer(id="officer", name=name("The Officer"), party="bureau"),
    )
    return msgspec.structs.replace(base, issuers=base.issuers | {i.id: i for i in more})


def act(id_: str, *acts: Act, issuer: str, at: int = 30, **fields: Any) -> Instrument:
    given: dict[str, Any] = {"kind": "ruling", "title": name(id_), "published": day(at)}
    return Instrument(id=id_, issuer=issuer, acts=acts, **(given | fields))


def clause(read: Reading, id_: str = "one") -> Clause:
    return Clause(id=id_, words="W.", readings=(read,), chosen=read.id, chosen_by="counsel")


def frozen(id_: str, until: int, **fields: Any) -> Instrument:
    return order(id_, kind="freeze", provisional_until=day(until), at=day(20), **fields)


RECORD = (
    order("o", at=day(10)),
    order("winding", reading(wind_down=winding(day(200))), at=day(10)),
    order("chiefs", reading(scope=Scope(parties=("bureau",))), issuer="chief"),
    order("derived", acts=(Implement(instruments=("o",)),), issuer="chief", at=day(11)),
    order("permits", reading(modality="permit", scope=Scope(networks=("closed",)))),
    order("ended", at=day(10)),
    act("end", Rescind(instruments=("ended",)), issuer="head", at=12),
    act("stay", Stay(instruments=("o",)), issuer="court", at=20),
    act("vacatur", Vacate(instruments=("winding",), since=day(500)), issuer="court", at=20),
    frozen("freeze", 40),
    frozen("lapsed", 25),
    frozen("thawed", 40),
    act("thaw", Rescind(instruments=("thawed",)), issuer="head", at=22),
    frozen("lasting", 40),
    act("last", Confirm(instruments=("lasting",)), issuer="head", at=23),
)
ON_RECORD = {i.id: issued(i, recorded=i.takes_effect() or day(0)) for i in RECORD}


def refused(instrument: Instrument, record: dict[str, Issued] = ON_RECORD, at: int = 30) -> str:
    with pytest.raises(NotAuthorisedError) as caught:
        check_authority(world(), record, instrument, day(at))
    return caught.value.what


@pytest.mark.parametrize(
    ("issuer", "made"),
    [
        ("head", Rescind(instruments=("o",))),
        ("head", Supersede(instruments=("o",))),
        ("other", Implement(instruments=("o",))),
        ("court", Stay(instruments=("o",))),
        ("appeals", Stay(instruments=("stay",))),
        ("court", Decline(instruments=("o",))),
        ("court", Vacate(instruments=("o",))),
        ("appeals", Vacate(instruments=("vacatur",))),
        ("court", Lift(instruments=("stay",))),
        ("appeals", Lift(instruments=("stay",))),
        ("head", Waive(instruments=("o",), services=("desk",))),
        ("head", Waive(instruments=("chiefs",), services=("desk",))),
        ("other", Waive(instruments=("o",), services=("desk",), requested=True)),
        ("head", Delegate(to="officer", instruments=("o",))),
        ("chief", Find(instruments=("derived",), result="falls")),
        ("head", Find(instruments=("derived",), result="stands")),
        ("head", Amend(instruments=("o",), clause="one", becomes=clause(reading()))),
        ("head", Amend(instruments=("o", "winding"), clause="one")),
        ("head", Judge(instruments=("winding",), service="desk", result="existing")),
        ("head", Confirm(instruments=("freeze",))),
    ],
)
def test_acts_within_authority(issuer: str, made: Act):
    check_authority(world(), ON_RECORD, act("x", made, issuer=issuer), day(30))


@pytest.mark.parametrize(
    ("issuer", "made", "reason"),
    [
        ("chief", Rescind(instruments=("o",)), "it did not issue o"),
        ("head", Rescind(instruments=("end",)), "end is a rescission, which nobody can rescind"),
        ("chief", Supersede(instruments=("o",)), "it did not issue o"),
        ("chief", Stay(instruments=("o",)), "may not act on instruments of the issuer of o"),
        ("court", Stay(instruments=("chiefs",)), "may not act on instruments of the issuer of chiefs"),
        ("court", Stay(instruments=("stay",)), "may not act on instruments of the issuer of stay"),
        ("chief", Decline(instruments=("o",)), "may not act on instruments of the issuer of o"),
        ("head", Vacate(instruments=("o",)), "may not act on instruments of the issuer of o"),
        ("court", Vacate(instruments=("vacatur",)), "the issuer of vacatur"),
        ("chief", Lift(instruments=("stay",)), "it may not lift stay"),
        ("head", Lift(instruments=("o",)), "there is no stay or waiver to lift in o"),
        ("chief", Waive(instruments=("o",), services=("desk",)), "it may not waive o"),
        ("head", Waive(instruments=("permits",), services=("desk",)), "nothing is prohibited by permits"),
        ("head", Waive(instruments=("ended",), services=("desk",)), "nothing left to waive in ended, which has ended"),
        ("head", Waive(instruments=("o",), services=("far",)), "no prohibition of o reaches what is freed"),
        ("head", Waive(instruments=("o",), routes=("beta/two@beta",)), "no prohibition of o reaches what is freed"),
        ("head", Waive(instruments=("o",), parties=("elsewhere",)), "no prohibition of o reaches what is freed"),
        ("other", Waive(instruments=("o",), parties=("elsewhere",), requested=True), "no prohibition of o reaches"),
        ("chief", Delegate(to="officer", instruments=("o",)), "it did not issue o"),
        ("other", Find(instruments=("derived",), result="falls"), "it may not judge derived"),
        ("head", Find(instruments=("o",), result="stands"), "nothing was stayed or ended that is implemented by o"),
        ("chief", Amend(instruments=("o",), clause="one"), "it did not issue o"),
        ("court", Amend(instruments=("o",), clause="one"), "it did not issue o"),
        ("chief", Amend(instruments=("chiefs",), clause="one", becomes=clause(reading())), "it may not bind state"),
        ("chief", Judge(instruments=("winding",), service="desk", result="new"), "it may not judge winding"),
        ("head", Judge(instruments=("o",), service="desk", result="new"), "no use winds down under o"),
        ("head", Judge(instruments=("winding",), service="far", result="new"), "no use of far winds down under winding"),
        ("chief", Confirm(instruments=("freeze",)), "it may not confirm freeze"),
        ("head", Confirm(instruments=("o",)), "nothing is provisional in o"),
        ("head", Confirm(instruments=("lapsed",)), "nothing left to confirm in lapsed, which will have lapsed"),
        ("head", Confirm(instruments=("thawed",)), "nothing left to confirm in thawed, which has ended"),
        ("head", Confirm(instruments=("lasting",)), "nothing left to confirm in lasting, which is confirmed already"),
    ],
)  # fmt: skip
def test_acts_beyond_authority_are_refused_with_the_reason(issuer: str, made: Act, reason: str):
    assert reason in refused(act("x", made, issuer=issuer))


def test_what_is_above_confirms_and_judges_what_is_below():
    below = frozen("below", 40, issuer="chief")
    winds = order(
        "w", reading(wind_down=winding(day(90)), scope=Scope(parties=("bureau",))), issuer="chief"
    )
    record = {i.id: issued(i) for i in (below, winds)}
    acts = (
        Confirm(instruments=("below",)),
        Judge(instruments=("w",), service="desk", result="existing"),
    )
    check_authority(world(), record, act("x", *acts, issuer="head"), day(30))


def test_a_confirmation_in_time_that_is_recorded_or_takes_effect_too_late():
    made = Confirm(instruments=("freeze",))
    assert "will have lapsed" in refused(act("x", made, issuer="head"), at=40)
    assert "will have lapsed" in refused(act("x", made, issuer="head", at=40))
    check_authority(world(), ON_RECORD, act("x", made, issuer="head", at=39), day(39))


def test_an_amended_clause_must_be_there_in_every_instrument_named():
    with pytest.raises(InvalidInputError) as caught:
        check_authority(
            world(),
            ON_RECORD,
            act("x", Amend(instruments=("o", "end"), clause="one"), issuer="head"),
            day(30),
        )
    assert caught.value.what == "x amends the clause 'one' of end, which has no such clause."
    with pytest.raises(InvalidInputError, match="which is not on record"):
        check_authority(
            world(),
            ON_RECORD,
            act("x", Amend(instruments=("y",), clause="one"), issuer="head"),
            day(30),
        )


def test_what_an_amendment_brings_counts_for_waivers_and_judgements():
    winds = reading(wind_down=winding(day(200)), targets=(Target(makers=("beta",)),))
    amendment = act(
        "amendment", Amend(instruments=("o",), clause="one", becomes=clause(winds)), issuer="head"
    )
    record = ON_RECORD | {"amendment": issued(amendment)}
    acts = (
        Waive(instruments=("o",), routes=("beta/two@beta",)),
        Judge(instruments=("o",), service="desk", result="new"),
    )
    check_authority(world(), record, act("x", *acts, issuer="head"), day(31))


@pytest.mark.parametrize(
    ("made", "frees"),
    [
        (Amend(instruments=("o",), clause="one"), True),
        (Amend(instruments=("o",), clause="one", becomes=clause(reading())), True),
        (Judge(instruments=("o",), service="desk", result="existing"), True),
        (Judge(instruments=("o",), service="desk", result="new"), False),
        (Confirm(instruments=("freeze",)), False),
        (Delegate(to="officer", instruments=("o",)), False),
        (Implement(instruments=("o",)), False),
    ],
)
def test_what_frees_needs_a_source_and_a_second_officer(made: Act, frees: bool):
    instrument = act("x", made, issuer="head", sources=(source(),))
    assert is_freeing(instrument) is frees
    if frees:
        with pytest.raises(NotAuthorisedError, match="second officer"):
            check_entry(instrument, "Ada", None, {})
        with pytest.raises(NotAuthorisedError, match="names no source"):
            check_entry(msgspec.structs.replace(instrument, sources=()), "Ada", "Bo", {})
    check_entry(instrument, "Ada", "Bo", {})


@pytest.mark.parametrize("same", ["a", "A", " a", "ａ"])
def test_who_entered_a_freeze_does_not_confirm_it(same: str):
    confirmation = act("x", Confirm(instruments=("freeze",)), issuer="head")
    with pytest.raises(NotAuthorisedError, match="entered freeze and cannot confirm it too"):
        check_entry(confirmation, same, "b", ON_RECORD)
    check_entry(confirmation, "b", None, ON_RECORD)
    check_entry(
        act("x", Judge(instruments=("freeze",), service="desk", result="new"), issuer="head"),
        same,
        "b",
        ON_RECORD,
    )


# Delegations


def delegated(limits: dict[str, Any], **fields: Any) -> dict[str, Issued]:
    made = Delegate(to="officer", instruments=("o",), **limits)
    given: dict[str, Any] = {"issuer": "head", "at": 12}
    delegation = act("delegation", made, **(given | fields))
    return ON_RECORD | {"delegation": issued(delegation)}


def waiver(**fields: Any) -> Instrument:
    given: dict[str, Any] = {"services": ("desk",), "until": day(60)}
    return act("x", Waive(instruments=("o",), **(given | fields)), issuer="officer")


STATED = {"plan": "A plan.", "approver": "The chief."}


@pytest.mark.parametrize(
    ("limits", "fields"),
    [
        ({}, {"until": None}),
        ({"parties": ("bureau",)}, {}),
        ({"parties": ("state",)}, {"services": (), "parties": ("bureau",)}),
        ({"parties": ("bureau",)}, {"parties": ("state",)}),  # the service is the bureau's
        ({"services": ("desk", "secret")}, {}),
        ({"routes": ("alpha/one@cloud",)}, {"routes": ("alpha/one@cloud",)}),
        ({"purposes": ("work",)}, {"purposes": ("work",)}),
        ({"until": day(60)}, {}),
        ({"longest_days": 30}, {}),
        ({"longest_days": 20}, {"since": day(40)}),
        ({"requires": ("plan", "approver")}, STATED),
    ],
)
def test_waivers_within_what_was_delegated(limits: dict[str, Any], fields: dict[str, Any]):
    check_authority(world(), delegated(limits), waiver(**fields), day(30))


@pytest.mark.parametrize(
    ("limits", "fields", "reason"),
    [
        ({}, {"services": ()}, "it must say what it frees"),
        ({"parties": ("bureau",)}, {"services": ("secret",)}, "it may free only bureau"),
        ({"parties": ("bureau",)}, {"services": (), "purposes": ("work",)}, "it may free only bureau"),
        ({"services": ("secret",)}, {}, "it may free only the services secret"),
        ({"services": ("desk",)}, {"services": (), "parties": ("bureau",)}, "it may free only the services desk"),
        ({"routes": ("alpha/one@cloud",)}, {}, "it may free only the routes alpha/one@cloud"),
        ({"routes": ("alpha/one@cloud",)}, {"routes": ("alpha/one@alpha", "alpha/one@cloud")}, "only the routes"),
        ({"purposes": ("play",)}, {"purposes": ("work",)}, "it may free only the purposes play"),
        ({"until": day(59)}, {}, "it must end by 2026-03-01T00:00:00+00:00"),
        ({"until": day(59)}, {"until": None}, "it must end by 2026-03-01T00:00:00+00:00"),
        ({"longest_days": 29}, {}, "it may last 29 days at most"),
        ({"longest_days": 29}, {"until": None}, "it may last 29 days at most"),
        ({"requires": ("plan", "approver")}, {"plan": "A plan.", "approver": " "}, "it must state its approver"),
        ({"requires": ("conditions",)}, STATED, "it must state its conditions"),
    ],
)  # fmt: skip
def test_waivers_beyond_what_was_delegated(
    limits: dict[str, Any], fields: dict[str, Any], reason: str
):
    words = refused(waiver(**fields), delegated(limits))
    assert "it may not waive o so, by what was delegated: " in words
    assert reason in words


@pytest.mark.parametrize(
    "fields",
    [
        {"issuer": "chief"},  # not who issued the prohibition
        {"at": 31},  # not yet
        {"published": None},  # only announced
    ],
)
def test_what_does_not_stand_delegates_nothing(fields: dict[str, Any]):
    assert refused(waiver(), delegated({}, **fields)).endswith("it may not waive o.")


def test_what_is_ended_delegates_nothing_more():
    ended = act("over", Rescind(instruments=("delegation",)), issuer="head", at=20)
    record = delegated({}) | {"over": issued(ended)}
    assert refused(waiver(), record).endswith("it may not waive o.")


def test_a_waiver_that_is_dated_back_brings_no_delegation_back():
    ended = act("over", Rescind(instruments=("delegation",)), issuer="head", at=35)
    record = delegated({}) | {"over": issued(ended)}
    check_authority(world(), record, waiver(), day(30))
    assert refused(waiver(), record, at=40).endswith("it may not waive o.")


def test_of_several_delegations_the_nearest_says_what_is_lacking():
    more = Delegate(to="officer", instruments=("o",), services=("secret",), longest_days=1)
    record = delegated({"longest_days": 10})
    record["second"] = issued(act("second", more, issuer="head", at=12))
    words = refused(waiver(), record)
    assert words.endswith("by what was delegated: it may last 10 days at most.")
