"""What is said of a citation, in both languages, and what is not."""

import pytest

from changeover.orders.decision import Person
from changeover.orders.explain import explain
from changeover.orders.may_change import Changers
from changeover.orders.model import Amend, Clause, Confirm, Scope, Stay, Waive
from tests.orders.answers import citation, decision, world
from tests.orders.worlds import day, order, reading


def told(ruleset, decided, **other):
    return explain(ruleset, decided, changes_at=None, **other)


def test_a_requirement_says_what_the_route_cannot_be_shown_to_meet():
    required = reading(modality="require", requirements=("no-retention", "in-country"))
    ruleset = world(order("q", required))
    cited = citation("q", modality="require", because="requirement")
    words = told(ruleset, decision("requirement", cited))
    assert "an order in force requires what this route cannot be shown to meet" in words.en
    assert "cannot be shown to meet what it requires (no-retention and in-country)" in words.en
    assert "satisfait à ce qu'il exige (no-retention et in-country)" in words.fr


def test_a_requirement_that_is_met_says_so():
    ruleset = world(order("q", reading(modality="require", requirements=("no-retention",))))
    met = citation("q", "none", modality="require", because="met")
    words = told(ruleset, decision("permitted", met, outcome="allow"))
    assert "in force, and this route meets what it requires" in words.en
    assert "cette route satisfait à ce qu'il exige" in words.fr


def test_terms_are_named_by_their_vendor():
    ruleset = world(order("terms-1", issuer="alpha-office", kind="terms"))
    words = told(ruleset, decision("terms", citation("terms-1")))
    assert "Refused (alpha/one@alpha): the terms of alpha do not allow this use." in words.en
    assert "les conditions du fournisseur (alpha) n'admettent pas cet usage" in words.fr


def test_silent_terms_are_a_notice_beside_whatever_else_decided():
    ruleset = world(order("o"))
    silent = told(ruleset, decision("terms-silent", outcome="notice", silent=("alpha-office",)))
    assert "Allowed with notice" in silent.en
    assert silent.en.count("terms of alpha say nothing of this purpose") == 1
    both = told(ruleset, decision("prohibited", citation("o"), silent=("alpha-office",)))
    assert both.en.count("The terms of alpha say nothing of this purpose.") == 1
    assert "Les conditions du fournisseur (alpha) ne disent rien de cette finalité." in both.fr


def test_what_terms_permit_is_not_quoted_and_what_an_agreement_replaced_is():
    permit = reading(modality="permit")
    ruleset = world(
        order("terms-1", permit, issuer="alpha-office", kind="terms"), order("admission", permit)
    )
    permits = citation("terms-1", "permits", modality="permit")
    ours = citation("admission", "permits", modality="permit")
    words = told(ruleset, decision("permitted", permits, ours, outcome="allow"))
    assert "terms-1" not in words.en + words.fr
    assert "admission (admission, by The Head), in force" in words.en
    amended = citation("terms-1", "none", modality="permit", because="amended")
    words = told(ruleset, decision("permitted", amended, outcome="allow"))
    assert "terms-1 (terms-1, by Alpha's Office), replaced here by an agreement" in words.en


def test_an_amended_clause_is_quoted_as_it_reads_now():
    becomes = Clause(
        id="one", words="New words.", readings=(reading(),), chosen="plain", chosen_by="counsel"
    )
    amend = Amend(instruments=("o",), clause="one", becomes=becomes)
    ruleset = world(order("o"), order("m", acts=(amend,)))
    words = told(ruleset, decision("prohibited", citation("o", amended_by="m")))
    assert "o (o, by The Head), as amended by m, in force: “New words.”" in words.en
    assert "dans sa version modifiée par m" in words.fr
    assert "“Words.”" not in words.en


def test_what_a_person_must_judge_is_said_with_every_reason():
    cited = citation("o", because="new-use", awaits=("another-host", "raised-budget"))
    words = told(world(order("o")), decision("new-use", cited))
    assert (
        "must be judged by a person, because it was not bound to this host before and the "
        "service's budget was raised; until then it counts as a new one." in words.en
    )
    assert "Une personne doit juger s'il s'agit d'un usage existant" in words.fr
    assert "must be judged" not in told(world(order("o")), decision("new-use", citation("o"))).en


def test_a_freeze_is_provisional_until_it_is_confirmed():
    freeze = order("f", kind="freeze", provisional_until=day(31))
    cited = decision("prohibited", citation("f"))
    words = told(world(freeze), cited)
    assert "f is provisional: it ends by itself on 1 February 2026 unless" in words.en
    assert "le 1er février 2026" in words.fr
    confirmed = order("c", acts=(Confirm(instruments=("f",)),), at=day(4))
    assert "provisional" not in told(world(freeze, confirmed), cited).en
    too_late = order("c", acts=(Confirm(instruments=("f",)),), at=day(31))
    assert "provisional" in told(world(freeze, too_late), cited).en


def test_a_waiver_is_told_with_its_limits():
    waiver = Waive(
        instruments=("o",),
        until=day(31),
        conditions="Weekly reports.",
        plan="Move to two.",
        approver="The Chief",
    )
    ruleset = world(order("o"), order("w", acts=(waiver,)))
    cited = citation("o", "none", status="waived", because="waived", kept_off_by=("w",))
    words = told(ruleset, decision("permitted", cited, outcome="allow"))
    assert "o (o, by The Head), waived by w: “Words.”" in words.en
    assert (
        "The waiver w expires on 1 February 2026, has conditions: “Weekly reports.”, rests on a "
        "plan: “Move to two.” and was approved by The Chief." in words.en
    )
    assert "La dérogation w expire le 1er février 2026" in words.fr


def test_a_stay_brings_no_words_of_a_waiver():
    ruleset = world(order("o"), order("s", acts=(Stay(instruments=("o",)),)))
    cited = citation("o", "none", status="stayed", because="stayed", kept_off_by=("s",))
    words = told(ruleset, decision("permitted", cited, outcome="allow"))
    assert "stayed by s" in words.en
    assert "waiver" not in words.en


def test_a_waiver_beside_a_stay_is_not_told_as_one():
    stay = order("s", acts=(Stay(instruments=("o",)),))
    waiver = order("w", acts=(Waive(instruments=("o",), parties=("bureau",)),))
    cited = citation("o", "none", status="stayed", because="stayed", kept_off_by=("w", "s"))
    words = told(world(order("o"), stay, waiver), decision("permitted", cited, outcome="allow"))
    assert "stayed by s, waived by w:" in words.en
    assert "suspendu par s, levé par dérogation par w :" in words.fr


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (None, "they are not all known"),
        (Person(no=frozenset({"seconded"})), "they are not all known"),
        (Person(yes=frozenset({"seconded"})), "this person's match"),
    ],
)
def test_of_attributes_it_is_only_said_whether_they_are_known(person, said):
    scope = Scope(parties=("state",), attributes=("seconded",))
    ruleset = world(order("o", reading(scope=scope)))
    words = told(ruleset, decision("prohibited", citation("o")), person=person)
    assert said in words.en
    assert "seconded" not in words.en + words.fr


def test_who_may_change_it_is_said_of_what_decides_and_only_when_asked():
    ruleset = world(order("o", issuer="chief"), order("p"))
    decided = decision("prohibited", citation("o"), citation("p", "none"))
    assert "may be changed" not in told(ruleset, decided).en
    words = told(ruleset, decided, changers=Changers(ruleset, day(5)))
    assert (
        "It may be changed by its issuer, The Chief; The Head may also waive it; "
        "The Court may stay or vacate it." in words.en
    )
    assert "Peut le changer : son émetteur, The Chief ;" in words.fr
    assert words.en.count("may be changed") == 1
