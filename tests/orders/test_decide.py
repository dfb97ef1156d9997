"""The rules of decision, one by one, in a small world."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.orders.decide import decide, next_change
from changeover.orders.model import Moment, Release, Rescind, Scope, Target
from changeover.orders.ruleset import call_of
from changeover.orders.uses import Use
from tests.orders.worlds import bind, day, order, reading, rules, service, winding

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

    def test_a_use_that_went_on_goes_on(self):
        bar = order("bar", reading(wind_down=winding(day(30))))
        bindings = (bind("desk", "alpha/one", since=day(-10)),)
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
