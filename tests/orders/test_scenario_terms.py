"""The vendors' terms of the scenario: they decide nothing there, and others would.

What each vendor's terms say is asked of both vendors: in the mirror image the other
one's leave a purpose out, forbid it, and are amended for a party.
"""

from datetime import datetime

import msgspec
import pytest

from changeover.gateway.refusal import barred
from changeover.orders.authority import check_authority, check_entry
from changeover.orders.decide import decide
from changeover.orders.decision import Decision
from changeover.orders.explain import explain
from changeover.orders.model import Clause, Instrument, Issued, Modality, Reading, Scope, Target
from changeover.orders.ruleset import Known, Ruleset, call_of, compile_ruleset
from tests.orders.played import asked, at, mirror, record, rules
from tests.orders.scenario_table import CLAUDE, INSTANTS, OTHERS
from tests.orders.worlds import name, source

BEFORE, AFTER = "2026-02-26T12:00", "2026-03-01T12:00"
ADMISSION = "classified-admission"


@pytest.fixture(params=[False, True], ids=["as shipped", "mirrored"])
def mirrored(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


class Terms:
    """The scenario with other terms of Anthropic's (mirrored: of OpenAI's)."""

    def __init__(self, *, mirrored: bool) -> None:
        self.say = mirror if mirrored else str
        self.office = self.say("anthropic")
        self.directory, self.issued = record(mirrored=mirrored)

    def clause(self, id_: str, modality: Modality, purposes: list[str], **scope) -> Clause:
        """A clause on all that the vendor makes."""
        reading = Reading(
            id="plain",
            modality=modality,
            targets=(Target(makers=(self.office,)),),
            scope=Scope(purposes=tuple(purposes), **scope),
            since=None,
        )
        words = "These purposes."
        return Clause(id=id_, words=words, readings=(reading,), chosen="plain", chosen_by="c")

    def but(self, purpose: str) -> Clause:
        """The permit of the terms that are shipped, without one purpose."""
        entry = next(e for e in self.issued if e.instrument.id == f"{self.office}-terms")
        purposes = entry.instrument.clauses[0].reading().scope.purposes
        assert purpose in purposes
        return self.clause("purposes", "permit", [p for p in purposes if p != purpose])

    def agreement(self, id_: str, purpose: str, **scope) -> Instrument:
        clause = self.clause("agreed", "permit", [purpose], **scope)
        return Instrument(
            id=id_,
            kind="agreement",
            issuer=self.office,
            title=name(id_),
            published=at("2026-02-25"),
            clauses=(clause,),
            sources=(source(),),
        )

    def compiled(self, *clauses: Clause, agreements: tuple[Instrument, ...] = ()) -> Ruleset:
        """The whole scenario with the vendor's terms of these clauses, and agreements on them."""
        found = []
        for entry in self.issued:
            if entry.instrument.id == f"{self.office}-terms":
                terms = msgspec.structs.replace(entry.instrument, clauses=clauses)
                found.append(self.entered(terms, entry.recorded))
            else:
                found.append(entry)
        found += [self.entered(one, at("2026-02-25")) for one in agreements]
        known = Known(directory=self.directory, issued=tuple(found))
        return compile_ruleset(known, version="test")

    def entered(self, instrument: Instrument, recorded: datetime) -> Issued:
        """Entered by two officers, within the authority of the vendor's office."""
        check_authority(self.directory, {}, instrument, recorded)
        check_entry(instrument, "Ada", "Bo", {})
        return Issued(instrument=instrument, recorded=recorded, entered_by="Ada", confirmed_by="Bo")

    def ask(
        self, ruleset: Ruleset, service: str, instant: str = BEFORE, model: str = CLAUDE
    ) -> Decision:
        call = call_of(ruleset.directory.services[service], "chat")
        route = model if "@" in model else f"{model}@anthropic"
        return decide(ruleset, call, self.say(route), at(instant))


def test_the_terms_change_no_decision(mirrored: bool):
    directory, issued = record(mirrored=mirrored)
    orders = tuple(e for e in issued if e.instrument.kind != "terms")
    assert len(issued) - len(orders) == len(directory.vendors)
    with_terms = rules(mirrored=mirrored)
    without = compile_ruleset(Known(directory=directory, issued=orders), version="test")
    for service in directory.services.values():
        for slot in service.slots:
            call = call_of(service, slot.name)
            for route in directory.routes:
                for instant in map(at, INSTANTS):
                    found = decide(with_terms, call, route, instant)
                    terms = [c for c in found.citations if c.instrument.endswith("-terms")]
                    assert {(c.status, c.effect) for c in terms} == {("operative", "permits")}
                    kept = tuple(c for c in found.citations if c not in terms)
                    found = msgspec.structs.replace(found, citations=kept)
                    assert found == decide(without, call, route, instant)


def test_permits_by_terms_are_cited_in_fields_and_not_in_words():
    found = asked(rules(), "treasury-code", CLAUDE, at(BEFORE))
    assert [(i.id, i.terms_of) for i in found.instruments if i.effect == "permits"] == [
        ("anthropic-terms", "anthropic")
    ]
    assert "terms" not in found.explanation.en
    assert "conditions" not in found.explanation.fr


def test_a_purpose_that_is_left_out_is_a_notice(mirrored: bool):
    terms = Terms(mirrored=mirrored)
    ruleset = terms.compiled(terms.but("software-development"))
    for route in (f"{CLAUDE}@anthropic", f"{CLAUDE}@aws", f"{CLAUDE}@google"):
        # The host's terms permit it; the maker's say nothing.
        found = terms.ask(ruleset, "treasury-code", model=route)
        assert (found.outcome, found.because) == ("notice", "terms-silent")
        assert (found.silent, found.deadline) == ((terms.office,), None)
    vendor = ruleset.directory.vendors[terms.office].name.en
    words = explain(ruleset, found, changes_at=None)
    assert f"the terms of {vendor} say nothing of this purpose" in words.en
    assert f"les conditions du fournisseur ({vendor}) ne disent rien" in words.fr
    # It is no obstacle to winding down, and none to other purposes and vendors.
    later = terms.ask(ruleset, "treasury-code", "2026-02-28T12:00")
    assert (later.because, later.silent) == ("winding-down", (terms.office,))
    for service, model in (("health-assistant", CLAUDE), ("treasury-code", OTHERS[1])):
        assert terms.ask(ruleset, service, model=model).outcome == "allow"


def test_a_purpose_that_is_forbidden_is_a_refusal_which_no_order_demands(mirrored: bool):
    terms = Terms(mirrored=mirrored)
    forbidden = terms.clause("forbidden", "prohibit", ["software-development"])
    ruleset = terms.compiled(terms.but("software-development"), forbidden)
    found = terms.ask(ruleset, "treasury-code")
    assert (found.outcome, found.because, found.silent) == ("refuse", "terms", ())
    [refusing] = [c for c in found.citations if c.effect == "refuses"]
    assert (refusing.instrument, refusing.clause) == (f"{terms.office}-terms", "forbidden")
    answer = barred(ruleset, [found], instead=(), operator="https://gateway.example/")
    assert (answer.status, answer.kind) == (403, "terms")
    assert f"{terms.office}-terms" in answer.message
    assert "link" not in answer.headers
    assert "These purposes." in explain(ruleset, found, changes_at=None).en
    assert terms.ask(ruleset, "health-assistant").outcome == "allow"
    assert terms.ask(ruleset, "treasury-code", model=OTHERS[1]).outcome == "allow"
    # Where an order refuses too, it is the order that counts: 451.
    both = terms.ask(ruleset, "treasury-code", "2026-03-03")
    assert (both.outcome, both.because) == ("refuse", "prohibited")
    answer = barred(ruleset, [both], instead=(), operator="https://gateway.example/")
    assert answer.status == 451
    assert "-terms" not in answer.message


def test_an_agreement_frees_the_party_that_it_names_and_no_other(mirrored: bool):
    terms = Terms(mirrored=mirrored)
    forbidden = terms.clause("forbidden", "prohibit", ["staff-assistance"])
    own = terms.but("staff-assistance")
    without = terms.compiled(own, forbidden)
    agreement = terms.agreement("agreement", "staff-assistance", parties=("health",))
    ruleset = terms.compiled(own, forbidden, agreements=(agreement,))
    for service in ("health-assistant", "statechat"):
        assert terms.ask(without, service).because == "terms"
    freed = terms.ask(ruleset, "health-assistant")
    assert (freed.outcome, freed.because, freed.silent) == ("allow", "permitted", ())
    cited = {(c.instrument, c.clause): (c.effect, c.because) for c in freed.citations}
    assert cited[("agreement", "agreed")] == ("permits", "operative")
    assert cited[(f"{terms.office}-terms", "forbidden")] == ("none", "amended")
    assert terms.ask(ruleset, "statechat").because == "terms"
    # An agreement with the vendor frees from no order.
    assert terms.ask(ruleset, "health-assistant", "2026-03-05").because == "prohibited"


@pytest.mark.parametrize(
    ("scope", "because"),
    [
        ({"parties": ("defence",), "networks": ("classified",)}, "permitted"),
        ({"parties": ("defence",), "networks": ("unclassified",)}, "terms"),
        ({"parties": ("defence-contractor",)}, "terms"),
        ({"networks": ("classified",)}, "permitted"),
    ],
)
def test_an_agreement_counts_on_the_networks_that_it_names(mirrored: bool, scope, because: str):
    terms = Terms(mirrored=mirrored)
    forbidden = terms.clause("forbidden", "prohibit", ["analysis"])
    agreement = terms.agreement("agreement", "analysis", **scope)
    ruleset = terms.compiled(terms.but("analysis"), forbidden, agreements=(agreement,))
    assert terms.ask(ruleset, "defence-analysis").because == because


def test_an_agreement_opens_no_network(mirrored: bool):
    terms = Terms(mirrored=mirrored)
    agreement = terms.agreement("agreement", "analysis", networks=("classified",))
    own = terms.but("correspondence")
    ruleset = terms.compiled(own, agreements=(agreement,))
    kept = tuple(
        e for e in ruleset.issued.values() if e.instrument.id != terms.say(f"{ADMISSION}-anthropic")
    )
    closed = compile_ruleset(Known(directory=terms.directory, issued=kept), version="test")
    assert terms.ask(ruleset, "defence-analysis").because == "permitted"
    assert terms.ask(closed, "defence-analysis").because == "network-default"
