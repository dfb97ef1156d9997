"""Routes, bindings, replicas and keys, for those who look after them: read, released, revoked."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from changeover.standin.settings import read_fault
from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.test_french import english
from tests.browser.test_keyboard import Keyboard
from tests.browser.window import Window, none_of
from tests.end_to_end.running import MESSAGES, Server
from tests.end_to_end.vendors import Vendors
from tests.postgres import PostgresServer

SPARED = "mistral/mistral-large@mistral"
CLAUDE = "anthropic/claude-sonnet-4-5@anthropic"
LEASE = ("--lease", "4")
READ = {"routes": "/routes", "bindings": "/bindings", "replicas": "/replicas"}


@pytest.fixture(scope="module")
def held(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Anthropic was barred to the State department, and that was rescinded: its routes are held."""
    frozen = server.ask(
        "orders", "freeze", "anthropic", "--issuer", "state-secretary", "--party", "state"
    )["instrument"]["id"]
    server.run("scenario", "play", "--until", "2026-02-26T12:00")
    text = tmp_path_factory.mktemp("rescission") / "text"
    text.write_text("It is over.")
    server.run("orders", "rescind", frozen, "--source", str(text), "--confirmed-by", "ben")
    return server


def shown(one: Window, path: str) -> None:
    one.go(path)
    expect(one.page.get_by_role("table").first).to_be_visible()


def test_every_page_can_be_read_by_everybody_in_both_languages(
    window: OpenWindow, held: Server
) -> None:
    officer, wrong = window(), []
    officer.sign_in("m.okafor")
    reader = window(language="fr", viewport={"width": 1280, "height": 900})
    reader.sign_in("l.tremblay")
    for answer, path in READ.items():
        shown(officer, path)
        wrong += found(officer, path)
        shown(reader, path)
        wrong += english(reader, path, f"/{answer}") if answer != "replicas" else []
        wrong += english(reader, path)
    expect(reader.page.get_by_text(reader.say("replicas.alone"), exact=True)).to_be_visible()
    shown(officer, "/routes")
    officer.page.get_by_role("button", name=re.compile("^Release .*@anthropic")).click()
    expect(officer.button("held.yes")).to_be_enabled()
    wrong += found(officer, "release")
    officer.go("/keys")
    notice = officer.say("admin.notYours", roles=officer.say("admin.administrators"))
    expect(officer.page.get_by_text(notice)).to_be_visible()
    none_of(wrong)


def test_routes_are_narrowed_by_maker_host_and_words(window: OpenWindow, held: Server) -> None:
    officer = window()
    officer.sign_in("m.okafor", "/routes")
    table = officer.page.get_by_role("table").last
    rows = table.locator("tbody tr")
    expect(rows.filter(has_text="openai/gpt-4.1@microsoft")).to_have_count(1)
    officer.page.get_by_label(officer.say("routes.maker"), exact=True).select_option("anthropic")
    expect(rows).to_have_count(3)
    officer.page.get_by_label(officer.say("routes.host"), exact=True).select_option("aws")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Fannie Mae")
    officer.page.get_by_label(officer.say("admin.text"), exact=True).fill("nothing like it")
    expect(officer.page.get_by_text(officer.say("routePage.noMatch"))).to_be_visible()


def test_a_held_route_is_released_by_the_keyboard_alone(window: OpenWindow, held: Server) -> None:
    officer = window()
    officer.sign_in("m.okafor", "/routes")
    page, keys = officer.page, Keyboard(officer)
    button = page.get_by_role("button", name=f"Release {CLAUDE} for StateChat", exact=True)
    keys.to(button)
    keys.press("Enter")
    heading = page.get_by_role("dialog").get_by_role("heading")
    expect(heading).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    keys.press("Enter")
    moves = page.get_by_role("dialog").get_by_role("listitem")
    expect(moves).to_contain_text("StateChat (chat, title and summary) keeps Claude Sonnet 4.5")
    keys.to(officer.button("held.yes"))
    keys.press("Enter")
    done = page.get_by_role("group", name=f"{CLAUDE} is released for StateChat")
    expect(done).to_be_focused()
    expect(done).to_contain_text("This installation runs as one process")
    expect(button).to_have_count(0)
    none_of(keys.unseen)
    asked = ("decide", "--service", "statechat", "--model", CLAUDE)
    assert held.ask(*asked)["outcome"] == "allow"


def test_a_key_is_shown_once_and_kept_nowhere_by_the_browser(
    window: OpenWindow, held: Server
) -> None:
    admin = window()
    admin.sign_in("admin", "/keys")
    page = admin.page
    expect(page.get_by_text(admin.say("keys.none"))).to_be_visible()
    wrong = found(admin, "no keys")
    form = page.locator("form.key-form")
    form.get_by_label(admin.say("keys.service"), exact=True).select_option("statechat")
    form.get_by_label(admin.say("keys.label"), exact=True).fill("nightly reports")
    for scope in ("chat", "models"):
        form.get_by_label(admin.say(f"keys.scope.{scope}")).uncheck()
    admin.button("keys.create").click()
    expect(page.get_by_text(admin.say("keys.needScope"))).to_be_visible()
    form.get_by_label(admin.say("keys.scope.chat")).check()
    admin.button("keys.create").click()
    once = page.get_by_role("group", name=admin.say("keys.issued"), exact=True)
    expect(once).to_be_focused()
    key = once.get_by_label(admin.say("keys.whole"), exact=True).input_value()
    held.gpt(key).chat.completions.create(model="default", messages=MESSAGES)
    wrong += found(admin, "new key")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    admin.button("keys.copy").click()
    expect(once.get_by_text(admin.say("keys.copied"))).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    kept = page.evaluate(
        "JSON.stringify([location.href, {...localStorage}, {...sessionStorage}, history.state])"
    )
    assert key.rpartition("_")[2] not in kept
    admin.button("keys.forget").click()
    assert key.rpartition("_")[2] not in page.content()
    page.reload()
    expect(page.get_by_role("table")).to_contain_text("nightly reports")
    assert key.rpartition("_")[2] not in page.content()

    prefix = key.split("_")[1]
    admin.button("keys.revokeOne", prefix=prefix).click()
    expect(admin.button("keys.revokeYes")).to_be_visible()
    wrong += found(admin, "revoking")
    admin.button("keys.revokeYes").click()
    done = page.get_by_role("group", name=admin.say("keys.revokedDone", prefix=prefix))
    expect(done).to_be_focused()
    assert held.post("/v1/chat/completions", key, b"{}").status_code == 401
    wrong += found(admin, "revoked")
    assert key.rpartition("_")[2] not in held.log
    none_of(wrong)


def test_keys_are_rotated_with_an_overlap_in_french(window: OpenWindow, held: Server) -> None:
    old = held.key("treasury-code")
    admin = window(viewport={"width": 1280, "height": 900})
    admin.sign_in("admin", "/keys")
    admin.page.get_by_role("button", name="Français").click()
    admin.language = "fr"
    prefix = old.split("_")[1]
    admin.button("keys.rotateOne", prefix=prefix).click()
    left = english(admin, "rotating")
    admin.button("keys.rotateYes").click()
    once = admin.page.get_by_role("group", name=admin.say("keys.issued"), exact=True)
    expect(once).to_contain_text(prefix)
    left += english(admin, "rotated")
    new = once.get_by_label(admin.say("keys.whole"), exact=True).input_value()
    for key in (old, new):
        assert held.post("/v1/chat/completions", key, b"{}").status_code == 400
    none_of(left)


class Replicas:
    """Two servers on one database; `first` is the one whose pages are looked at."""

    def __init__(self, first: Server, second: Server) -> None:
        self.first = first
        self.second = second


@pytest.fixture
def replicas(pages: None, postgres: PostgresServer, tmp_path: Path) -> Iterator[Replicas]:
    url = postgres.new()
    with (
        Server(tmp_path / "a", *LEASE, CHANGEOVER_DATABASE_URL=url) as first,
        Server(tmp_path / "b", *LEASE, CHANGEOVER_DATABASE_URL=url) as second,
    ):
        yield Replicas(first, second)


def enter_and_confirm(window: OpenWindow, replicas: Replicas) -> tuple[Window, Window]:
    """One officer enters the memo, and another, who reads French, begins to confirm it."""
    first, second = window(), window(language="fr")
    for one, login in ((first, "m.okafor"), (second, "l.tremblay")):
        one.url = replicas.first.url
        one.sign_in(login, "/desk/prepared/state-memo")
    # The first officer's page asks what the order would do once more when it is issued already.
    first.expecting(r"409 \(Conflict\).*/state-memo/preview")
    first.button("act.enter").click(timeout=15_000)
    first.button("act.enterYes").click()
    expect(first.page.get_by_text(first.say("done.entered"), exact=True)).to_be_visible()
    second.button("act.confirm").click(timeout=15_000)
    expect(second.button("act.confirmYes")).to_be_visible()
    return first, second


def test_confirming_shows_both_instants_and_each_replica(
    window: OpenWindow, replicas: Replicas
) -> None:
    first, second = enter_and_confirm(window, replicas)
    second.button("act.confirmYes").click()
    done = second.page.get_by_role("group", name=second.say("done.issued"), exact=True)
    expect(done).to_be_focused()
    for each in (replicas.first, replicas.second):
        expect(done.get_by_role("listitem").filter(has_text=each.url)).to_contain_text("confirmé")
    wrong = found(second, "issued on two replicas") + english(second, "issued on two replicas")

    shown(first, "/replicas")
    serving = first.page.get_by_role("table").first.locator("tbody tr")
    expect(serving).to_have_count(2)
    for each in (replicas.first, replicas.second):
        expect(serving.filter(has_text=each.url)).to_contain_text(first.say("replicas.current"))
    wrong += found(first, "replicas")
    replicas.second.stop()
    expect(serving.filter(has_text=replicas.second.url)).to_contain_text(
        first.say("replicas.ended")
    )
    none_of(wrong)


def test_whoever_confirms_sees_which_replica_is_waited_for(
    window: OpenWindow, replicas: Replicas
) -> None:
    _, second = enter_and_confirm(window, replicas)
    url, process = replicas.second.url, replicas.second.process
    process.send_signal(signal.SIGSTOP)
    try:
        second.button("act.confirmYes").click()
        waited = second.page.locator(".confirming").get_by_role("listitem").filter(has_text=url)
        expect(waited).to_contain_text(second.say("replicas.behind"))
        done = second.page.get_by_role("group", name=second.say("done.issued"), exact=True)
        expect(done).to_be_focused(timeout=20_000)
        stopped = done.get_by_role("listitem").filter(has_text=url)
        expect(stopped).to_contain_text("son bail s’est écoulé")
    finally:
        process.send_signal(signal.SIGCONT)


def test_operations_show_what_rests_and_say_so_once(
    window: OpenWindow, held: Server, vendors: Vendors
) -> None:
    officer = window()
    officer.sign_in("m.okafor", "/operations")
    table = officer.page.get_by_role("table").first
    line = table.locator("tbody tr").filter(has_text=SPARED)
    expect(line).to_contain_text(officer.say("operations.state.unasked"))
    expect(officer.page.get_by_text(officer.say("operations.well"), exact=True)).to_be_visible()
    key, body = held.key("treasury-code"), {"model": SPARED, "messages": MESSAGES}
    vendors.faults["mistral"] = read_fault("status=529")
    try:
        for _ in range(6):
            held.post("/v1/chat/completions", key, json.dumps(body).encode())
    finally:
        vendors.faults.clear()
    expect(line).to_contain_text("HTTP 529")
    expect(table.locator("tbody tr").first).to_contain_text(SPARED)
    # It rests for some five seconds, and is on trial then: the page may see either first.
    states = [officer.say(f"operations.state.{state}") for state in ("resting", "trying")]
    expect(line).to_contain_text(re.compile("|".join(states)))
    said = officer.page.locator(".usa-sr-only[role=status]").filter(has_text=SPARED)
    one = officer.say("operations.announce", route=SPARED, state=f"({'|'.join(states)})")
    expect(said).to_have_text(re.compile(f"^{one}$"))
    officer.button("operations.pause").click()
    expect(officer.page.get_by_text(officer.say("operations.paused"))).to_be_visible()
    expect(officer.button("operations.resume")).to_be_focused()
    wrong = found(officer, "operations")
    reader = window(language="fr", viewport={"width": 390, "height": 844})
    reader.sign_in("l.tremblay", "/operations")
    expect(reader.page.get_by_role("table").first).to_contain_text(SPARED)
    width = reader.page.evaluate("document.documentElement.scrollWidth")
    wrong += found(reader, "operations") + english(reader, "/operations", "/operations")
    none_of([*wrong, *([f"it is {width} wide"] if width > 390 else [])])
