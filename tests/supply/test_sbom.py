"""The bill of materials of a release: Python's packages and the pages'."""

import importlib.metadata
import json
import venv
from pathlib import Path

import pytest
from supply.sbom import LOCK, bill, page_components


def test_the_pages_packages_are_those_that_are_shipped():
    found = page_components(json.loads(LOCK.read_text()))
    names = {each["name"] for each in found}
    assert {"react", "@uswds/uswds"} <= names
    assert names.isdisjoint({"vite", "typescript", "vitest"})
    react = next(each for each in found if each["name"] == "react")
    assert react["purl"] == f"pkg:npm/react@{react['version']}"
    assert len(react["hashes"][0]["content"]) == 128


@pytest.fixture
def interpreter(tmp_path: Path) -> Path:
    """An environment with two packages only: what is told of each takes its time."""
    builder = venv.EnvBuilder(symlinks=True)
    builder.create(tmp_path)
    packages = next(tmp_path.glob("lib/python*/site-packages"))
    for name in ("starlette", "cryptography"):
        files = importlib.metadata.files(name) or ()
        told = Path(next(file for file in files if file.name == "METADATA").locate()).parent
        (packages / told.name).symlink_to(told)
    return tmp_path / "bin" / "python"


def test_the_whole_is_cyclonedx_and_says_what_it_is_of(interpreter: Path):
    told = json.loads(bill(interpreter))
    assert told["bomFormat"] == "CycloneDX"
    assert told["metadata"]["component"]["name"] == "changeover"
    kinds = {each["purl"].partition("/")[0] for each in told["components"] if "purl" in each}
    assert {"pkg:npm"} <= kinds
    names = {each["name"] for each in told["components"]}
    assert {"starlette", "cryptography", "react"} <= names
