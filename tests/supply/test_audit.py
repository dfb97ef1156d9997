"""What the audit says: a vulnerability fails, and silence is not taken for safety."""

from supply.audit import NOT_REACHED, verdict

SOUND = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found"}
BAD = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}


def test_a_known_vulnerability_fails_and_is_named_with_its_mending():
    status, words = verdict([SOUND, BAD, SKIPPED])
    assert status == 1
    assert "c 2: PYSEC-1 (mended in 3)" in words


def test_packages_that_were_not_looked_up_are_not_called_sound():
    assert verdict([SKIPPED]) == (0, NOT_REACHED)
    assert verdict([]) == (0, NOT_REACHED)
    status, words = verdict([SOUND, SKIPPED])
    assert status == 0
    assert words == "1 packages have no known vulnerability. 1 were not known to it."
