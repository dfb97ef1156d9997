"""A bad line: 400 kbit/s, 400 ms and 2 % loss, a line that is cut, and a proxy that keeps streams back.

How long it takes is measured by `make bench`; here is counted what has to come down the line.
"""

from benchmarks.slow_line import GOOD, SlowLine
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.slowly import LONG, wait_for_boat
from tests.browser.test_accessibility import found
from tests.browser.test_french import english
from tests.browser.window import NETWORK_LOST, Window, none_of, words
from tests.end_to_end.running import Server

PATIENCE = 60_000
MOST_TO_SIGN_IN = 200_000
MOST_TO_CHAT = 60_000


def test_signing_in_and_the_chat_come_down_a_bad_line(window: OpenWindow, server: Server) -> None:
    with SlowLine(server.url) as line:
        ana = window()
        ana.url = line.url
        ana.expecting(NETWORK_LOST)  # at the end the line ends before the window does
        ana.page.set_default_timeout(PATIENCE)
        came: list[str] = []
        ana.page.on("response", lambda response: came.append(response.url))
        ana.go("/")
        account = ana.page.locator("button.account", has_text="ana.silva")
        expect(account).to_be_visible(timeout=PATIENCE)
        assert line.received < MOST_TO_SIGN_IN
        before = line.received
        account.click()
        expect(ana.composer).to_be_editable(timeout=PATIENCE)
        assert line.received - before < MOST_TO_CHAT
        assert not [url for url in came if "officers" in url or "Desk" in url or "temml" in url]
        before, came[:] = line.received, []
        ana.page.reload()
        expect(ana.composer).to_be_editable(timeout=PATIENCE)
        assert line.received - before < 15_000


def test_what_is_written_offline_waits_over_reloads_and_is_sent_once(
    window: OpenWindow, server: Server
) -> None:
    with SlowLine(server.url, GOOD) as line:
        ana = window()
        ana.url = line.url
        ana.expecting(NETWORK_LOST)
        ana.sign_in("ana.silva")
        ana.ask("The pilot boat is grey. What colour is the pilot boat?")
        line.cut()
        ana.send("What is grey?")
        waiting = ana.page.locator(".problem-failed")
        expect(waiting).to_contain_text(ana.say("unsent.waiting"))
        expect(ana.questions.last).to_contain_text("What is grey?")
        other = Window(ana.page.context.new_page(), line.url, "en")

        line.mend()
        # Two windows of one browser come back with it at the same time.
        path = f"/conversations/{ana.conversation}"
        other.go(path)
        ana.page.reload()
        for one in (ana, other):
            expect(one.answers).to_have_count(2)
            one.whole()
            expect(one.page.locator(".problem-failed")).to_have_count(0)
        asked = [turn["text"] for turn in ana.turns() if turn["role"] == "user"]
        assert asked[1:] == ["What is grey?"]


def test_a_conversation_that_is_begun_offline_is_begun_once(
    window: OpenWindow, server: Server
) -> None:
    with SlowLine(server.url, GOOD) as line:
        ana = window()
        ana.url = line.url
        ana.expecting(NETWORK_LOST)
        ana.sign_in("ana.silva")
        expect(ana.composer).to_be_editable()
        before = ana.told("/chat")["conversations"]
        line.cut()
        ana.send("The tide table is blue. What is the tide table?")
        expect(ana.page.locator(".problem-failed")).to_contain_text(ana.say("unsent.waiting"))
        line.mend()
        ana.page.reload()
        expect(ana.answers).to_have_count(1)
        ana.whole()
        assert len(ana.told("/chat")["conversations"]) == len(before) + 1
        assert [turn["role"] for turn in ana.turns()] == ["user", "assistant"]


def test_answers_come_by_asking_where_a_proxy_keeps_streams_back(
    window: OpenWindow, server: Server
) -> None:
    with SlowLine(server.url, GOOD, holding="/events") as line:
        ana = window()
        ana.url = line.url
        ana.expecting(NETWORK_LOST)
        ana.sign_in("ana.silva")
        ana.send(LONG)
        expect(ana.page.locator(".line-slow")).to_have_text(
            ana.say("composer.polled"), timeout=20_000
        )
        wait_for_boat(ana, 5)
        ana.whole()
        assert ana.prose() == words(ana.turns()[-1]["text"])
        none_of(found(ana, "asking for news"))
        # What is known of the way holds for the next message.
        ana.send("The pilot boat is grey. What colour is the pilot boat?")
        expect(ana.answers).to_have_count(2)
        ana.whole()
        expect(ana.answer).to_contain_text("grey")


def test_little_is_loaded_where_a_person_or_the_browser_wants_it(window: OpenWindow) -> None:
    marc = window(language="fr")
    marc.sign_in("marc.lefebvre")
    came: list[str] = []
    marc.page.on("request", lambda request: came.append(request.url))
    less, means = marc.button("sparing.button"), marc.page.get_by_text(marc.say("sparing.means"))
    expect(less).to_have_attribute("aria-pressed", "false")
    expect(means).to_have_count(0)
    less.focus()
    marc.page.keyboard.press("Space")
    expect(means).to_be_visible()
    none_of(english(marc, "loading less"))
    answer = marc.ask("The tide is $a+b$ metres. What is the tide?")
    expect(answer.locator(".maths code").first).to_have_text("a+b")
    none_of(found(marc, "loading less"))
    marc.page.reload()
    expect(less).to_have_attribute("aria-pressed", "true")
    expect(marc.answer.locator(".maths code").first).to_have_text("a+b")
    assert not [url for url in came if "temml" in url]
    less.click()
    expect(marc.answer.locator("math").first).to_be_visible()

    ana = window()
    ana.page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    )
    ana.sign_in("ana.silva")
    expect(ana.page.get_by_text(ana.say("sparing.means"))).to_be_visible()
