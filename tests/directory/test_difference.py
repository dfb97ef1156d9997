"""What applying a directory changes, field by field."""

import msgspec

from changeover.directory.difference import Change, FieldChange, difference
from changeover.directory.source import load
from tests.directory.text import WHOLE

OLD = load({"whole.yaml": WHOLE})


def test_the_same_directory_changes_nothing() -> None:
    assert difference(OLD, load({"again.yaml": WHOLE})) == ()


def test_a_first_directory_is_all_additions() -> None:
    changes = difference(None, OLD)
    assert {change.action for change in changes} == {"added"}
    assert [c.id for c in changes if c.kind == "vendor"] == ["alpha", "beta"]
    assert [c.id for c in changes if c.kind == "binding"][:2] == [
        "desk/chat@2025-01-01T05:00:00Z",
        "desk/title@2025-01-01T05:00:00Z",
    ]
    assert changes[0] == Change(
        action="added",
        kind="directory",
        id="zone",
        fields=(FieldChange(field="zone", before=None, after="America/New_York"),),
    )


def test_additions_changes_and_removals_with_their_fields() -> None:
    text = (
        WHOLE.replace("bureau: {name: Bureau, part_of: state}", "office: {name: Office}")
        .replace("alpha: {name: Alpha}", "alpha: {name: Alpha, products: [Fable]}")
        .replace("zone: America/New_York", "zone: America/New_York # unchanged")
        .replace(
            "models: [beta/tuned], since: 2026-03-02T12:00",
            "models: [alpha/one], since: 2026-03-02T12:00",
        )
    )
    new = load({"new.yaml": text})
    changes = difference(OLD, new)
    assert [(c.action, c.kind, c.id) for c in changes] == [
        ("added", "party", "office"),
        ("changed", "vendor", "alpha"),
        ("changed", "binding", "desk/chat@2026-03-02T17:00:00Z"),
        ("removed", "party", "bureau"),
    ]
    assert changes[1].fields == (FieldChange(field="products", before=[], after=["Fable"]),)
    assert changes[2].fields == (
        FieldChange(field="models", before=["beta/tuned"], after=["alpha/one"]),
    )
    assert FieldChange(field="part_of", before="state", after=None) in changes[3].fields
    assert difference(new, new) == ()


def test_the_changes_can_be_written_as_json() -> None:
    changes = difference(OLD, msgspec.structs.replace(OLD, zone="UTC"))
    assert msgspec.json.encode(changes) == (
        b'[{"action":"changed","kind":"directory","id":"zone",'
        b'"fields":[{"field":"zone","before":"America/New_York","after":"UTC"}]}]'
    )


def test_whose_holidays_count_is_a_change_of_the_directory() -> None:
    text = WHOLE + "holidays: {country: US, subdivision: DC}\n"
    with_holidays = load({"whole.yaml": text})
    [added] = difference(OLD, with_holidays)
    assert (added.action, added.kind, added.id) == ("added", "directory", "holidays")
    assert [(f.field, f.after) for f in added.fields][:2] == [
        ("country", "US"),
        ("subdivision", "DC"),
    ]
    [changed] = difference(with_holidays, load({"a.yaml": text.replace("DC", "VA")}))
    assert changed.fields == (FieldChange(field="subdivision", before="DC", after="VA"),)
    [removed] = difference(with_holidays, OLD)
    assert removed.action == "removed"
