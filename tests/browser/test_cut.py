"""An order cuts an answer on its way: what arrived stays, and another model goes on from it."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.immediate_end import ID, TITLE, issue
from tests.browser.slowly import LONG, boats, wait_for_boat
from tests.browser.window import words
from tests.end_to_end.running import Server


def test_an_answer_that_an_order_cuts_stays_and_is_continued_by_another_model(
    window: OpenWindow, server: Server, tmp_path: Path
) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.send(LONG)
    wait_for_boat(ana, 5)
    issue(server, tmp_path)

    cut = ana.answers.first
    problem = cut.locator(".problem-cut")
    expect(problem).to_contain_text(ana.say("broken.cut"))
    expect(problem).to_contain_text(TITLE)
    link = problem.get_by_role("link", name=TITLE)
    expect(link).to_have_attribute("href", f"/orders/{ID}")
    kept = ana.turns()[-1]
    assert kept["state"] == "cut"
    arrived = boats(kept["text"])
    assert 5 <= len(arrived) < boats(LONG)[-1]
    assert arrived == list(range(1, len(arrived) + 1))
    assert ana.prose() == words(kept["text"])
    expect(ana.notice.get_by_role("link", name=TITLE)).to_be_visible()

    problem.get_by_role("button", name=ana.say("broken.continue"), exact=True).click()
    expect(ana.answers).to_have_count(2)
    ana.whole()
    expect(ana.answer.locator(".stamp-line")).to_contain_text(
        ana.say("stamp.by", model="GPT-4.1", maker="OpenAI")
    )
    assert ana.prose(cut) == words(kept["text"])
    expect(
        ana.page.get_by_role("heading", name=re.compile("GPT-4.1")).filter(
            has_text=ana.say("seam.heading", model="GPT-4.1", maker="OpenAI")
        )
    ).to_have_count(1)
    expect(ana.seam.get_by_role("link", name=TITLE)).to_be_visible()
    seam = ana.told(f"/conversations/{ana.conversation}")["seams"][0]
    expect(ana.seam).to_contain_text(seam["carried"]["en"])
    assert "the kept beginning of this answer" in seam["carried"]["en"]
    ana.page.reload()
    expect(problem).to_contain_text(ana.say("broken.cut"))
    assert ana.prose(cut) == words(kept["text"])
