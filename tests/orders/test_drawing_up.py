"""What the office draws up itself can be issued, and is what it says."""

from datetime import datetime, timedelta

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.orders.authority import check_authority, check_entry
from changeover.orders.drawing_up import (
    Finding,
    Freeze,
    Judgement,
    confirmation_of,
    freeze_of,
    judgement_of,
    rescission_of,
    to_instrument,
)
from changeover.orders.model import Confirm, Implement, Judge, Scope, Stay, Target
from changeover.orders.references import check_id
from tests.orders.worlds import T0, day, directory, issued, order, reading, source, winding

NOW = day(20)


def freeze(name: str = "alpha", **fields) -> Freeze:
    return Freeze(**({"name": name, "issuer": "head", "parties": ("state",), "by": "ana"} | fields))


def test_a_freeze_of_a_vendor_bars_at_once_all_that_it_makes_hosts_or_resells():
    drawn = freeze_of(freeze("cloud"), directory(), NOW)
    check_id(drawn.id)
    assert drawn.id == "freeze-cloud-2026-01-21-000000"
    assert (drawn.kind, drawn.takes_effect()) == ("freeze", NOW)
    assert drawn.provisional_until == NOW + timedelta(hours=72)
    [clause] = drawn.clauses
    assert (clause.chosen_by, clause.signed_by_counsel) == ("ana", False)
    read = clause.reading()
    assert read.targets == (
        Target(makers=("cloud",)),
        Target(hosts=("cloud",)),
        Target(resellers=("cloud",)),
    )
    assert (read.modality, read.scope, read.in_flight) == (
        "prohibit",
        Scope(parties=("state",)),
        "cut",
    )
    check_authority(directory(), {}, drawn, NOW)
    check_entry(drawn, "ana", None, {})


def test_a_freeze_names_a_party_once():
    [clause] = freeze_of(freeze(parties=("state", "state")), directory(), NOW).clauses
    assert clause.words == "state: no use of alpha for 72 hours."
    assert clause.reading().scope == Scope(parties=("state",))


def test_a_freeze_of_a_model_for_other_hours():
    given = freeze("alpha/one", hours=1, in_flight="finish", parties=("bureau", "state"))
    drawn = freeze_of(given, directory(), NOW)
    check_id(drawn.id)
    assert drawn.id.startswith("freeze-alpha-one-")
    assert drawn.provisional_until == NOW + timedelta(hours=1)
    assert drawn.clauses[0].reading().targets == (Target(models=("alpha/one",)),)
    assert drawn.clauses[0].reading().in_flight == "finish"
    assert drawn.title.fr == "Gel d'urgence : one"
    check_authority(directory(), {}, drawn, NOW)


def test_the_longest_freeze_can_be_issued_and_a_longer_one_not_drawn_up():
    drawn = freeze_of(freeze(hours=720), directory(), NOW)
    check_authority(directory(), {}, drawn, NOW)
    for hours in (0, -1, 721):
        with pytest.raises(InvalidInputError, match="cannot last"):
            freeze_of(freeze(hours=hours), directory(), NOW)


def test_the_longest_freeze_can_be_issued_over_a_clock_change_too():
    here = msgspec.structs.replace(directory(), zone="America/New_York")
    for start in (day(45), day(290)):
        drawn = freeze_of(freeze(hours=720), here, start)
        check_authority(here, {}, drawn, start)


def test_a_freeze_of_nothing_or_for_nobody():
    with pytest.raises(NotFoundError) as caught:
        freeze_of(freeze("alfa"), directory(), NOW)
    assert str(caught.value) == "There is no vendor or model 'alfa'. Did you mean alpha?"
    with pytest.raises(InvalidInputError, match="names no party"):
        freeze_of(freeze(parties=()), directory(), NOW)


def test_a_freeze_is_confirmed_or_rescinded_by_an_order():
    standing = freeze_of(freeze(), directory(), NOW)
    record = {standing.id: issued(standing, recorded=NOW)}
    later = NOW + timedelta(hours=1)
    confirmation = confirmation_of(standing, None, later)
    assert confirmation.acts == (Confirm(instruments=(standing.id,)),)
    assert (confirmation.kind, confirmation.issuer, confirmation.sources) == ("order", "head", ())
    rescission = rescission_of(standing, source(), later)
    for drawn in (confirmation, rescission):
        check_id(drawn.id)
        check_authority(directory(), record, drawn, later)
    assert confirmation_of(standing, source(), later, "chief").issuer == "chief"
    assert confirmation_of(standing, source(), later).sources == (source(),)


def test_a_judgement_is_of_its_issuer_or_of_another():
    standing = order("o", reading(wind_down=winding(day(90))))
    judgement = Judgement(
        instrument="o",
        service="desk",
        result="existing",
        purposes=("work",),
        routes=("alpha/one@cloud",),
    )
    drawn = judgement_of(judgement, standing, source(), NOW)
    check_id(drawn.id)
    assert (drawn.id, drawn.kind, drawn.issuer) == (
        "o-desk-existing-2026-01-21-000000",
        "finding",
        "head",
    )
    assert drawn.acts == (
        Judge(
            instruments=("o",),
            service="desk",
            purposes=("work",),
            routes=("alpha/one@cloud",),
            result="existing",
        ),
    )
    assert drawn.title.en == "Judgement that the use by desk is an existing one: o"
    check_authority(directory(), {"o": issued(standing)}, drawn, NOW)
    check_entry(drawn, "ana", "ben", {})
    by_another = msgspec.structs.replace(judgement, issuer="chief", result="new")
    assert judgement_of(by_another, standing, None, NOW).issuer == "chief"


def test_ids_stay_within_bounds_whatever_they_are_of():
    long = order("x" * 100, reading(wind_down=winding(day(90))))
    judgement = Judgement(instrument=long.id, service="s/@:" + "y" * 90, result="new")
    check_id(judgement_of(judgement, long, None, NOW).id)
    finding = Finding(instrument=long.id, result="falls")
    for drawn in (to_instrument(finding, long, None, NOW), rescission_of(long, None, NOW)):
        check_id(drawn.id)


def test_a_finding_can_be_issued():
    derived = order("d", acts=(Implement(instruments=("o",)),))
    stay = order("s", acts=(Stay(instruments=("o",)),))
    record = {i.id: issued(i) for i in (order("o"), derived, stay)}
    drawn = to_instrument(
        Finding(instrument="d", result="stands"),
        derived,
        None,
        datetime(2026, 2, 1, tzinfo=T0.tzinfo),
    )
    assert drawn.id == "d-stands-2026-02-01-000000"
    check_authority(directory(), record, drawn, NOW)
