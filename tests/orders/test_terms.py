"""Who states a vendor's terms, and on what."""

from typing import Any

import msgspec
import pytest

from changeover.basics.errors import NotAuthorisedError
from changeover.directory.model import Directory, Issuer
from changeover.orders.authority import check_authority
from changeover.orders.model import Amend, Clause, Instrument, Scope, Target
from tests.orders.worlds import T0, directory, issued, name, order, reading


def world() -> Directory:
    base = directory()
    offices = (
        Issuer(id="house", name=name("Alpha's office"), vendor="alpha"),
        Issuer(id="shop", name=name("Cloud's office"), vendor="cloud"),
    )
    return msgspec.structs.replace(base, issuers=base.issuers | {i.id: i for i in offices})


def terms(target: Target, issuer: str = "house", **fields: Any) -> Instrument:
    read = reading(targets=(target,), scope=fields.pop("scope", Scope()))
    return order("t", read, issuer=issuer, **({"kind": "terms"} | fields))


@pytest.mark.parametrize(
    ("issuer", "target"),
    [
        ("house", Target(makers=("alpha",))),
        ("house", Target(makers=("alpha",), hosts=("cloud",))),
        ("house", Target(hosts=("alpha",), makers=("beta",))),
        ("house", Target(models=("alpha/one",))),
        ("house", Target(models=("alpha/one", "gamma/tuned"))),  # derives from alpha's
        ("house", Target(routes=("alpha/one@cloud", "gamma/tuned@cloud"))),
        ("shop", Target(hosts=("cloud",))),
        ("shop", Target(resellers=("cloud",))),
        ("shop", Target(routes=("alpha/one@cloud", "gamma/tuned@cloud"))),
    ],
)
@pytest.mark.parametrize("kind", ["terms", "agreement"])
def test_a_vendors_office_speaks_for_what_is_the_vendors_to_anybody(issuer, target, kind):
    for scope in (Scope(), Scope(parties=("elsewhere",)), Scope(purposes=("work",))):
        check_authority(world(), {}, terms(target, issuer, kind=kind, scope=scope), T0)


@pytest.mark.parametrize(
    ("issuer", "target"),
    [
        ("house", Target(makers=("beta",))),
        ("house", Target(makers=("alpha", "beta"))),
        ("house", Target(hosts=("cloud",))),
        ("house", Target(models=("alpha/one", "beta/two"))),
        ("house", Target(routes=("alpha/one@cloud", "beta/two@beta"))),
        ("shop", Target(makers=("alpha",))),
        ("shop", Target(models=("alpha/one",))),
        ("shop", Target(routes=("alpha/one@cloud", "alpha/one@alpha"))),
    ],
)
@pytest.mark.parametrize("kind", ["terms", "agreement"])
def test_and_for_nothing_else(issuer, target, kind):
    with pytest.raises(NotAuthorisedError) as caught:
        check_authority(world(), {}, terms(target, issuer, kind=kind), T0)
    assert "clause one is on what " in caught.value.what
    assert "neither makes nor hosts nor resells" in caught.value.what


def test_only_a_vendors_office_states_terms():
    with pytest.raises(NotAuthorisedError, match="only by a vendor's own office"):
        check_authority(world(), {}, terms(Target(makers=("alpha",)), "head"), T0)
    bound = terms(
        Target(makers=("alpha",)), "head", kind="agreement", scope=Scope(parties=("state",))
    )
    check_authority(world(), {}, bound, T0)


def test_otherwise_a_vendors_office_binds_nobody():
    bar = terms(Target(makers=("alpha",)), kind="order", scope=Scope(parties=("state",)))
    with pytest.raises(NotAuthorisedError, match="may not bind state"):
        check_authority(world(), {}, bar, T0)


def test_what_its_amendments_write_is_held_to_the_same():
    def amending(target: Target) -> Instrument:
        read = reading(targets=(target,), scope=Scope())
        clause = Clause(id="one", words="W.", readings=(read,), chosen="plain", chosen_by="c")
        act = Amend(instruments=("t",), clause="one", becomes=clause)
        return Instrument(
            id="a", kind="terms", issuer="house", title=name("a"), acts=(act,), published=T0
        )

    record = {"t": issued(terms(Target(makers=("alpha",))))}
    check_authority(world(), record, amending(Target(makers=("alpha",), hosts=("beta",))), T0)
    with pytest.raises(NotAuthorisedError, match="clause one is on what alpha neither"):
        check_authority(world(), record, amending(Target(makers=("beta",))), T0)
