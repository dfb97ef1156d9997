"""Windows of a browser, and the pictures taken in them.

A picture is what a window shows at that moment, one device pixel for each CSS
pixel, with animations finished and without the text caret.
"""

import os
from typing import Literal, Self

from playwright.sync_api import Page, Playwright

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 10_000
"""Milliseconds that the pages have for what the story waits for."""
LARGEST = 150 * 1024
"""Bytes that a picture may have: a reader loads a page of them."""

_QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


class Album:
    """Opens windows on a demonstration and keeps their pictures by name. Use it in a `with`."""

    def __init__(self, playwright: Playwright, url: str) -> None:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self._browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*_QUIET, *sandbox]
        )
        self._url = url.rstrip("/")
        self.taken: dict[str, bytes] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()

    def window(
        self,
        width: int = 1280,
        height: int = 800,
        *,
        language: Literal["en", "fr"] = "en",
        scheme: Literal["light", "dark"] = "light",
    ) -> "Window":
        """A window of a person of its own."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            locale={"en": "en-US", "fr": "fr-FR"}[language],
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        return Window(self, context.new_page(), self._url)


class Window:
    """A page in somebody's hands."""

    def __init__(self, album: Album, page: Page, url: str) -> None:
        self._album = album
        self._url = url
        self.page = page

    def go(self, path: str) -> None:
        self.page.goto(self._url + path)

    def sign_in(self, login: str, path: str = "/") -> None:
        """By the account that the demonstration offers."""
        self.go(path)
        self.page.locator("button.account", has_text=login).click()
        self.page.locator("button.account").first.wait_for(state="detached")

    def press(self, name: str) -> None:
        """Presses the button of that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def bring_up(self, heading: str) -> None:
        """Scrolls so that a heading stands at the top."""
        found = self.page.get_by_role("heading", name=heading, exact=True)
        found.evaluate("heading => heading.scrollIntoView({block: 'start'})")

    def take(self, name: str) -> None:
        """Takes the picture `name`."""
        self.page.evaluate("document.fonts.ready")
        self._album.taken[name] = self.page.screenshot(animations="disabled", caret="hide")
