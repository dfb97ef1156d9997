"""No text file names a package registry's address or a path of one person's machine."""

import json
import re

import pytest

from tests.docs.repository import ROOT, files, text

# Written in pieces, so that this file does not hold what it looks for.
ADDRESSES = re.compile(
    "|".join(
        [
            r"registry\." + r"npmjs\.org",
            r"pypi\." + r"org/simple",
            r"files\." + r"pythonhosted\.org",
            r"--(extra-)?" + r"index-url",
            r"/opt/" + r"pypi",
        ]
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.}/])/" + r"(work|root)(?![\w-])|\.\./" + r"shared\b")


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_names_no_registry_and_no_machine(path) -> None:
    lines = (text(path) or "").splitlines()
    found = [
        f"{number}: {line.strip()[:120]}"
        for number, line in enumerate(lines, 1)
        if ADDRESSES.search(line) or MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_what_is_looked_for_is_found() -> None:
    assert MACHINE_PATHS.search("see /" + "work/x")
    assert MACHINE_PATHS.search('"/' + 'root"')
    assert not MACHINE_PATHS.search("/api/ledger/root and /workers")
    assert ADDRESSES.search("https://registry." + "npmjs.org/react")


def test_the_lock_file_holds_no_address() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []
