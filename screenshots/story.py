"""The story that the pictures tell: a memo moves StateChat while Ana Silva writes.

The words on the pages are those of `frontend/src/i18n`; where a locator waits for
words that the pages no longer have, the story stops and says which.
"""

import re

from playwright.sync_api import Locator, Page, expect

from screenshots.album import Album, Window

PICTURES = (
    "sign-in.png",
    "chat.png",
    "prepared-order.png",
    "notice.png",
    "notice-narrow-dark.png",
    "notice-narrow-french.png",
    "seam.png",
    "refusal.png",
    "order.png",
    "status.png",
    "routes.png",
    "operations.png",
)
"""Every picture, in the order in which they are taken."""

QUESTION = (
    "The visa report is due on 4 May. Ana Ruiz sends it to the regional desk. "
    "When is the report due?"
)
BEGUN, ENDED = "And who", " sends it?"
REPLACED, REPLACEMENT = "Claude Sonnet 4.5", "GPT-4.1"
MEMO, ORDER = "state-memo", "president-order"
NARROW = (360, 740)


def tell(album: Album) -> None:
    """Plays the story and takes every picture of `PICTURES`."""
    ana = _before_the_memo(album)
    marc = album.window(*NARROW, language="fr")
    marc.sign_in("marc.lefebvre")
    _issue(album)
    _after_it(ana, marc)
    _for_everybody(album)
    _looked_after(album)
    missing = set(PICTURES) ^ set(album.taken)
    if missing:
        raise RuntimeError(f"Not both listed and taken: {', '.join(sorted(missing))}")


def _before_the_memo(album: Album) -> Window:
    """Ana signs in, asks, and has half of her next message written."""
    ana = album.window()
    ana.go("/")
    expect(ana.page.locator("button.account")).not_to_have_count(0)
    ana.take("sign-in.png")
    ana.sign_in("ana.silva")
    _ask(ana.page, QUESTION)
    ana.take("chat.png")
    _composer(ana.page).fill(BEGUN)
    return ana


def _issue(album: Album) -> None:
    """One officer enters the memo, to take effect at once; another confirms it."""
    okafor = album.window()
    okafor.sign_in("m.okafor", f"/desk/prepared/{MEMO}")
    okafor.page.locator("label", has_text="At once").click()
    expect(okafor.page.get_by_role("button", name="Enter this order")).to_be_enabled()
    expect(okafor.page.get_by_role("table", name="What changes, and for whom")).to_be_visible()
    okafor.bring_up("What it will do")
    okafor.take("prepared-order.png")
    okafor.press("Enter this order")
    okafor.press("Yes, enter it")
    expect(okafor.page.get_by_text("The order is entered")).to_be_visible()

    # His account's language is French, and the pages go by that.
    tremblay = album.window(language="fr")
    tremblay.sign_in("l.tremblay", f"/desk/prepared/{MEMO}")
    tremblay.press("Confirmer et émettre")
    tremblay.press("Oui, l’émettre maintenant")
    expect(tremblay.page.get_by_text("L’ordre est émis")).to_be_visible()


def _after_it(ana: Window, marc: Window) -> None:
    """Ana is told, goes on, and asks for the model that is barred now."""
    page = ana.page
    _told(page)
    expect(_composer(page)).to_have_value(BEGUN)
    ana.take("notice.png")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.emulate_media(color_scheme="dark")
    ana.take("notice-narrow-dark.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})
    _told(marc.page)
    marc.take("notice-narrow-french.png")

    ana.press("I have read this")
    expect(page.locator("section.notice")).to_have_count(0)
    _ask(page, BEGUN + ENDED)
    expect(page.locator(".seam")).to_be_visible()
    page.locator(".seam").evaluate("seam => seam.scrollIntoView({block: 'center'})")
    ana.take("seam.png")

    page.locator(".model-button").click()
    choosing = page.get_by_role("dialog")
    choosing.get_by_role("radio", name=re.compile(f"^{re.escape(REPLACED)}")).check()
    choosing.get_by_role("button", name="Done", exact=True).click()
    _composer(page).fill("And what did it say about May?")
    _composer(page).press("Enter")
    expect(page.locator(".problem-refused")).to_be_visible()
    ana.take("refusal.png")


def _for_everybody(album: Album) -> None:
    """What needs no account."""
    anyone = album.window()
    anyone.go(f"/orders/{ORDER}")
    expect(anyone.page.get_by_role("heading", level=1)).to_contain_text("stop working")
    anyone.bring_up("Clauses and their readings")
    anyone.take("order.png")
    anyone.go("/status")
    # Above it stands the ledger's root, which no two runs have in common.
    anyone.bring_up("Services")
    anyone.take("status.png")


def _looked_after(album: Album) -> None:
    """What an officer sees of the routes after the memo."""
    okafor = album.window()
    okafor.sign_in("m.okafor", "/routes")
    expect(okafor.page.get_by_role("table")).to_be_visible()
    okafor.bring_up("All routes")
    okafor.take("routes.png")
    okafor.go("/operations")
    expect(okafor.page.get_by_role("table")).to_be_visible()
    okafor.take("operations.png")


def _composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message to StateChat")


def _told(page: Page) -> None:
    """Waits until the notice is there, and the page knows the model that answers now."""
    expect(page.locator("section.notice")).to_be_visible()
    expect(page.locator(".model-button")).to_contain_text(REPLACEMENT)


def _ask(page: Page, question: str) -> None:
    """Sends a message and waits until its answer is whole."""
    answers = page.locator("article.answer")
    asked = answers.count()
    _composer(page).fill(question)
    _composer(page).press("Enter")
    expect(answers).to_have_count(asked + 1)
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible(timeout=30_000)
    expect(page.locator(".writing")).to_have_count(0)
