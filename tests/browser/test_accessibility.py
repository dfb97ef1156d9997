"""What axe-core and a ruler find on every page: light and dark, wide, narrow and zoomed."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import OpenWindow
from tests.browser.immediate_end import TITLE, issue
from tests.browser.slowly import LONG, wait_for_boat
from tests.browser.window import Window, none_of
from tests.end_to_end.running import Server

HEIGHT = 800
WIDE, NARROW = 1280, 360
ZOOMED = WIDE // 2
"""A window of 1280 pixels at 200 % has room for so many CSS pixels."""


def found(one: Window, what: str) -> list[str]:
    """Everything that is wrong with the page as it stands, with the way it was looked at."""
    page, wrong = one.page, []
    for width in (NARROW, ZOOMED, WIDE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wrong += [f"{what}, {width} px: overflow: {line}" for line in overflow(page)]
        for scheme in ("light", "dark") if width != ZOOMED else ():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wrong += [f"{what}, {width} px, {scheme}: {line}" for line in violations(page)]
    return wrong


def live_regions(one: Window) -> list[tuple[str, bool]]:
    """Each live region that is not an alert: its text, and whether it holds an answer."""
    regions: list[tuple[str, bool]] = one.page.evaluate(
        """() => [...document.querySelectorAll(
          '[aria-live]:not([aria-live=off]), [role=status], [role=log], output')]
          .map((region) => [region.textContent, region.querySelector('article') !== null])"""
    )
    return [(text.strip(), holds) for text, holds in regions]


def test_signing_in_and_the_public_pages(window: OpenWindow) -> None:
    anybody = window()
    anybody.go("/")
    expect(anybody.page.locator("button.account").first).to_be_visible()
    wrong = found(anybody, "sign-in")
    anybody.page.locator("input[name=login]").fill("ana.silva")
    anybody.page.locator("input[name=password]").fill("not this")
    anybody.expecting(r"401 \(Unauthorized\)")
    anybody.button("signIn.submit").click()
    expect(anybody.page.get_by_role("alert").first).to_contain_text(anybody.say("signIn.wrong"))
    wrong += found(anybody, "sign-in refused")
    anybody.go("/status")
    expect(anybody.page.get_by_role("table").first).to_be_visible()
    wrong += found(anybody, "status")
    none_of(wrong)


def test_the_chat_in_every_state(window: OpenWindow, server: Server, tmp_path: Path) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    expect(ana.page.locator(".greeting")).to_be_visible()
    wrong = found(ana, "empty chat")

    # Streaming text is in no live region; one region says that it comes and that it ended.
    ana.send(LONG)
    wait_for_boat(ana, 5)
    expect(ana.status).to_have_text(ana.say("status.coming", service="StateChat"))
    regions = live_regions(ana)
    assert not any(holds for _, holds in regions)
    assert [text for text, _ in regions if text] == [ana.status.inner_text()]
    assert ana.answer.evaluate("answer => answer.closest('[aria-live], [role=log]') === null")

    issue(server, tmp_path)
    expect(ana.notice).to_be_visible()
    expect(ana.answer.locator(".problem-cut")).to_be_visible()
    expect(ana.status).to_have_text(ana.say("status.cut"))
    ana.button("broken.continue").click()
    expect(ana.answers).to_have_count(2)
    expect(ana.status).to_have_text(ana.say("status.complete"), timeout=30_000)
    expect(ana.seam).to_be_visible()
    ana.choose_model("Claude Sonnet 4.5")
    ana.send("And who keeps the log?")
    expect(ana.page.locator(".problem-refused")).to_be_visible()
    expect(ana.status).to_have_text(ana.say("status.refused"))
    ana.composer.fill("Half a message")
    ana.answers.nth(1).locator("summary").click()
    for marked in (ana.notice, ana.seam, ana.page.locator(".problem-cut")):
        expect(marked).to_be_attached()
    wrong += found(ana, "seam, notice, refused and cut")

    ana.page.locator(".model-button").click()
    expect(ana.page.get_by_role("dialog", name=ana.say("model.heading"))).to_be_visible()
    wrong += found(ana, "model menu")
    ana.page.keyboard.press("Escape")

    ana.go("/orders/immediate-end")
    expect(ana.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    wrong += found(ana, "order")
    none_of(wrong)


def test_the_officers_desk(window: OpenWindow) -> None:
    officer = window()
    officer.sign_in("m.okafor", "/desk")
    expect(officer.page.get_by_role("table").first).to_be_visible()
    wrong = found(officer, "desk")
    officer.go("/desk/prepared/state-memo")
    expect(officer.page.get_by_role("table", name=officer.say("preview.caption"))).to_be_visible()
    officer.button("act.enter").click()
    expect(officer.button("act.enterYes")).to_be_visible()
    wrong += found(officer, "prepared order with its confirming step")
    none_of(wrong)
