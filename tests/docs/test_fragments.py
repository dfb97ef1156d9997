"""Changelog fragments have a type that the configuration knows, and say something."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.repository import ROOT

FOLDER = ROOT / "changes"
OTHER = {"README.md", ".gitignore"}
FRAGMENTS = sorted(path for path in FOLDER.iterdir() if path.name not in OTHER)
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
TYPES = {kind["directory"] for kind in CONFIGURATION["type"]}


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda path: path.name)
def test_a_fragment_has_a_known_type_and_words(fragment: Path) -> None:
    match = re.fullmatch(r"\+?[a-z0-9-]+\.([a-z]+)(\.\d+)?\.md", fragment.name)
    assert match, "name it NAME.TYPE.md, or ISSUE.TYPE.md"
    assert match[1] in TYPES
    assert fragment.read_text().strip().endswith(".")


def test_the_readme_names_every_type() -> None:
    readme = (FOLDER / "README.md").read_text()
    assert {kind for kind in TYPES if f"`{kind}`" in readme} == TYPES


def test_the_changelog_has_the_marker() -> None:
    changelog = (ROOT / CONFIGURATION["filename"]).read_text()
    assert changelog.count("<!-- towncrier release notes start -->") == 1
