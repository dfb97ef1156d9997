"""Officers write acts by forms, see what they would do, and enter them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.window import NETWORK_LOST, Window, none_of
from tests.end_to_end.running import Server

NEW = "/desk/drafts/new"


@pytest.fixture(scope="module")
def april(server: Server) -> Server:
    """The scenario played to 10 April."""
    server.run("scenario", "play", "--until", "2026-04-10T12:00")
    return server


def begin(one: Window, act: str, about: str | None = None) -> None:
    one.go(NEW if about is None else f"{NEW}?about={about}")
    one.button(f"drafts.act.{act}").click()
    saved(one)


def saved(one: Window) -> None:
    expect(one.page.get_by_text(one.say("drafts.saving.saved"))).to_be_visible()


def field(one: Window, key: str) -> Locator:
    return one.page.get_by_label(re.compile(f"^{re.escape(one.say(key))}")).first


def pick(one: Window, key: str, name: str) -> None:
    """Adds to a field of many by typing a name."""
    box = one.page.get_by_role("combobox", name=one.say("form.pick", what=one.say(key)), exact=True)
    box.first.fill(name)
    box.first.press("Enter")


def give_source(one: Window, folder: Path) -> None:
    text = folder / "text.txt"
    text.write_text("What it rests on.")
    one.page.get_by_label(one.say("drafts.sourceFile")).set_input_files(text)
    one.button("drafts.capture").click()
    expect(one.page.get_by_label("SHA-256")).to_have_value(re.compile("^[0-9a-f]{64}$"))
    saved(one)


def enter(one: Window) -> str:
    """Enters the draft; gives the instrument that waits."""
    one.button("act.enter").click()
    expect(one.button("act.withdraw")).to_be_visible()
    return one.page.url.rpartition("/")[2]


def confirm(other: Window, instrument: str) -> None:
    other.go(f"/desk/prepared/{instrument}")
    other.button("act.confirm").click()
    other.button("act.confirmYes").click()
    expect(other.page.get_by_text(other.say("done.issued"))).to_be_visible()


def test_an_order_is_written_by_one_and_confirmed_by_another(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/drafts")
    expect(one.page.get_by_text(one.say("drafts.none"))).to_be_visible()
    wrong += found(one, "drafts")
    begin(one, "order")
    wrong += found(one, "an empty form")
    field(one, "drafts.issuer").select_option("treasury-secretary")
    field(one, "drafts.titleEn").fill("The Treasury pauses")
    field(one, "drafts.titleFr").fill("Le Trésor suspend")
    field(one, "drafts.words").fill("No use of these products.")
    one.page.get_by_role("checkbox", name="OpenAI").first.check()
    pick(one, "drafts.parties", "Department of the Treasury")
    one.page.get_by_role("checkbox", name=one.say("drafts.winds")).check()
    saved(one)
    expect(one.page.get_by_text(one.say("drafts.needsSecond"))).to_be_visible()
    wrong += found(one, "a form that reads")
    name = enter(one)
    other.sign_in("l.tremblay", f"/desk/prepared/{name}")
    confirm(other, name)
    order = other.told(f"/orders/{name}")["issued"]
    assert (order["entered_by"], order["confirmed_by"]) == ("Mary Okafor", "Luc Tremblay")
    [reading] = order["instrument"]["clauses"][0]["readings"]
    assert reading["wind_down"]["until"]["period"]["count"] == 6
    none_of(wrong)


def test_what_frees_needs_its_text_and_says_what_would_still_stand(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    one = window()
    one.sign_in("m.okafor")
    begin(one, "rescind", "housing-order")
    expect(one.page.get_by_text(one.say("drafts.refused"))).to_be_visible()
    give_source(one, tmp_path)
    expect(one.page.get_by_text(one.say("drafts.refused"))).to_have_count(0)
    expect(one.page.get_by_text(one.say("drafts.still"))).to_be_visible()
    expect(one.page.get_by_text(one.say("because.held")).first).to_be_visible()
    none_of(found(one, "what would still stand"))
    enter(one)


def test_a_waiver_is_asked_for_and_granted_with_its_plan(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    one, other = window(), window(language="fr")
    one.sign_in("m.okafor")
    begin(one, "waive", "designation-b")
    one.page.get_by_role("checkbox", name="Defence analysis").check()
    field(one, "drafts.waiveUntil").fill("2026-12-01T00:00")
    field(one, "drafts.plan").fill("Move by autumn.")
    field(one, "drafts.approver").fill("The chief information officer")
    give_source(one, tmp_path)
    name = enter(one)
    other.sign_in("l.tremblay")
    confirm(other, name)
    [act] = other.told(f"/orders/{name}")["issued"]["instrument"]["acts"]
    assert (act["plan"], act["services"]) == ("Move by autumn.", ["defence-analysis"])


def test_half_written_forms_outlive_a_reload_and_a_session(
    window: OpenWindow, april: Server
) -> None:
    one = window()
    one.expecting("401", "status of 401", NETWORK_LOST)
    one.sign_in("m.okafor")
    begin(one, "find", "treasury-order")
    # Nobody is asked to sign in before the form is written.
    one.page.context.set_offline(True)
    field(one, "drafts.titleEn").fill("Kept over everything")
    expect(one.page.get_by_text(one.say("drafts.saving.unsaved"))).to_be_visible()
    one.page.context.clear_cookies()
    one.page.context.set_offline(False)
    expect(one.page.get_by_text(one.say("drafts.saving.unsaved"))).to_be_visible()
    where = one.page.url.removeprefix(one.url.rstrip("/"))
    one.sign_in("m.okafor", where)
    expect(field(one, "drafts.titleEn")).to_have_value("Kept over everything")
    saved(one)
    one.page.reload()
    expect(field(one, "drafts.titleEn")).to_have_value("Kept over everything")


def test_two_officers_on_one_draft_see_each_other(window: OpenWindow, april: Server) -> None:
    one, other = window(), window(language="fr")
    other.expecting("409")
    one.sign_in("m.okafor")
    begin(one, "find", "state-order")
    where = one.page.url.removeprefix(one.url.rstrip("/"))
    other.sign_in("l.tremblay", where)
    saved(other)
    field(one, "drafts.titleEn").fill("The first")
    saved(one)
    field(other, "drafts.titleEn").fill("The second")
    alert = other.page.get_by_text(other.say("drafts.overtaken", name="Mary Okafor"))
    expect(alert).to_be_visible()
    none_of(found(other, "overtaken"))
    other.button("drafts.keepMine").click()
    saved(other)
    draft = where.rpartition("/")[2]
    assert one.told(f"/desk/drafts/{draft}")["form"]["title"]["en"] == "The second"


def test_a_freeze_is_in_force_at_once_and_removal_is_undone(
    window: OpenWindow, april: Server
) -> None:
    one = window(viewport={"width": 360, "height": 740})
    one.sign_in("m.okafor")
    begin(one, "freeze")
    field(one, "drafts.issuer").select_option("treasury-secretary")
    field(one, "drafts.titleEn").fill("Stop")
    field(one, "drafts.titleFr").fill("Arrêt")
    field(one, "drafts.words").fill("Stop at once.")
    one.page.get_by_role("checkbox", name="Mistral AI").first.check()
    pick(one, "drafts.parties", "Department of the Treasury")
    saved(one)
    wide = one.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    none_of(found(one, "a freeze at 360 pixels"))
    expect(one.button("drafts.issueNow")).to_be_enabled()
    one.button("drafts.issueNow").click()
    expect(one.page).to_have_url(re.compile("/orders/freeze-"))
    begin(one, "order")
    one.go("/desk/drafts")
    one.page.get_by_role("button", name=re.compile("^Remove ")).first.click()
    one.button("drafts.undo").click()
    expect(one.page.get_by_text(one.say("drafts.removed"))).to_have_count(0)


def test_by_keyboard_alone(window: OpenWindow, april: Server) -> None:
    one = window()
    one.sign_in("m.okafor", f"{NEW}?about=state-order")
    act = one.button("drafts.act.find")
    expect(act).to_be_enabled()
    act.focus()
    one.page.keyboard.press("Enter")
    saved(one)
    field(one, "drafts.titleEn").focus()
    one.page.keyboard.type(" (by keyboard)")
    saved(one)
    button = one.button("act.enter")
    expect(button).to_be_enabled()
    button.focus()
    one.page.keyboard.press("Enter")
    expect(one.button("act.withdraw")).to_be_visible()
