"""A question whose answer takes its time, and how far it has come."""

import re

from playwright.sync_api import expect

from tests.browser.window import Window

COUNT = 300
_NAMES = ", ".join(f"boat {number}" for number in range(1, COUNT + 1))
LONG = f"The harbour log names {_NAMES}. Which boats does the harbour log name?"
"""Has an answer of more than six seconds, in which no number comes twice."""


def wait_for_boat(window: Window, number: int) -> None:
    """Waits until an answer under way has come so far."""
    window.page.wait_for_function(
        """text => {
          const answers = document.querySelectorAll('article.answer .prose');
          return answers.item(answers.length - 1)?.innerText.includes(text);
        }""",
        arg=f"boat {number},",
    )
    expect(window.page.locator(".writing")).to_be_visible()


def boats(text: str) -> list[int]:
    """The numbers of the boats that a text names, in its order."""
    return [int(number) for number in re.findall(r"boat (\d+)", text)]
