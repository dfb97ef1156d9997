"""What instruments do to one another: stays, lifts, waivers, vacaturs, supersession, findings."""

from typing import Any

import msgspec
import pytest

from changeover.basics.errors import NotAuthorisedError
from changeover.directory.model import Directory, Issuer
from changeover.orders.authority import check_authority, check_entry, is_freeing
from changeover.orders.decide import decide, next_change
from changeover.orders.explain import explain
from changeover.orders.model import (
    Act,
    Decline,
    Delegate,
    Find,
    Implement,
    Instrument,
    Lift,
    Release,
    Scope,
    Stay,
    Supersede,
    Vacate,
    Waive,
)
from changeover.orders.ruleset import Known, Ruleset, call_of, compile_ruleset
from tests.orders.worlds import (
    bind,
    day,
    directory,
    issued,
    name,
    order,
    reading,
    rules,
    source,
    winding,
)

ONE, CLOUD = "alpha/one@alpha", "alpha/one@cloud"
BOUND = (bind("desk", "alpha/one"), bind("secret", "alpha/one"))


def act(id_: str, *acts: Act, at: int, issuer: str = "court", **fields: Any) -> Instrument:
    given: dict[str, Any] = {"kind": "ruling", "title": name(id_), "published": day(at)}
    return Instrument(id=id_, issuer=issuer, acts=acts, **(given | fields))


def asked(ruleset: Ruleset, at: int, service: str = "desk", route: str = ONE):
    return decide(ruleset, call_of(ruleset.directory.services[service], "chat"), route, day(at))


def told(ruleset: Ruleset, at: int, service: str = "desk", route: str = ONE) -> tuple[str, str]:
    found = asked(ruleset, at, service, route)
    return found.outcome, found.because


BAN = order("o", at=day(10))
WINDING = order("o", reading(wind_down=winding(day(100))), at=day(10))


class TestStays:
    def test_begins_late_and_expires_and_what_was_refused_is_held(self):
        stay = act("s", Stay(instruments=("o",), since=day(20), until=day(30)), at=15)
        ruleset = rules(BAN, stay)
        assert told(ruleset, 19) == ("refuse", "prohibited")
        found = asked(ruleset, 20)
        assert (found.because, found.held_by) == ("held", ("o",))
        assert [(c.status, c.kept_off_by) for c in found.citations] == [("stayed", ("s",))]
        assert told(ruleset, 30) == ("refuse", "prohibited")

    def test_a_released_route_is_open_while_the_stay_lasts_and_held_after_another_refusal(self):
        stays = (
            act("s", Stay(instruments=("o",), until=day(30)), at=20),
            act("t", Stay(instruments=("o",)), at=40),
        )
        released = Release(service="desk", route=ONE, at=day(21), by="ana")
        ruleset = rules(BAN, *stays, releases=(released,))
        assert told(ruleset, 22) == ("allow", "permitted")
        assert told(ruleset, 35) == ("refuse", "prohibited")
        assert told(ruleset, 45) == ("refuse", "held")

    def test_a_use_that_went_on_goes_on_and_the_deadline_stays(self):
        stay = act("s", Stay(instruments=("o",), until=day(60)), at=20)
        ruleset = rules(WINDING, stay, bindings=BOUND)
        assert told(ruleset, 15) == ("notice", "winding-down")
        assert told(ruleset, 20) == ("allow", "permitted")
        assert told(ruleset, 60) == ("notice", "winding-down")
        assert asked(ruleset, 60).deadline == day(100)
        assert told(ruleset, 100) == ("refuse", "prohibited")

    def test_a_ruling_that_stops_the_clocks_moves_the_deadline_by_as_long(self):
        stay = act("s", Stay(instruments=("o",), until=day(60), extends=True), at=20)
        ruleset = rules(WINDING, stay, bindings=BOUND)
        assert asked(ruleset, 60).deadline == day(140)
        assert told(ruleset, 139) == ("notice", "winding-down")
        assert told(ruleset, 140) == ("refuse", "prohibited")
        call = call_of(ruleset.directory.services["desk"], "chat")
        assert next_change(ruleset, call, ONE, day(61)) == day(140)

    def test_one_without_an_end_that_stops_the_clocks_says_no_other_deadline(self):
        stay = act("s", Stay(instruments=("o",), extends=True), at=20)
        ruleset = rules(WINDING, stay, bindings=BOUND)
        assert asked(ruleset, 15).deadline == day(100)
        assert told(ruleset, 500) == ("allow", "permitted")

    def test_frees_only_the_parties_that_it_names_with_all_that_is_part_of_them(self):
        ruleset = rules(BAN, act("s", Stay(instruments=("o",), parties=("bureau",)), at=5))
        assert told(ruleset, 11, "desk") == ("allow", "permitted")
        assert asked(ruleset, 11, "secret").citations[0].status == "operative"

    def test_frees_from_nothing_that_it_does_not_name(self):
        ruleset = rules(BAN, order("p", at=day(10)), act("s", Stay(instruments=("o",)), at=5))
        found = asked(ruleset, 11)
        assert (found.outcome, found.because) == ("refuse", "prohibited")
        assert {c.instrument: c.status for c in found.citations} == {
            "o": "stayed",
            "p": "operative",
        }

    def test_may_itself_be_stayed_and_that_stay_too(self):
        ruleset = rules(
            BAN,
            act("s", Stay(instruments=("o",)), at=5),
            act("t", Stay(instruments=("s",)), at=20),
            act("u", Stay(instruments=("t",)), at=30),
        )
        assert told(ruleset, 19) == ("allow", "permitted")
        assert told(ruleset, 25) == ("refuse", "prohibited")
        assert told(ruleset, 30) == ("refuse", "held")

    def test_ends_when_it_is_lifted(self):
        ruleset = rules(
            BAN,
            act("s", Stay(instruments=("o",)), at=5),
            act("l", Lift(instruments=("s",)), at=20),
        )
        assert told(ruleset, 19) == ("allow", "permitted")
        assert told(ruleset, 20) == ("refuse", "prohibited")

    def test_an_announced_one_and_a_declined_one_change_nothing(self):
        announced = act("s", Stay(instruments=("o",)), at=5, published=None, announced=day(5))
        declined = act("d", Decline(instruments=("o",)), at=20)
        ruleset = rules(BAN, announced, declined)
        assert [asked(ruleset, n).citations[0].declined_by for n in (19, 20)] == [(), ("d",)]
        assert told(ruleset, 20) == ("refuse", "prohibited")

    def test_a_stayed_admission_admits_nothing(self):
        admission = order("a", reading(modality="permit", scope=Scope(networks=("closed",))))
        ruleset = rules(admission, act("s", Stay(instruments=("a",)), at=20))
        assert told(ruleset, 19, "secret") == ("allow", "permitted")
        assert told(ruleset, 20, "secret") == ("refuse", "network-default")


class TestWaivers:
    def test_frees_what_it_names_until_it_expires(self):
        waiver = Waive(instruments=("o",), services=("desk",), routes=(ONE,), until=day(30))
        ruleset = rules(BAN, act("w", waiver, at=20, issuer="head"))
        found = asked(ruleset, 20)
        assert (found.outcome, found.citations[0].status) == ("allow", "waived")
        assert told(ruleset, 20, route=CLOUD) == ("refuse", "prohibited")
        assert told(ruleset, 20, "secret")[0] == "refuse"
        assert told(ruleset, 30) == ("refuse", "prohibited")
        words = explain(ruleset, found, changes_at=None)
        assert "waived by w" in words.en
        assert "levé par dérogation par w" in words.fr

    def test_one_that_is_requested_permits_nothing(self):
        waiver = Waive(instruments=("o",), services=("desk",), requested=True)
        assert told(rules(BAN, act("w", waiver, at=20)), 20) == ("refuse", "prohibited")

    def test_by_purpose(self):
        waiver = Waive(instruments=("o",), parties=("bureau",), purposes=("other",))
        assert told(rules(BAN, act("w", waiver, at=20)), 20) == ("refuse", "prohibited")


class TestEnds:
    def test_vacated_from_an_instant_and_from_the_beginning(self):
        later = rules(BAN, act("v", Vacate(instruments=("o",), since=day(30)), at=20))
        assert told(later, 29) == ("refuse", "prohibited")
        assert told(later, 30) == ("refuse", "held")
        vacatur = act("v", Vacate(instruments=("o",), from_beginning=True), at=20)
        never = rules(BAN, issued(vacatur, day(20)))
        assert asked(never, 11).citations[0].status == "ended"

    def test_what_is_yet_to_take_effect_does_not_reach_back(self):
        vacatur = act("v", Vacate(instruments=("o",), from_beginning=True), at=20)
        ruleset = rules(BAN, issued(vacatur, day(15)))
        assert told(ruleset, 16) == ("refuse", "prohibited")
        assert told(ruleset, 20) == ("refuse", "held")

    def test_superseded_when_the_later_one_takes_effect(self):
        later = order("p", at=day(20), acts=(Supersede(instruments=("o",)),))
        found = asked(rules(BAN, later), 20)
        assert {c.instrument: c.status for c in found.citations} == {"o": "ended", "p": "operative"}


DERIVED = order(
    "d",
    reading(scope=Scope(parties=("bureau",))),
    at=day(12),
    acts=(Implement(instruments=("o",)),),
)
STAY = act("s", Stay(instruments=("o",)), at=20)


class TestFindings:
    def test_the_answer_does_not_change_by_inference(self):
        found = asked(rules(BAN, DERIVED, STAY), 25)
        assert found.because == "prohibited"
        [question] = found.questions
        assert (question.instrument, question.implements, question.by) == ("d", "o", ("s",))
        assert question.since == day(20)

    def test_one_that_stands_settles_the_question_until_it_is_asked_anew(self):
        ruleset = rules(
            BAN,
            DERIVED,
            act("s", Stay(instruments=("o",), until=day(40)), at=20),
            act("f", Find(instruments=("d",), result="stands"), at=30),
            act("t", Stay(instruments=("o",)), at=50),
        )
        findings = [[q.finding for q in asked(ruleset, n).questions] for n in (29, 30, 45, 50)]
        assert findings == [[None], ["f"], [], [None]]
        assert told(ruleset, 30) == ("refuse", "prohibited")
        words = explain(ruleset, asked(ruleset, 30), changes_at=None)
        assert "f found that it stands" in words.en
        assert "selon f, il demeure" in words.fr

    def test_one_that_falls_ends_the_instrument_from_then_on(self):
        falls = act("f", Find(instruments=("d",), result="falls"), at=30)
        ruleset = rules(BAN, DERIVED, STAY, falls)
        assert told(ruleset, 29) == ("refuse", "prohibited")
        found = asked(ruleset, 30)
        assert (found.because, set(found.held_by)) == ("held", {"o", "d"})
        assert found.questions == ()

    def test_what_implements_an_ended_one_is_asked_about_too(self):
        vacated = act("v", Vacate(instruments=("o",)), at=20)
        [question] = asked(rules(BAN, DERIVED, vacated), 25).questions
        assert (question.status, question.by) == ("ended", ("v",))


def world() -> Directory:
    base = directory()
    court = Issuer(id="court", name=name("The Court"), may_act_on=("head",))
    officer = Issuer(id="officer", name=name("The Officer"), party="bureau")
    return msgspec.structs.replace(
        base, issuers=base.issuers | {"court": court, "officer": officer}
    )


ON_RECORD = {
    i.id: issued(i)
    for i in (
        BAN,
        order("chiefs", reading(scope=Scope(parties=("bureau",))), issuer="chief"),
        msgspec.structs.replace(DERIVED, issuer="chief"),
        STAY,
        order("empty", reading(modality="require")),
        act(
            "delegation",
            Delegate(to="officer", instruments=("o",), parties=("bureau",), until=day(90)),
            at=5,
            issuer="head",
        ),
    )
}
WAIVER = Waive(instruments=("o",), services=("desk",), until=day(60))


@pytest.mark.parametrize(
    ("issuer", "made"),
    [
        ("court", Stay(instruments=("o",))),
        ("court", Decline(instruments=("o",))),
        ("court", Vacate(instruments=("o",))),
        ("court", Lift(instruments=("s",))),
        ("head", Waive(instruments=("o",), services=("desk",))),
        ("head", Waive(instruments=("chiefs",), services=("desk",))),
        ("officer", WAIVER),
        ("officer", msgspec.structs.replace(WAIVER, until=None, requested=True)),
        ("head", Supersede(instruments=("o",))),
        ("chief", Find(instruments=("d",), result="falls")),
        ("head", Find(instruments=("d",), result="stands")),
    ],
)
def test_acts_within_authority(issuer: str, made: Act):
    check_authority(world(), ON_RECORD, act("x", made, at=30, issuer=issuer), day(30))


@pytest.mark.parametrize(
    ("issuer", "made", "reason"),
    [
        ("chief", Stay(instruments=("o",)), "may not act on"),
        ("court", Stay(instruments=("chiefs",)), "may not act on"),
        ("court", Lift(instruments=("o",)), "no stay or waiver to lift in o"),
        ("chief", Lift(instruments=("s",)), "may not lift s"),
        ("chief", Waive(instruments=("o",), services=("desk",)), "may not waive o"),
        ("officer", msgspec.structs.replace(WAIVER, until=day(91)), "may not waive o"),
        ("officer", msgspec.structs.replace(WAIVER, until=None), "may not waive o"),
        ("officer", msgspec.structs.replace(WAIVER, services=("secret",)), "may not waive o"),
        ("head", Waive(instruments=("empty",), services=("desk",)), "prohibited by empty"),
        ("chief", Supersede(instruments=("o",)), "did not issue o"),
        ("chief", Delegate(to="officer", instruments=("o",)), "did not issue o"),
        ("other", Find(instruments=("d",), result="falls"), "may not judge d"),
        ("head", Find(instruments=("o",), result="stands"), "implemented by o"),
    ],
)
def test_acts_beyond_authority(issuer: str, made: Act, reason: str):
    with pytest.raises(NotAuthorisedError) as caught:
        check_authority(world(), ON_RECORD, act("x", made, at=30, issuer=issuer), day(30))
    assert reason in caught.value.what


@pytest.mark.parametrize(
    ("made", "frees"),
    [
        (Stay(instruments=("o",)), True),
        (Vacate(instruments=("o",)), True),
        (Supersede(instruments=("o",)), True),
        (WAIVER, True),
        (Find(instruments=("d",), result="falls"), True),
        (Find(instruments=("d",), result="stands"), False),
        (msgspec.structs.replace(WAIVER, requested=True), False),
        (Decline(instruments=("o",)), False),
        (Lift(instruments=("s",)), False),
    ],
)
def test_what_frees_needs_a_source_and_a_second_officer(made: Act, frees: bool):
    instrument = act("x", made, at=30, sources=(source(),))
    assert is_freeing(instrument) is frees
    if frees:
        with pytest.raises(NotAuthorisedError, match="second officer"):
            check_entry(instrument, "Ada", None, {})
        with pytest.raises(NotAuthorisedError, match="names no source"):
            check_entry(msgspec.structs.replace(instrument, sources=()), "Ada", "Bo", {})
    check_entry(instrument, "Ada", "Bo", {})


def test_a_retroactive_stay_holds_what_was_refused_until_it_was_recorded():
    stay = act("s", Stay(instruments=("o",), since=day(5)), at=5)
    known = Known(directory=directory(), issued=(issued(BAN), issued(stay, recorded=day(30))))
    ruleset = compile_ruleset(known, version="test")
    assert told(ruleset, 31) == ("refuse", "held")
