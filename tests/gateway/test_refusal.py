"""Which status a refusal has, and whose words it names."""

from changeover.gateway.exchange import ServedBy
from changeover.gateway.headers import reply_headers
from changeover.gateway.refusal import barred
from changeover.orders.decision import Decision
from changeover.orders.ruleset import Ruleset, call_of
from tests.orders.answers import ONE, citation, decision, world
from tests.orders.worlds import day, order, reading

TERMS = order("terms-1", issuer="alpha-office", kind="terms")
OPERATOR = "https://gateway.example/"


def refusal(ruleset, *decisions):
    return barred(ruleset, decisions, instead=("beta/two@beta",), operator=OPERATOR)


def test_a_requirement_of_an_order_is_451_as_a_prohibition_is():
    required = reading(modality="require", requirements=("no-retention",))
    cited = citation("q", modality="require", because="requirement")
    found = refusal(world(order("q", required)), decision("requirement", cited))
    assert (found.status, found.kind) == (451, "barred_by_order")
    assert "(it cannot be shown to meet what is required)" in found.message
    assert f'<{OPERATOR}orders/q>; rel="describedby"' in found.headers["link"]
    assert found.message.endswith("Use beta/two@beta instead.")


def test_terms_alone_are_403_and_name_the_terms():
    found = refusal(world(TERMS), decision("terms", citation("terms-1")))
    assert (found.status, found.kind) == (403, "terms")
    assert "under its vendor's terms: terms-1 (terms-1), issued by Alpha's Office" in found.message
    assert found.headers["changeover-instruments"] == "terms-1"
    assert "link" not in found.headers


def test_an_order_beside_terms_is_451_and_names_the_order_alone():
    both = decision("prohibited", citation("terms-1"), citation("o"))
    found = refusal(world(TERMS, order("o")), both)
    assert (found.status, found.headers["changeover-instruments"]) == (451, "o")


def test_an_agreement_of_an_office_that_is_no_vendors_is_an_order():
    found = refusal(world(order("o", kind="agreement")), decision("prohibited", citation("o")))
    assert found.status == 451


def test_of_several_routes_the_one_that_an_order_refuses_is_told():
    ruleset = world(TERMS, order("o"))
    by_terms = decision("terms", citation("terms-1"))
    found = refusal(ruleset, by_terms, decision("prohibited", citation("o")))
    assert found.status == 451


def headers(ruleset: Ruleset, decided: Decision):
    served = ServedBy(
        call_id="call_1",
        asked="one",
        call=call_of(ruleset.directory.services["desk"], "chat"),
        route=ruleset.directory.routes[ONE],
        maker="alpha",
        decision=decided,
        instead_of=None,
        replaced=None,
        stand_in=False,
    )
    return reply_headers(ruleset, served, ())


def test_silent_terms_are_told_in_a_header_without_a_deadline():
    decided = decision("terms-silent", outcome="notice", silent=("alpha-office",))
    found = headers(world(), decided)
    assert found["changeover-notice"] == "terms silent: the terms of alpha say nothing of this use"
    assert not {"changeover-deadline", "sunset"} & set(found)


def test_a_notice_tells_a_deadline_and_silent_terms_together():
    decided = decision("winding-down", outcome="notice", silent=("alpha-office",), deadline=day(31))
    found = headers(world(), decided)
    assert found["changeover-notice"] == (
        "winding down: alpha/one@alpha may be used until 1 February 2026; "
        "terms silent: the terms of alpha say nothing of this use"
    )
    assert found["changeover-deadline"] == "2026-02-01T00:00:00Z"
