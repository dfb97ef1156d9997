"""Links inside the repository lead somewhere."""

from pathlib import Path

import pytest

from tests.docs.markdown import anchors, links
from tests.docs.repository import ROOT, documents

OUTSIDE = ("http://", "https://", "mailto:")


def problem(document: Path, target: str) -> str | None:
    """What is wrong with the link, or None."""
    if target.startswith(OUTSIDE):
        return None
    name, _, fragment = target.partition("#")
    start = ROOT if name.startswith("/") else document.parent
    path = (start / name.lstrip("/")).resolve() if name else document
    if not path.is_relative_to(ROOT) or not path.exists():
        return f"{target}: there is no such file"
    if fragment and path.suffix == ".md" and fragment not in anchors(path.read_text()):
        return f"{target}: there is no such heading"
    return None


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_internal_links_resolve(document: Path) -> None:
    targets = links(document.read_text())
    assert [found for target in targets if (found := problem(document, target))] == []


def test_a_broken_link_is_found() -> None:
    here = ROOT / "CONTRIBUTING.md"
    assert problem(here, "docs/nowhere.md") == "docs/nowhere.md: there is no such file"
    assert problem(here, "docs/decisions/README.md#nothing") is not None
    assert problem(here, "../outside.md") is not None
    assert problem(here, "docs/decisions/README.md") is None
    assert problem(here, "https://example.org/") is None
