"""The rules of decision, one by one, in a small world."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.basics.instants import microseconds
from changeover.directory.model import Network, Party, Relation
from changeover.orders.decide import decide, next_change
from changeover.orders.model import Moment, Rebinding, Release, Rescind, Scope, Target
from changeover.orders.ruleset import Known, call_of, compile_ruleset
from changeover.orders.uses import Reader, Use
from tests.orders.worlds import (
    T0,
    bind,
    day,
    directory,
    issued,
    model,
    name,
    order,
    reading,
    route,
    rules,
    service,
    winding,
)

TWO_ONLY = reading(targets=(Target(models=("beta/two",)),), scope=Scope(parties=("elsewhere",)))
ONE, RESOLD, TWO, TUNED = "alpha/one@alpha", "alpha/one@cloud", "beta/two@beta", "gamma/tuned@cloud"


def decided(ruleset, service, route, at):
    call = call_of(ruleset.directory.services[service], "chat")
    return decide(ruleset, call, route, at)


def outcome(ruleset, service, route, at):
    found = decided(ruleset, service, route, at)
    return found.outcome, found.because


@pytest.mark.parametrize("route", [ONE, RESOLD, TUNED])
def test_a_prohibition_on_a_maker_reaches_every_route_of_its_models_and_their_derivatives(route):
    assert outcome(rules(order("o")), "desk", route, day(1)) == ("refuse", "prohibited")


def test_other_makers_are_not_reached():
    assert outcome(rules(order("o")), "desk", TWO, day(1)) == ("allow", "permitted")


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        (Scope(parties=("state",)), {"desk", "secret"}),
        (Scope(parties=("state",), regulated=("body",)), {"desk", "secret", "clerk"}),
        (Scope(parties=("state",), contracts=("*",)), {"desk", "secret", "works"}),
        (Scope(parties=("state",), contracts=("C-1",)), {"desk", "secret", "works"}),
        (Scope(parties=("state",), contracts=("C-2",)), {"desk", "secret"}),
        (Scope(parties=("elsewhere",)), {"far"}),
        (Scope(services=("shop",)), {"shop"}),
        (Scope(parties=("state",), networks=("closed",)), {"secret"}),
        (Scope(parties=("state",), purposes=("play",)), set()),
        (Scope(parties=("state",), data_classes=("internal",)), {"desk", "secret"}),
    ],
)
def test_scope_descends_part_of_and_other_relations_only_where_it_says_so(scope, reached):
    ruleset = rules(order("o", reading(scope=scope)))
    refused = {
        service
        for service in ruleset.directory.services
        if decided(ruleset, service, ONE, day(1)).because == "prohibited"
    }
    assert refused == reached


def test_every_field_of_a_target_must_match_and_any_target_may():
    target = Target(makers=("alpha",), hosts=("cloud",))
    ruleset = rules(order("o", reading(targets=(target, Target(models=("beta/two",))))))
    answers = {r: decided(ruleset, "desk", r, day(1)).outcome for r in (ONE, RESOLD, TWO)}
    assert answers == {ONE: "allow", RESOLD: "refuse", TWO: "refuse"}


def test_an_announcement_never_binds():
    announced = order("o", at=None, announced=day(0))
    found = decided(rules(announced), "desk", ONE, day(1000))
    assert (found.outcome, found.citations[0].status) == ("allow", "announced")


def test_an_announcement_does_not_begin_though_its_clause_names_an_instant():
    announced = order("o", reading(since=day(5)), at=None, announced=day(0))
    found = decided(rules(announced), "desk", ONE, day(6))
    assert (found.outcome, found.citations[0].status) == ("allow", "announced")


def test_a_clause_begins_at_its_own_instant_but_not_before_its_instrument():
    early = rules(order("o", reading(since=day(5)), at=None, effective=day(50)))
    assert outcome(early, "desk", ONE, day(6)) == ("allow", "permitted")
    assert outcome(early, "desk", ONE, day(50)) == ("refuse", "prohibited")
    late = rules(order("o", reading(since=day(5)), at=day(1)))
    assert outcome(late, "desk", ONE, day(4)) == ("allow", "permitted")


@pytest.mark.parametrize(("modality", "reached"), [("prohibit", True), ("permit", False)])
@pytest.mark.parametrize("scope", [Scope(purposes=("work",)), Scope(data_classes=("internal",))])
def test_what_is_unknown_of_a_call_is_in_reach_of_a_prohibition_and_not_of_a_permit(
    modality, reached, scope
):
    ruleset = rules(order("o", reading(modality=modality, scope=scope)))
    known = call_of(ruleset.directory.services["desk"], "chat")
    unknown = call_of(ruleset.directory.services["desk"], "a slot that is gone")
    unknown = msgspec.structs.replace(unknown, data_class="")
    assert len(ruleset.collect(known, ONE)) == 1
    assert bool(ruleset.collect(unknown, ONE)) is reached


def test_a_contract_is_known_by_its_number_and_by_whose_it_is():
    contract = Relation(kind="contracted-to", to="elsewhere", basis="law", contract="C-1")
    world = directory()
    world = msgspec.structs.replace(
        world,
        parties=world.parties
        | {"firm-2": Party(id="firm-2", name=name("F"), relations=(contract,))},
        services=world.services | {"works-2": service("works-2", "firm-2", contract="C-1")},
    )
    scope = Scope(parties=("state",), contracts=("C-1",))
    known = Known(directory=world, issued=(issued(order("o", reading(scope=scope))),))
    ruleset = compile_ruleset(known, version="x")
    assert outcome(ruleset, "works", ONE, day(1)) == ("refuse", "prohibited")
    assert outcome(ruleset, "works-2", ONE, day(1)) == ("allow", "permitted")


def test_a_memo_that_was_ended_before_it_took_effect_binds_nothing():
    change = Rebinding(service="desk", slots=("chat",), models=("beta/two",))
    memo = order("memo", TWO_ONLY, at=day(1), effective=day(50), rebindings=(change,))
    acts = (Rescind(instruments=("memo",)),)

    def bound(rescinded, at):
        ended = order("end", TWO_ONLY, at=rescinded, acts=acts)
        ruleset = rules(memo, ended, bindings=(bind("desk", "alpha/one"),))
        binding = ruleset.binding("desk", "chat", microseconds(at))
        return None if binding is None else binding.models

    assert bound(day(10), day(60)) == ("alpha/one",)
    assert bound(day(50), day(60)) == ("alpha/one",)
    assert bound(day(51), day(60)) == ("beta/two",)


def test_a_window_begins_inclusively_and_ends_exclusively():
    ruleset = rules(order("o", reading(since=day(2), until=Moment(at=day(4)))))
    second = timedelta(seconds=1)
    instants = [day(2) - second, day(2), day(4) - second]
    found = [decided(ruleset, "desk", ONE, i).outcome for i in instants]
    assert found == ["allow", "refuse", "refuse"]
    # What refused has ended: permission returned, traffic did not.
    assert outcome(ruleset, "desk", ONE, day(4)) == ("refuse", "held")


class TestWindingDown:
    order = order("o", reading(wind_down=winding(day(30))), at=day(10))

    def test_an_existing_use_goes_on_with_a_notice_until_the_deadline(self):
        ruleset = rules(self.order, bindings=(bind("desk", "alpha/one"),))
        found = decided(ruleset, "desk", ONE, day(29))
        assert (found.outcome, found.deadline) == ("notice", day(30))
        assert outcome(ruleset, "desk", ONE, day(30)) == ("refuse", "prohibited")

    def test_a_use_bound_only_after_it_began_is_new(self):
        ruleset = rules(self.order, bindings=(bind("desk", "alpha/one", since=day(10)),))
        assert outcome(ruleset, "desk", ONE, day(11)) == ("refuse", "new-use")

    def test_a_use_counts_by_its_calls_within_ninety_days_before(self):
        use = Use("desk", "work", "alpha")
        epoch_day = 20454 + 10  # 2026-01-11, the day the order begins
        recent = rules(self.order, calls=[(use, epoch_day - 89)])
        long_ago = rules(self.order, calls=[(use, epoch_day - 92)])
        afterwards = rules(self.order, calls=[(use, epoch_day + 1)])
        assert outcome(recent, "desk", ONE, day(11))[0] == "notice"
        assert outcome(long_ago, "desk", ONE, day(11)) == ("refuse", "new-use")
        assert outcome(afterwards, "desk", ONE, day(11)) == ("refuse", "new-use")

    def test_a_day_of_calls_counts_only_if_it_ended_before_the_order_began(self):
        at_one = order("o", reading(wind_down=winding(day(30))), at=day(10) + timedelta(hours=1))
        use = Use("desk", "work", "alpha")
        same_day = rules(at_one, calls=[(use, 20454 + 10)])
        day_before = rules(at_one, calls=[(use, 20454 + 9)])
        assert outcome(same_day, "desk", ONE, day(11)) == ("refuse", "new-use")
        assert outcome(day_before, "desk", ONE, day(11))[0] == "notice"

    def test_a_service_made_after_it_began_has_no_existing_use(self):
        late = service("desk", "bureau", created=day(15))
        ruleset = rules(self.order, bindings=(bind("desk", "alpha/one"),), services=(late,))
        assert outcome(ruleset, "desk", ONE, day(20)) == ("refuse", "new-use")

    def test_a_memo_recorded_after_the_order_makes_up_no_use(self):
        change = Rebinding(service="desk", slots=("chat",), models=("alpha/one",))
        memo = order("memo", TWO_ONLY, at=day(5), kind="memo", rebindings=(change,))

        def made(recorded):
            known = Known(
                directory=directory(bindings=(bind("desk", "beta/two"),)),
                issued=(issued(self.order, recorded=day(10)), issued(memo, recorded=recorded)),
            )
            return compile_ruleset(known, version="x")

        assert outcome(made(day(20)), "desk", ONE, day(29)) == ("refuse", "new-use")
        assert outcome(made(day(6)), "desk", ONE, day(29))[0] == "notice"

    def test_a_directory_binding_is_not_dated_by_the_instrument_that_it_names(self):
        old = order("old", TWO_ONLY, at=T0)
        claimed = msgspec.structs.replace(bind("desk", "alpha/one"), instrument="old")
        world = directory(bindings=(claimed,))
        stated = Reader(world).stated(claimed)
        assert stated is not None
        known = Known(
            directory=world,
            issued=(issued(old), issued(self.order, recorded=day(10))),
            stated={stated: {ONE: microseconds(day(12))}},
        )
        ruleset = compile_ruleset(known, version="x")
        assert outcome(ruleset, "desk", ONE, day(13)) == ("refuse", "new-use")

    def test_a_derived_model_is_no_existing_use_for_another_model_of_its_own_maker(self):
        other = model("gamma/other")
        world = directory(bindings=(bind("desk", "gamma/other"), bind("far", "gamma/tuned")))
        world = msgspec.structs.replace(
            world,
            models=world.models | {other.id: other},
            routes=world.routes | {"gamma/other@cloud": route("gamma/other@cloud")},
        )
        everyone = reading(scope=Scope(parties=("state", "elsewhere")), wind_down=winding(day(30)))
        known = Known(directory=world, issued=(issued(order("o", everyone, at=day(10))),))
        ruleset = compile_ruleset(known, version="x")
        assert outcome(ruleset, "desk", TUNED, day(11)) == ("refuse", "new-use")
        assert outcome(ruleset, "far", TUNED, day(11))[0] == "notice"

    def test_another_purpose_or_service_is_a_new_use(self):
        ruleset = rules(self.order, calls=[(Use("desk", "other", "alpha"), 20454)])
        assert outcome(ruleset, "desk", ONE, day(11)) == ("refuse", "new-use")

    def test_a_grace_for_some_parties_refuses_the_others_at_once(self):
        graced = reading(wind_down=winding(day(30), parties=("bureau",)))
        bindings = (bind("desk", "alpha/one"), bind("secret", "alpha/one"))
        ruleset = rules(order("o", graced, at=day(10)), bindings=bindings)
        assert outcome(ruleset, "desk", ONE, day(11))[0] == "notice"
        assert decided(ruleset, "secret", ONE, day(11)).because == "prohibited"


def test_deny_wins_however_specific_the_permit():
    permit = reading(
        modality="permit", scope=Scope(services=("desk",)), targets=(Target(routes=(ONE,)),)
    )
    found = decided(rules(order("bar"), order("free", permit)), "desk", ONE, day(1))
    assert (found.outcome, found.because) == ("refuse", "prohibited")
    assert {c.instrument for c in found.citations} == {"bar", "free"}


class TestNetworks:
    def test_a_closed_network_refuses_by_default_and_cites_it(self):
        found = decided(rules(), "secret", TWO, day(1))
        assert (found.outcome, found.because, found.network) == (
            "refuse",
            "network-default",
            "closed",
        )

    def test_its_owners_admission_opens_it_for_what_it_covers(self):
        scope = Scope(networks=("closed",))
        admits = reading(modality="permit", scope=scope, targets=(Target(makers=("beta",)),))
        ruleset = rules(order("admission", admits))
        assert outcome(ruleset, "secret", TWO, day(1)) == ("allow", "permitted")
        assert outcome(ruleset, "secret", ONE, day(1)) == ("refuse", "network-default")

    def test_who_binds_the_owner_from_above_admits_too(self):
        sub = Network(id="sub", name=name("Sub"), level="x", default="deny", owner="bureau")
        world = directory()
        world = msgspec.structs.replace(
            world,
            networks=world.networks | {"sub": sub},
            services=world.services | {"inner": service("inner", "bureau", network="sub")},
        )
        scope = Scope(networks=("sub",))
        admits = reading(modality="permit", scope=scope, targets=(Target(makers=("beta",)),))
        known = Known(directory=world, issued=(issued(order("admission", admits)),))
        ruleset = compile_ruleset(known, version="x")
        assert outcome(ruleset, "inner", TWO, day(1)) == ("allow", "permitted")

    def test_an_admission_by_somebody_else_opens_nothing(self):
        scope = Scope(networks=("closed",))
        admits = reading(modality="permit", scope=scope, targets=(Target(makers=("beta",)),))
        ruleset = rules(order("admission", admits, issuer="chief"))
        assert outcome(ruleset, "secret", TWO, day(1)) == ("refuse", "network-default")


class TestReturn:
    """Rule 9: permission returns, traffic does not."""

    bar = order("bar")
    lift = order(
        "lift",
        reading(targets=(Target(makers=("nobody",)),)),
        at=day(5),
        acts=(Rescind(instruments=("bar",)),),
    )

    def test_what_was_refused_is_held_after_rescission_and_says_by_what(self):
        found = decided(rules(self.bar, self.lift), "desk", ONE, day(6))
        assert (found.outcome, found.because, found.held_by) == ("refuse", "held", ("bar",))

    def test_a_release_lets_traffic_return_from_its_instant(self):
        release = Release(service="desk", route=ONE, at=day(7), by="officer")
        ruleset = rules(self.bar, self.lift, releases=[release])
        assert decided(ruleset, "desk", ONE, day(6)).because == "held"
        assert outcome(ruleset, "desk", ONE, day(7)) == ("allow", "permitted")
        assert decided(ruleset, "desk", RESOLD, day(7)).because == "held"

    def test_a_release_before_it_ended_does_not_count(self):
        release = Release(service="desk", route=ONE, at=day(4), by="officer")
        ruleset = rules(self.bar, self.lift, releases=[release])
        assert decided(ruleset, "desk", ONE, day(6)).because == "held"

    @pytest.mark.parametrize("since", [day(0), day(-5)])
    def test_a_rescission_that_reaches_back_leaves_held_what_was_refused_until_then(self, since):
        back = order(
            "back", TWO_ONLY, at=day(5), acts=(Rescind(instruments=("bar",), since=since),)
        )
        known = Known(
            directory=directory(), issued=(issued(self.bar), issued(back, recorded=day(6)))
        )
        ruleset = compile_ruleset(known, version="x")
        assert decided(ruleset, "desk", ONE, day(7)).because == "held"

    def test_a_release_from_before_the_rescission_was_known_does_not_count(self):
        back = order(
            "back", TWO_ONLY, at=day(5), acts=(Rescind(instruments=("bar",), since=day(1)),)
        )
        earlier, later = (
            Release(service="desk", route=ONE, at=at, by="officer") for at in (day(3), day(6))
        )
        assert (
            decided(rules(self.bar, back, releases=[earlier]), "desk", ONE, day(7)).because
            == "held"
        )
        freed = rules(self.bar, back, releases=[later])
        assert outcome(freed, "desk", ONE, day(7)) == ("allow", "permitted")

    def test_a_rescission_that_is_only_announced_ends_nothing(self):
        announced = order(
            "back",
            TWO_ONLY,
            at=None,
            announced=day(5),
            acts=(Rescind(instruments=("bar",), since=day(5)),),
        )
        assert outcome(rules(self.bar, announced), "desk", ONE, day(9)) == ("refuse", "prohibited")

    def test_a_use_that_went_on_goes_on(self):
        bar = order("bar", reading(wind_down=winding(day(30))), at=day(1))
        bindings = (bind("desk", "alpha/one"),)
        ruleset = rules(bar, self.lift, bindings=bindings)
        assert outcome(ruleset, "desk", ONE, day(4))[0] == "notice"
        assert outcome(ruleset, "desk", ONE, day(6)) == ("allow", "permitted")

    def test_a_route_that_was_never_refused_is_not_held(self):
        assert decided(rules(self.bar, self.lift), "desk", TWO, day(6)).outcome == "allow"

    def test_a_service_made_afterwards_was_never_refused(self):
        fresh = service("desk", "bureau", created=day(5))
        ruleset = rules(self.bar, self.lift, services=(fresh,))
        assert outcome(ruleset, "desk", ONE, day(6)) == ("allow", "permitted")

    def test_what_never_began_holds_nothing(self):
        later = order("bar", at=day(9))
        lift = order(
            "lift",
            reading(targets=(Target(makers=("nobody",)),)),
            at=day(5),
            acts=(Rescind(instruments=("bar",)),),
        )
        assert decided(rules(later, lift), "desk", ONE, day(10)).outcome == "allow"


def test_next_change_is_the_first_instant_at_which_the_answer_differs():
    bar = order("bar", reading(wind_down=winding(day(30))), at=day(10))
    ruleset = rules(bar, bindings=(bind("desk", "alpha/one"),))
    call = call_of(ruleset.directory.services["desk"], "chat")
    assert next_change(ruleset, call, ONE, day(1)) == day(10)
    assert next_change(ruleset, call, ONE, day(11)) == day(30)
    assert next_change(ruleset, call, ONE, day(31)) is None
    assert next_change(ruleset, call, TWO, day(1)) is None


_instants = st.integers(0, 40).map(day)
_scopes = st.sampled_from(
    [Scope(parties=(p,)) for p in ("state", "bureau", "elsewhere")]
    + [Scope(services=("desk",)), Scope(parties=("state",), contracts=("*",))]
)


@st.composite
def _prohibitions(draw, id_: str):
    begins = draw(st.integers(0, 20))
    grace = draw(st.none() | st.integers(1, 15))
    read = reading(
        scope=draw(_scopes),
        targets=(Target(makers=(draw(st.sampled_from(["alpha", "beta"])),)),),
        wind_down=None if grace is None else winding(day(begins + grace)),
    )
    return order(id_, read, at=day(begins))


@given(
    st.lists(st.integers(), max_size=3),
    st.data(),
    st.sampled_from(["desk", "works", "shop", "far"]),
    st.sampled_from([ONE, RESOLD, TWO, TUNED]),
    _instants,
)
def test_adding_a_prohibition_never_allows_more(numbers, data, service, route, instant):
    orders = [data.draw(_prohibitions(f"o{n}")) for n, _ in enumerate(numbers)]
    added = data.draw(_prohibitions("added"))
    bindings = (bind("desk", "alpha/one"), bind("works", "alpha/one"))
    rank = {"allow": 0, "notice": 1, "refuse": 2}
    before = decided(rules(*orders, bindings=bindings), service, route, instant).outcome
    after = decided(rules(*orders, added, bindings=bindings), service, route, instant).outcome
    assert rank[after] >= rank[before]
