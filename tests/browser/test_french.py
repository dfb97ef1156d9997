"""In French, every page is in French."""

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import Window, none_of
from tests.browser.words import english_only, found, say
from tests.end_to_end.running import Server

AFTER_THE_MEMO = "2026-03-03T12:00"
PREPARED = "/desk/prepared/designation-a"
FACT = "Le dépôt de la rue Kessel ouvre à sept heures."
BOATS = ", ".join(f"le bateau {number}" for number in range(1, 301))
LONG = f"Le journal du port nomme {BOATS}. Quels bateaux le journal du port nomme-t-il ?"
QUESTION = "Quand ouvre le dépôt de la rue Kessel ?"

# An order is quoted in the language that it is written in; titles in quotation marks are shorter.
_QUOTED_CLAUSE = re.compile("«[^»]{70,}»")


def bilinguals(value: Any) -> Iterator[tuple[str, str]]:
    """The texts in both languages within a JSON value."""
    if isinstance(value, dict) and value.keys() == {"en", "fr"}:
        yield value["en"], value["fr"]
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from bilinguals(inner)


def shown(page: Page) -> str:
    """All that a page says, to eyes and to ears, but for ids and quotations."""
    lines: list[str] = page.evaluate(
        """() => {
          const told = '[translate=no], body [lang=en], script, style, noscript, .question, blockquote';
          const seen = (element) => element.checkVisibility() && !element.closest(told);
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const lines = [document.title];
          while (walker.nextNode()) {
            const { parentElement: parent, data } = walker.currentNode;
            if (data.trim() !== '' && seen(parent)) lines.push(data.trim());
          }
          const named = ['aria-label', 'placeholder', 'title', 'alt', 'data-label'];
          for (const element of document.querySelectorAll(named.map((name) => `[${name}]`).join())) {
            if (seen(element)) lines.push(...named.map((name) => element.getAttribute(name) ?? ''));
          }
          return lines;
        }"""
    )
    return "\n".join(lines)


def english(one: Window, what: str, *answers: str) -> list[str]:
    """English on a page: of the catalogues, and of what the server says at the paths `answers`."""
    assert one.page.evaluate("document.documentElement.lang") == "fr"
    pairs = {pair for path in answers for pair in bilinguals(one.told(path))}
    assert pairs or not answers
    french = "\n".join(fr for _, fr in pairs)
    told = {en for en, _ in pairs if len(en) > 3 and not found(en, french)}
    text = _QUOTED_CLAUSE.sub("", shown(one.page))
    assert len(text) > 200
    return [
        f"{what}: {stretch!r} in {line!r}"
        for stretch in sorted(english_only() | told)
        if stretch in text
        for line in text.splitlines()
        if found(stretch, line)
    ]


def test_everything_is_french_once_a_person_chooses_it(window: OpenWindow, server: Server) -> None:
    marc = window(viewport={"width": 1280, "height": 900})
    marc.go("/")
    expect(marc.page.get_by_role("heading", level=1)).to_have_text(say("signIn.heading"))
    assert marc.page.evaluate("document.documentElement.lang") == "en"
    assert len([one for one in english_only() if found(one, shown(marc.page))]) > 10
    marc.page.get_by_role("button", name="Français").click()
    marc.language = "fr"
    expect(marc.page.get_by_role("heading", level=1)).to_have_text(marc.say("signIn.heading"))
    left = english(marc, "sign-in")

    marc.sign_in("marc.lefebvre")
    expect(marc.page.locator(".greeting")).to_be_visible()
    left += english(marc, "empty chat", "/chat")
    expect(marc.ask(f"À noter. {FACT} Résume cela.")).to_contain_text("rue Kessel")
    marc.answer.locator("summary").click()
    conversation = f"/conversations/{marc.conversation}"
    left += english(marc, "chat with details", conversation)

    server.run("scenario", "play", "--until", AFTER_THE_MEMO)
    left += after_the_memo(marc, conversation)
    for path in ("/orders", "/orders/state-memo", "/orders/president-order", "/status"):
        marc.go(path)
        expect(marc.page.locator("main h2, main table").first).to_be_visible()
        left += english(marc, path, path)
    none_of(left)


def after_the_memo(marc: Window, conversation: str) -> list[str]:
    """English on the page in what an order brings about."""
    expect(marc.notice).to_be_visible()
    expect(marc.ask(QUESTION)).to_contain_text("sept heures")
    heading = marc.say("seam.heading", model="GPT-4.1", maker="OpenAI")
    expect(marc.page.get_by_role("heading", name=heading)).to_be_visible()
    left = english(marc, "notice and seam", conversation, "/notices")
    marc.choose_model("Claude Sonnet 4.5")
    marc.send("Qui garde le dépôt ?")
    expect(marc.page.locator(".problem-refused")).to_be_visible()
    left += english(marc, "refused", conversation)
    marc.page.locator(".problem-refused").get_by_role("button").first.click()
    marc.whole()
    marc.send(LONG)
    marc.button("composer.stop").click()
    expect(marc.answer.locator(".problem-stopped")).to_be_visible()
    marc.page.locator(".model-button").click()
    for why in marc.page.locator("dialog[open] summary").all():
        why.click()
    left += english(marc, "stopped, and the model menu", conversation, "/chat")
    marc.page.keyboard.press("Escape")

    marc.page.reload()
    expect(marc.notice).to_be_visible()
    expect(marc.page.get_by_role("heading", name=heading)).to_be_visible()
    left += english(marc, "after a reload", conversation, "/notices")
    return left


def test_the_desk_is_french_for_an_officer_who_reads_french(window: OpenWindow) -> None:
    luc = window(language="fr")
    luc.sign_in("l.tremblay", "/desk")
    waiting = luc.page.get_by_role("table").get_by_role("link")
    expect(waiting.first).to_be_visible()
    left = english(luc, "desk", "/desk/prepared")
    luc.page.locator(f'a[href="{PREPARED}"]').click()
    expect(luc.page.get_by_role("heading", name=luc.say("preview.heading"))).to_be_visible()
    expect(luc.page.get_by_text(luc.say("preview.staff"), exact=True)).to_be_visible()
    luc.button("act.enter").click()
    expect(luc.button("act.enterYes")).to_be_visible()
    left += english(luc, "prepared order", f"{PREPARED}/preview?at_once=false")
    luc.button("act.enterYes").click()
    expect(luc.page.get_by_text(luc.say("done.entered"), exact=True)).to_be_visible()
    left += english(luc, "entered order")
    assert re.search(r"\bordre\b", shown(luc.page))
    none_of(left)
