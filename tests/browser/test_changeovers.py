"""Officers move services off a vendor: planned, issued by two, followed and moved back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.window import none_of
from tests.end_to_end.running import Server


@pytest.fixture(scope="module")
def february(server: Server) -> Server:
    """The scenario played to the day after the President's order."""
    server.run("scenario", "play", "--until", "2026-02-28T12:00")
    return server


def test_a_chat_is_moved_told_to_staff_and_not_moved_back(
    window: OpenWindow, february: Server
) -> None:
    one, other, staff, wrong = window(), window(language="fr"), window(), []
    one.sign_in("m.okafor", "/desk/changeovers")
    expect(one.page.get_by_text(one.say("changeovers.none"))).to_be_visible()
    wrong += found(one, "no changeovers")
    one.go("/desk/changeovers/new?of=anthropic")
    chat = one.page.get_by_role("article", name=re.compile("^StateChat"))
    expect(chat).to_be_visible()
    wrong += found(one, "planning a changeover")
    chat.get_by_label(one.say("changeovers.replacement")).select_option("openai/gpt-4.1")
    expect(chat.get_by_text("13 months less")).to_be_visible()
    expect(one.page.get_by_label(one.say("changeovers.issuer"))).to_have_value("state-secretary")
    one.page.get_by_label(one.say("changeovers.messageEn")).fill("The help desk is at 4-4444.")
    one.page.get_by_label(one.say("changeovers.messageFr")).fill("L’assistance est au 4-4444.")
    one.page.reload()
    expect(one.page.get_by_text(one.say("form.restored"))).to_be_visible()
    one.button("changeovers.plan").click()
    expect(one.page.get_by_text(one.say("changeovers.isDraft"))).to_be_visible()
    expect(one.page.get_by_text("The help desk is at 4-4444.")).to_be_visible()
    wrong += found(one, "a planned changeover")
    planned = one.page.url
    one.link(one.say("changeovers.toDraft")).click()
    one.button("act.enter").click()
    expect(one.button("act.withdraw")).to_be_visible()
    entry = one.page.url.partition("/desk")[2]
    other.sign_in("l.tremblay", f"/desk{entry}")
    other.button("act.confirm").click()
    other.button("act.confirmYes").click()
    expect(other.page.get_by_text(other.say("done.issued"))).to_be_visible()
    one.page.goto(planned)
    expect(one.page.get_by_text(one.say("changeovers.is.bound"))).to_be_visible()
    expect(one.button("changeovers.undoYes")).to_be_disabled()
    expect(one.page.get_by_text(one.say("changeovers.barred"))).to_be_visible()
    wrong += found(one, "a changeover in force")
    staff.sign_in("ana.silva")
    expect(staff.page.get_by_text("The help desk is at 4-4444.")).to_be_visible()
    staff.ask("What are the opening hours?")
    expect(one.page.get_by_text(one.say("changeovers.is.answering"))).to_be_visible(timeout=20_000)
    other.go("/desk/changeovers")
    wrong += found(other, "changeovers, in French")
    none_of(wrong)


def test_what_nothing_is_bound_to_is_said(window: OpenWindow, february: Server) -> None:
    one = window()
    one.sign_in("m.okafor", "/desk/changeovers/new?of=mistral")
    expect(one.page.get_by_text(one.say("changeovers.nothing"))).to_be_visible()
    expect(one.button("changeovers.plan")).to_be_disabled()
