"""The bill of materials of a release: Python's packages and the pages'."""

import json
import sys
from pathlib import Path

from supply.sbom import LOCK, bill, page_components


def test_the_pages_packages_are_those_that_are_shipped():
    found = page_components(json.loads(LOCK.read_text()))
    names = {each["name"] for each in found}
    assert {"react", "@uswds/uswds"} <= names
    assert names.isdisjoint({"vite", "typescript", "vitest"})
    react = next(each for each in found if each["name"] == "react")
    assert react["purl"] == f"pkg:npm/react@{react['version']}"
    assert len(react["hashes"][0]["content"]) == 128


def test_the_whole_is_cyclonedx_and_says_what_it_is_of():
    told = json.loads(bill(Path(sys.executable)))
    assert told["bomFormat"] == "CycloneDX"
    assert told["metadata"]["component"]["name"] == "changeover"
    kinds = {each["purl"].partition("/")[0] for each in told["components"] if "purl" in each}
    assert {"pkg:npm"} <= kinds
    names = {each["name"] for each in told["components"]}
    assert {"starlette", "cryptography", "react"} <= names
