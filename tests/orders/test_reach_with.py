"""What orders that are not issued yet would change, the stranded first."""

import msgspec
import pytest

from changeover.basics.errors import NotFoundError
from changeover.identity.model import Key
from changeover.orders.model import Rescind, Scope, Target
from changeover.orders.preview import Comparison
from changeover.orders.reach import count, reach
from changeover.orders.reach_with import reach_with
from changeover.orders.ruleset import Known, compile_ruleset
from tests.fakes import FakeServiceConversations, FakeServiceKeys
from tests.orders.answers import act
from tests.orders.worlds import bind, day, directory, issued, order, reading, rules

ALPHA, BETA = "alpha/one@alpha", "beta/two@beta"
STATE = Scope(parties=("state",))


def ban(id_, at, *makers):
    targets = (Target(makers=makers),)
    return order(id_, reading(targets=targets, scope=STATE), at=day(at))


def asked(name, *added, record=(), now=5):
    known = Known(
        directory=directory(bindings=(bind("desk", "beta/two", "alpha/one"),)),
        issued=tuple(map(issued, record)),
    )
    return reach_with(
        Comparison(compile_ruleset(known, version="before"), added, day(now)), name, day(now)
    )


def lines(changes):
    return [(c.route, c.at, c.because, c.replacement) for c in changes]


def test_what_would_be_barred_from_when_and_what_could_replace_it():
    found = asked("beta", ban("b", 10, "beta"))
    assert found.added == ("b",)
    assert lines(found.barred) == [(BETA, day(10), "prohibited", ALPHA)]
    assert (found.stranded, found.freed) == ((), ())
    [change] = found.barred
    assert (change.service, change.party, change.slot, change.instruments) == (
        "desk",
        "bureau",
        "chat",
        ("b",),
    )


def test_what_would_be_left_without_a_lawful_replacement():
    found = asked("beta", ban("every", 10, "alpha", "beta"))
    assert lines(found.stranded) == [(BETA, day(10), "prohibited", None)]
    assert found.barred == ()


def test_a_replacement_that_is_lost_later_is_told_too():
    found = asked("beta", ban("b", 10, "beta"), ban("a", 20, "alpha"))
    assert lines(found.barred) == [(BETA, day(10), "prohibited", ALPHA)]
    assert lines(found.stranded) == [(BETA, day(20), "prohibited", None)]


def test_so_is_the_replacement_of_what_is_barred_already():
    found = asked("beta", ban("a", 20, "alpha"), record=(ban("b", 0, "beta"),))
    assert found.barred == ()
    assert lines(found.stranded) == [(BETA, day(20), "prohibited", None)]


def test_what_would_be_freed():
    end = act("r", Rescind(instruments=("b",)), at=10)
    found = asked("beta", end, record=(ban("b", 9, "beta"),))
    assert found.freed == ()  # It is held until an officer releases it.
    pending = ban("b", 12, "beta")
    found = asked("beta", end, record=(pending,))
    assert lines(found.freed) == [(BETA, day(12), "permitted", None)]


def test_what_the_name_does_not_touch_is_left_out():
    assert asked("beta", ban("a", 10, "alpha")).barred == ()
    assert lines(asked("alpha", ban("a", 10, "alpha")).barred)[0][0] == ALPHA


def test_what_is_only_announced_changes_nothing():
    announced = msgspec.structs.replace(ban("b", 10, "beta"), published=None, announced=day(10))
    found = asked("beta", announced)
    assert (found.stranded, found.barred, found.freed) == ((), (), ())


def test_the_order_itself_may_be_asked_about():
    found = asked("b", ban("b", 10, "beta"))
    assert (found.touched.kind, lines(found.barred)[0][0]) == ("order", BETA)
    with pytest.raises(NotFoundError):
        asked("c", ban("b", 10, "beta"))


def key(service):
    return Key(
        prefix="k",
        digest=b"",
        service=service,
        slot="chat",
        label="",
        created=day(0),
        created_by="ana",
    )


def test_keys_and_conversations_are_counted_for_what_is_touched():
    ruleset = rules(bindings=(bind("desk", "alpha/one"), bind("far", "beta/two")))
    keys = FakeServiceKeys([key("desk"), key("desk"), key("far")])
    turns = [("desk", "a", "alpha/one"), ("clerk", "b", "gamma/tuned"), ("far", "c", "beta/two")]
    conversations = FakeServiceConversations(turns)
    found = count(reach(ruleset, "alpha", day(5)), keys, conversations)
    assert found.keys == {"desk": 2}
    assert found.conversations == {"clerk": 1, "desk": 1}
    found = count(reach(ruleset, "gamma", day(5)), keys, conversations)
    assert (found.keys, found.conversations) == ({}, {"clerk": 1})
