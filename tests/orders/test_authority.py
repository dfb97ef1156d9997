"""Who may do what, and who must have signed for it."""

from typing import Any

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError, NotAuthorisedError
from changeover.directory.model import Directory, Issuer, Network, Party, Relation
from changeover.orders.authority import check_authority, check_entry
from changeover.orders.model import Instrument, Rebinding, Rescind, Scope
from tests.orders.worlds import T0, directory, issued, name, order, reading, source


def world(**issuer: Any) -> Directory:
    """The small world with a network of the bureau's, a second contract C-1, and one more issuer."""
    base = directory()
    contract = Relation(kind="contracted-to", to="elsewhere", basis="law", contract="C-1")
    return msgspec.structs.replace(
        base,
        issuers=base.issuers | {"more": Issuer(id="more", name=name("More"), **issuer)},
        parties=base.parties
        | {"firm-2": Party(id="firm-2", name=name("F"), relations=(contract,))},
        networks=base.networks
        | {"sub": Network(id="sub", name=name("Sub"), level="x", default="deny", owner="bureau")},
    )


def refused(instrument: Instrument, directory: Directory | None = None, **standing: Any) -> str:
    on_record = {id_: issued(each) for id_, each in standing.items()}
    with pytest.raises(NotAuthorisedError) as caught:
        check_authority(directory or world(), on_record, instrument, T0)
    return caught.value.what


def accepted(instrument: Instrument, directory: Directory | None = None, **standing: Any) -> None:
    on_record = {id_: issued(each) for id_, each in standing.items()}
    check_authority(directory or world(), on_record, instrument, T0)


@pytest.mark.parametrize("modality", ["prohibit", "permit", "require"])
def test_a_scope_of_networks_alone_needs_their_ownership_whatever_the_modality(modality):
    requirements = ("no-retention",) if modality == "require" else ()
    read = reading(modality=modality, scope=Scope(networks=("open",)), requirements=requirements)
    assert "does not own open" in refused(order("o", read, issuer="other"))
    accepted(order("o", read))


def test_an_issuer_may_restrict_its_own_on_another_partys_network_but_not_admit_to_it():
    scope = Scope(parties=("elsewhere",), networks=("open",))
    accepted(order("o", reading(scope=scope), issuer="other"))
    admission = order("o", reading(scope=scope, modality="permit"), issuer="other")
    assert "does not own open" in refused(admission)


def test_what_a_party_owns_belongs_to_those_who_bind_what_it_is_part_of():
    read = reading(modality="permit", scope=Scope(networks=("sub",)))
    accepted(order("o", read))
    accepted(order("o", read, issuer="chief"))


def test_a_scope_with_contracts_reaches_parties_and_contractors_and_needs_both_authorities():
    scope = Scope(parties=("state",), contracts=("C-1",))
    buyer = world(contracts_of=("state",))
    assert "may not bind state" in refused(order("o", reading(scope=scope), issuer="more"), buyer)
    chief = world(binds=("state",))
    assert "no authority over the contracts of state" in refused(
        order("o", reading(scope=scope), issuer="more"), chief
    )
    accepted(
        order("o", reading(scope=scope), issuer="more"),
        world(binds=("state",), contracts_of=("state",)),
    )


def test_every_party_of_a_scope_with_contracts_counts():
    mixed = world(binds=("elsewhere",), contracts_of=("state",))
    scope = Scope(parties=("elsewhere", "state"), contracts=("*",))
    words = refused(order("o", reading(scope=scope), issuer="more"), mixed)
    assert "may not bind state" in words
    assert "contracts of elsewhere" in words
    nobodys = order("o", reading(scope=Scope(contracts=("*",))))
    assert "no party whose contracts" in refused(nobodys)


def test_regulated_bodies_and_services_of_others_are_beyond_an_issuer():
    scope = Scope(regulated=("body",))
    accepted(order("o", reading(scope=scope)))
    assert "does not regulate body" in refused(order("o", reading(scope=scope), issuer="other"))
    services = reading(scope=Scope(services=("desk",), networks=("open",)))
    assert "owners of desk" in refused(order("o", services, issuer="other"))
    assert "names no party" in refused(order("o", reading(scope=Scope(purposes=("work",)))))


def test_the_models_of_anothers_service_are_beyond_an_issuer():
    change = Rebinding(service="desk", slots=("chat",), models=("beta/two",))
    memo = Instrument(id="m", kind="memo", issuer="other", title=name("m"), rebindings=(change,))
    assert "may not change the models of desk" in refused(memo)
    accepted(msgspec.structs.replace(memo, issuer="chief"))


def rescission(of: str, *, id_: str = "r", issuer: str = "head") -> Instrument:
    acts = (Rescind(instruments=(of,)),)
    return Instrument(id=id_, kind="order", issuer=issuer, title=name(id_), acts=acts)


def test_only_the_issuer_rescinds_and_nobody_rescinds_a_rescission():
    accepted(rescission("o"), o=order("o"))
    assert "did not issue o" in refused(rescission("o", issuer="other"), o=order("o"))
    words = refused(rescission("r", id_="rr"), o=order("o"), r=rescission("o"))
    assert "r is a rescission" in words
    assert "issue a new order instead" in words


def test_an_order_that_also_rescinds_another_can_be_rescinded():
    replaced = order("new", acts=(Rescind(instruments=("o",)),))
    accepted(rescission("new"), o=order("o"), new=replaced)


def test_what_is_not_in_the_directory_is_named_all_at_once():
    scope = Scope(parties=("nobody",), networks=("nope",), services=("none",))
    with pytest.raises(InvalidInputError) as caught:
        check_authority(directory(), {}, order("o", reading(scope=scope), issuer="nemo"), T0)
    for words in ("issuer 'nemo'", "party 'nobody'", "network 'nope'", "service 'none'"):
        assert words in caught.value.what


PERMIT = order(
    "p", reading(modality="permit", scope=Scope(networks=("closed",))), sources=(source(),)
)


@pytest.mark.parametrize(
    "second",
    [
        None,
        "",
        "  ",
        "\u200b",
        "A. Smith",
        "a.  SMITH ",
        "A.\u00a0Smith",
        "Ａ. Smith",
        "A\u200b.\u00ad Smith",
    ],
)
def test_a_freeing_act_needs_a_second_officer_who_reads_as_another(second):
    with pytest.raises(NotAuthorisedError, match="second officer"):
        check_entry(PERMIT, "A. Smith", second, {})


def test_another_officer_will_do_and_a_restricting_act_needs_none():
    check_entry(PERMIT, "A. Smith", "B. Jones", {})
    check_entry(order("o"), "A. Smith", None, {})


@pytest.mark.parametrize("nobody", ["", " \t", "\u200b\u2060", "\u00ad "])
def test_who_enters_must_have_a_name_that_can_be_read(nobody):
    with pytest.raises(NotAuthorisedError, match="name of the person"):
        check_entry(order("o"), nobody, None, {})


def test_a_freeing_act_needs_its_source():
    with pytest.raises(NotAuthorisedError, match="names no source"):
        check_entry(msgspec.structs.replace(PERMIT, sources=()), "A. Smith", "B. Jones", {})
