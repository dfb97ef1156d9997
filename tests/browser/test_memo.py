"""A memo moves StateChat, live: an officer enters it, another confirms it, staff are told."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import Window
from tests.browser.words import Language

MEMO = "/desk/prepared/state-memo"
TITLE = "StateChat moves to GPT-4.1 provisionally"
TITLES = {"en": TITLE, "fr": "StateChat passe à GPT-4.1 à titre provisoire"}
FACT = "The depot at Kessel street opens at seven."
QUESTION = "When does the depot at Kessel street open?"
HALF_WRITTEN = "And when does it close on"


def officer(window: OpenWindow, login: str, language: Language = "en") -> Window:
    """A window on the memo's page on the desk, its preview shown."""
    one = window(language=language)
    one.sign_in(login, MEMO)
    expect(one.page.get_by_role("heading", level=1, name=TITLES[language])).to_be_visible()
    expect(effects(one)).to_be_visible()
    return one


def effects(one: Window) -> Locator:
    """The preview's table."""
    return one.page.get_by_role("table", name=one.say("preview.caption"))


def uncovered(page: Page) -> bool:
    """Whether the message field is what a pointer hits at its own centre and corners."""
    return bool(
        page.evaluate(
            """() => {
              const field = document.querySelector('textarea');
              const { left, right, top, bottom } = field.getBoundingClientRect();
              const points = [[(left + right) / 2, (top + bottom) / 2],
                [left + 4, top + 4], [right - 4, top + 4],
                [left + 4, bottom - 4], [right - 4, bottom - 4]];
              return points.every(([x, y]) => document.elementFromPoint(x, y) === field);
            }"""
        )
    )


def test_a_memo_moves_statechat_while_staff_write(
    window: OpenWindow, record_property: Callable[[str, object], None]
) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    expect(ana.ask(f"Please note. {FACT} Summarise this.")).to_contain_text("Kessel street")
    ana.composer.fill(HALF_WRITTEN)
    place = ana.composer.bounding_box()
    first = officer(window, "m.okafor")
    second = officer(window, "l.tremblay", "fr")
    # The first officer's page asks what the order would do once more when it is issued already.
    first.expecting(r"409 \(Conflict\).*/state-memo/preview")

    enter(first)
    expect(ana.notice).to_have_count(0)
    second.button("act.confirm").click(timeout=15_000)
    began = time.monotonic()
    second.button("act.confirmYes").click()
    expect(ana.notice).to_be_visible(timeout=3_000)
    record_property("seconds_to_notice", seconds := time.monotonic() - began)
    assert seconds < 3
    expect(second.page.get_by_text(second.say("done.issued"), exact=True)).to_be_visible()

    # It took neither the focus nor the words nor the room of the message field.
    expect(ana.composer).to_be_focused()
    expect(ana.composer).to_have_value(HALF_WRITTEN)
    ana.composer.press_sequentially(" Sundays?")
    expect(ana.composer).to_have_value(f"{HALF_WRITTEN} Sundays?")
    expect(ana.composer).to_be_in_viewport(ratio=1)
    assert ana.composer.bounding_box() == place
    assert uncovered(ana.page)
    read_notice(ana)

    go_on_with_the_new_model(ana)
    read_order(window(), str(ana.seam.get_by_role("link", name=TITLE).get_attribute("href")))
    start_afresh(ana)
    ana.page.reload()
    expect(ana.answers).to_have_count(3)
    expect(ana.seam.get_by_role("link", name=TITLE)).to_be_visible()
    assert all(notice["acknowledged"] for notice in ana.told("/notices"))
    expect(ana.notice).to_have_count(0)
    ask_for_the_barred_model(ana)


def enter(first: Window) -> None:
    """One officer looks at what it will do, enters it at once, and cannot confirm it."""
    at_once = first.page.get_by_role("radio", name=re.compile(f"^{first.say('timing.atOnce')}"))
    first.page.locator("label", has_text=first.say("timing.atOnceMeans")).click()
    expect(at_once).to_be_checked()
    row = effects(first).get_by_role("row").filter(has_text="StateChat").first
    for changed in ("Claude Sonnet 4.5", "GPT-4.1", "May 2024"):
        expect(row).to_contain_text(changed)
    expect(first.button("act.confirm")).to_have_count(0)

    first.button("act.enter").click()
    step = first.page.get_by_role("group", name=first.say("act.enterHeading"))
    expect(step).to_contain_text("Mary Okafor")
    expect(step).to_contain_text(first.say("act.effectAtOnce"))
    first.button("act.enterYes").click()
    expect(first.page.get_by_text(first.say("done.entered"), exact=True)).to_be_visible()
    expect(first.page.get_by_text(first.say("act.ownEntry"))).to_be_visible()
    expect(first.button("act.confirm")).to_have_count(0)
    expect(first.button("act.withdraw")).to_be_visible()


def read_notice(ana: Window) -> None:
    """The notice has all that a person needs to know, and is said to who cannot see it."""
    told = ana.told("/notices")[0]
    expect(ana.notice.get_by_role("heading")).to_have_text(told["what"]["en"])
    facts = {
        "notice.when": told["when"]["en"],
        "notice.mustDo": "Nothing.",
        "notice.knows": "May 2024",
        "notice.conversations": told["conversations"]["en"],
        "notice.earlier": "OpenAI",
        "notice.order": TITLE,
        "notice.ask": "StateChat team",
    }
    for key, said in facts.items():
        name = ana.page.get_by_text(ana.say(key), exact=True)
        expect(ana.notice.locator("div", has=name).last).to_contain_text(said)
    expect(ana.notice).to_contain_text(ana.say("notice.provisional"))
    region = ana.page.locator("[role=status], [aria-live=polite]", has_text=told["what"]["en"])
    expect(region).to_have_count(1)


def go_on_with_the_new_model(ana: Window) -> None:
    """The next turn of the same conversation is the new model's, with the history, after a seam."""
    expect(ana.ask(QUESTION)).to_contain_text("opens at seven")
    expect(ana.answer.locator(".stamp-line")).to_contain_text(
        ana.say("stamp.by", model="GPT-4.1", maker="OpenAI")
    )
    name = ana.say("seam.heading", model="GPT-4.1", maker="OpenAI")
    expect(ana.page.get_by_role("heading", name=name)).to_have_count(1)
    seam = ana.told(f"/conversations/{ana.conversation}")["seams"][0]
    assert seam["carried"]["en"]
    assert seam["not_carried"]["en"]
    for words in (seam["carried"]["en"], seam["not_carried"]["en"], "Claude Sonnet 4.5", TITLE):
        expect(ana.seam).to_contain_text(words)


def read_order(anybody: Window, address: str) -> None:
    """The order's page is there for who is not signed in, and says who acted."""
    anybody.go(address)
    expect(anybody.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    for name in ("Mary Okafor", "Luc Tremblay"):
        expect(anybody.page.get_by_role("main")).to_contain_text(name)


def start_afresh(ana: Window) -> None:
    """A fresh start sends nothing from before; what is acknowledged goes."""
    note = ana.page.get_by_text(ana.say("composer.freshNote"))
    ana.notice.get_by_role("button", name=ana.say("notice.fresh"), exact=True).click()
    expect(ana.composer).to_be_focused()
    ana.notice.get_by_role("button", name=ana.say("notice.acknowledge"), exact=True).click()
    expect(ana.notice).to_have_count(0)
    expect(ana.composer).to_be_focused()
    expect(note).to_be_visible()
    expect(ana.ask(QUESTION)).not_to_contain_text("opens at seven")
    expect(note).to_have_count(0)


def ask_for_the_barred_model(ana: Window) -> None:
    """It is refused in plain words, with the order, and what may be asked instead is a press away."""
    ana.choose_model("Claude Sonnet 4.5")
    barred = ana.say("composer.barred", model="Claude Sonnet 4.5")
    expect(ana.page.get_by_text(barred)).to_be_visible()
    ana.send("Who keeps the depot?")
    refused = ana.page.locator(".problem-refused")
    expect(refused).to_contain_text("Claude Sonnet 4.5 may not be used here")
    expect(refused.get_by_role("link")).to_have_attribute("href", "/orders/state-order")
    refused.get_by_role("button", name=re.compile("GPT-4.1")).click()
    expect(ana.answer.locator(".stamp-line")).to_contain_text("GPT-4.1")
    ana.whole()
    assert ana.turns()[-1]["state"] == "complete"
    expect(ana.page.locator(".model-button")).to_contain_text("GPT-4.1")
