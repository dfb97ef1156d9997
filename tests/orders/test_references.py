"""What instruments name must stand in the directory, and stays there."""

import msgspec
import pytest

from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.orders.model import Instrument, Rebinding, Scope, Target
from changeover.orders.references import check_dropped, check_id, check_references
from tests.orders.worlds import day, directory, name, order, reading, winding


def memo(*slots: str, models: tuple[str, ...] = ("beta/two",), service: str = "desk") -> Instrument:
    change = Rebinding(service=service, slots=slots, models=models)
    return Instrument(id="memo", kind="memo", issuer="head", title=name("m"), rebindings=(change,))


@pytest.mark.parametrize(
    ("instrument", "words"),
    [
        (order("o", issuer="nemo"), "issuer 'nemo'"),
        (order("o", served={"nobody": day(1)}), "addressee 'nobody'"),
        (order("o", reading(scope=Scope(parties=("x",)))), "party 'x'"),
        (order("o", reading(scope=Scope(regulated=("x",)))), "party 'x'"),
        (
            order("o", reading(scope=Scope(parties=("state",), contracts=("C-9",)))),
            "contract 'C-9'",
        ),
        (order("o", reading(scope=Scope(networks=("x",)))), "network 'x'"),
        (order("o", reading(scope=Scope(services=("x",)))), "service 'x'"),
        (order("o", reading(targets=(Target(makers=("x",)),))), "vendor 'x'"),
        (order("o", reading(targets=(Target(hosts=("x",)),))), "vendor 'x'"),
        (order("o", reading(targets=(Target(resellers=("x",)),))), "vendor 'x'"),
        (order("o", reading(targets=(Target(models=("x/y",)),))), "model 'x/y'"),
        (order("o", reading(targets=(Target(routes=("x/y@z",)),))), "route 'x/y@z'"),
        (order("o", reading(wind_down=winding(day(9), parties=("x",)))), "party 'x'"),
        (memo("chat", service="x"), "service 'x'"),
        (memo("chat", "talk"), "slot 'talk' of desk"),
        (memo("chat", models=("beta/two", "x/y")), "model or route 'x/y'"),
    ],
)
def test_a_name_that_names_nothing_is_refused_with_words(instrument, words):
    with pytest.raises(InvalidInputError) as caught:
        check_references(directory(), instrument)
    assert words in caught.value.what


def test_what_stands_passes():
    check_references(directory(), memo("chat", models=("beta/two", "alpha/one@cloud")))
    scope = Scope(parties=("state",), contracts=("*", "C-1"), networks=("open",))
    check_references(
        directory(), order("o", reading(scope=scope), served={"alpha": day(1), "body": day(1)})
    )


@pytest.mark.parametrize("id_", ["o", "order-1.a_B", "7", "x" * 100])
def test_plain_ids_are_ids(id_):
    check_id(id_)


@pytest.mark.parametrize(
    "id_", ["", " ", "a b", "a/b", "é", "a→", "x\r\ny", "x\n", "-x", ".", "..", "x" * 101, "١"]
)
def test_other_ids_are_refused(id_):
    with pytest.raises(InvalidInputError, match="cannot be an instrument's id"):
        check_id(id_)


@pytest.mark.parametrize(
    ("section", "dropped", "instrument", "words"),
    [
        ("issuers", "head", order("o"), "o names issuer 'head'"),
        (
            "parties",
            "bureau",
            order("o", reading(scope=Scope(parties=("bureau",)))),
            "party 'bureau'",
        ),
        (
            "networks",
            "closed",
            order("o", reading(scope=Scope(networks=("closed",)))),
            "network 'closed'",
        ),
        ("services", "desk", memo("chat"), "memo names service 'desk'"),
        ("models", "beta/two", memo("chat"), "model or route 'beta/two'"),
        ("routes", "beta/two@beta", memo("chat", models=("beta/two@beta",)), "'beta/two@beta'"),
        ("vendors", "alpha", order("o"), "vendor 'alpha'"),
    ],
)
def test_a_directory_may_not_drop_what_an_instrument_names(section, dropped, instrument, words):
    old = directory()
    left = {id_: one for id_, one in getattr(old, section).items() if id_ != dropped}
    new = msgspec.structs.replace(old, **{section: left})
    with pytest.raises(ConflictError) as caught:
        check_dropped(
            old,
            new,
            [
                order(
                    "unrelated",
                    reading(
                        scope=Scope(parties=("elsewhere",)), targets=(Target(makers=("gamma",)),)
                    ),
                    issuer="other",
                ),
                instrument,
            ],
        )
    assert words in caught.value.what
    assert "unrelated" not in caught.value.what


def test_a_slot_may_not_be_dropped_either_and_what_was_missing_before_is_no_new_loss():
    old = directory()
    bare = msgspec.structs.replace(old.services["desk"], slots=())
    new = msgspec.structs.replace(old, services=old.services | {"desk": bare})
    with pytest.raises(ConflictError, match="slot 'chat' of desk"):
        check_dropped(old, new, [memo("chat")])
    check_dropped(new, new, [memo("chat")])
    check_dropped(old, old, [memo("chat")])
