"""axe-core on a page: every rule of WCAG 2.2, levels A and AA, that it has."""

import functools
from typing import Any

from playwright.sync_api import Page

from tests.end_to_end.running import ROOT

_SOURCE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
_LEAST_RULES = 50


@functools.cache
def _source() -> str:
    # Evaluated by the debugger, which a page's content security policy does not concern.
    return _SOURCE.read_text() + "\n;undefined"


def violations(page: Page) -> list[str]:
    """What axe finds, in a line each: the rule, the element, and what is to be mended."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", _OPTIONS)
    checked = {
        rule["id"] for kind in ("passes", "inapplicable", "violations") for rule in found[kind]
    }
    assert len(checked) >= _LEAST_RULES, f"axe checked {len(checked)} rules only"
    assert "target-size" in checked
    return [
        f"{rule['id']}: {' '.join(node['target'])}: {node['failureSummary']}\n    {node['html']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """Elements that make the page scroll sideways; none where it does not."""
    wide: list[str] = page.evaluate(
        """() => {
          const { scrollWidth, clientWidth } = document.scrollingElement;
          if (scrollWidth <= clientWidth) return [];
          const wide = [...document.body.querySelectorAll('*')]
            .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
            .map((element) => element.outerHTML.slice(0, 120));
          return [`${scrollWidth} > ${clientWidth}`, ...wide.slice(0, 5)];
        }"""
    )
    return wide
