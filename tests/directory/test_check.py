"""What a directory must hold to be whole, beyond what files can express wrongly."""

import msgspec

from changeover.directory.check import Flaw, check
from changeover.directory.model import Directory, Service, Slot
from changeover.directory.source import load
from tests.directory.text import WHOLE

WHOLE_DIRECTORY = load({"whole.yaml": WHOLE})


def test_a_whole_directory_has_no_flaw_and_neither_has_an_empty_one() -> None:
    assert check(WHOLE_DIRECTORY) == ()
    assert check(Directory(zone="UTC")) == ()


def test_a_party_that_is_part_of_itself_at_a_distance() -> None:
    parties = dict(WHOLE_DIRECTORY.parties)
    parties["government"] = msgspec.structs.replace(parties["government"], part_of="bureau")
    flaws = check(msgspec.structs.replace(WHOLE_DIRECTORY, parties=parties))
    assert [(flaw.path[1], flaw.what) for flaw in flaws] == [
        ("government", "government is part of itself."),
        ("state", "state is part of itself."),
        ("bureau", "bureau is part of itself."),
    ]


def test_a_model_derived_from_itself_and_one_whose_id_is_not_its_makers() -> None:
    models = dict(WHOLE_DIRECTORY.models)
    models["alpha/one"] = msgspec.structs.replace(
        models["alpha/one"], derived_from=("beta/tuned",), maker="beta"
    )
    flaws = check(msgspec.structs.replace(WHOLE_DIRECTORY, models=models))
    assert [(flaw.path[1:], flaw.what) for flaw in flaws] == [
        (("alpha/one", "derived_from"), "alpha/one is derived from itself."),
        (("alpha/one",), "The id 'alpha/one' is not its maker, a slash and a name."),
        (("beta/tuned", "derived_from"), "beta/tuned is derived from itself."),
    ]


def test_a_removal_of_what_is_referred_to_is_a_flaw_at_each_reference() -> None:
    models = {k: v for k, v in WHOLE_DIRECTORY.models.items() if k != "alpha/one"}
    flaws = check(msgspec.structs.replace(WHOLE_DIRECTORY, models=models))
    assert {flaw.path for flaw in flaws if flaw.refers == "alpha/one"} == {
        ("models", "beta/tuned", "derived_from", 0),
        ("routes", "alpha/one@alpha", "model"),
        ("routes", "alpha/one@beta", "model"),
        ("routes", "alpha/one@beta:europe", "model"),
        ("bindings", 3, "models", 0),
    }


def test_ids_are_lower_case_and_a_service_needs_a_slot() -> None:
    desk = WHOLE_DIRECTORY.services["desk"]
    shouting = Service(
        id="Front Desk",
        name=desk.name,
        party="state",
        network="open",
        slots=(),
        created=desk.created,
    )
    services = {**WHOLE_DIRECTORY.services, "Front Desk": shouting}
    assert check(msgspec.structs.replace(WHOLE_DIRECTORY, services=services)) == (
        Flaw(
            path=("services", "Front Desk"),
            what="'Front Desk' cannot be an id.",
            do="Write it in lower case, of letters, digits and . _ - / @ :",
        ),
        Flaw(
            path=("services", "Front Desk"),
            what="Front Desk has no slot, so that nothing can serve it.",
        ),
    )
    assert desk.slots[0] == Slot(name="chat", purpose="help")
