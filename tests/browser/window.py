"""A browser window as one person uses it."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser.words import Language, say

PASSWORD = "one memo changes it"
NETWORK_LOST = r"net::ERR_"


class Window:
    """A page at a person's hands. `complaints` are its errors: scripts', policies', the console's.

    What a story brings about on purpose is announced with `expecting`.
    """

    def __init__(self, page: Page, url: str, language: Language) -> None:
        self.page = page
        self.url = url
        self.login = ""
        self.language = language
        self._expected: list[str] = []
        self._complaints: list[str] = []
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self._complaints.append(f"script: {error}"))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            at = message.location.get("url", "")
            self._complaints.append(f"{message.type}: {message.text} ({at})")

    @property
    def complaints(self) -> list[str]:
        return [
            complaint
            for complaint in self._complaints
            if not any(re.search(expected, complaint) for expected in self._expected)
        ]

    def expecting(self, *patterns: str) -> None:
        """Complaints that the story brings about."""
        self._expected += patterns

    def say(self, key: str, **values: str) -> str:
        """What the page says in this window's language."""
        return say(key, self.language, **values)

    # Going and signing in

    def go(self, path: str) -> None:
        self.page.goto(self.url.rstrip("/") + path)

    def sign_in(self, login: str, path: str = "/") -> None:
        """By the account that the demonstration offers."""
        self.login = login
        self.go(path)
        self.page.locator("button.account", has_text=login).click()
        expect(self.button("account.signOut")).to_be_visible()

    def button(self, key: str, **values: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(key, **values), exact=True)

    def more(self, key: str) -> None:
        """One of the rarer deeds, which "More" shows."""
        self.button("more.button").click()
        self.button(key).click()

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)

    # The chat

    @property
    def composer(self) -> Locator:
        label = self.say("composer.label", service="StateChat")
        return self.page.get_by_role("textbox", name=label)

    @property
    def answers(self) -> Locator:
        return self.page.locator("article.answer")

    @property
    def answer(self) -> Locator:
        """The newest answer."""
        return self.answers.last

    @property
    def questions(self) -> Locator:
        return self.page.locator("article.question")

    @property
    def notice(self) -> Locator:
        return self.page.locator("section.notice")

    @property
    def seam(self) -> Locator:
        return self.page.locator(".seam")

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def send(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def ask(self, text: str) -> Locator:
        """Sends a message and waits until its answer is whole; gives the answer."""
        count = self.answers.count()
        self.send(text)
        expect(self.answers).to_have_count(count + 1)
        self.whole()
        return self.answer

    def whole(self) -> None:
        """Waits until nothing is being written any more."""
        expect(self.button("composer.send")).to_be_visible(timeout=30_000)
        expect(self.page.locator(".writing")).to_have_count(0)

    def choose_model(self, name: str) -> None:
        self.page.locator(".model-button").click()
        dialog = self.page.get_by_role("dialog", name=self.say("model.heading"))
        dialog.get_by_role("radio", name=re.compile(rf"^{re.escape(name)}")).check()
        dialog.get_by_role("button", name=self.say("model.close"), exact=True).click()
        expect(dialog).to_be_hidden()

    # What the server holds

    @property
    def conversation(self) -> str:
        """The id of the conversation that is shown."""
        return self.page.url.rpartition("/conversations/")[2]

    def told(self, path: str) -> Any:
        """What the server answers this person's session."""
        response = self.page.request.get(f"{self.url}api{path}")
        assert response.ok, response.text()
        return response.json()

    def turns(self) -> list[dict[str, Any]]:
        """The turns of the conversation that is shown, as the server has them."""
        turns: list[dict[str, Any]] = self.told(f"/conversations/{self.conversation}")["turns"]
        return turns

    def prose(self, answer: Locator | None = None) -> str:
        """The words of an answer (the newest) as they stand on the page."""
        return words(" ".join((answer or self.answer).locator(".prose").all_inner_texts()))


def none_of(wrong: Sequence[str]) -> None:
    """Fails with a list of what is wrong, a line each."""
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def words(text: str) -> str:
    """A text with its white space evened out."""
    return " ".join(text.split())
