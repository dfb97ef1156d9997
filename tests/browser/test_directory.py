"""Officers edit the directory: sets of changes, previewed, recorded by one or by two."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.window import Window, none_of
from tests.end_to_end.running import Server


@pytest.fixture(scope="module")
def april(server: Server) -> Server:
    """The scenario played to 10 April."""
    server.run("scenario", "play", "--until", "2026-04-10T12:00")
    return server


def add(one: Window, key: str, name: str) -> None:
    """Adds to a field of many by typing a name."""
    box = one.page.get_by_role("combobox", name=one.say("form.pick", what=one.say(key)), exact=True)
    box.fill(name)
    box.press("Enter")


def test_a_name_is_added_by_one_officer_and_undone(window: OpenWindow, april: Server) -> None:
    one, wrong = window(), []
    one.sign_in("m.okafor", "/desk/directory")
    expect(one.page.get_by_role("heading", name=one.say("directory.things"))).to_be_visible()
    wrong += found(one, "the directory")
    one.page.get_by_label(one.say("directory.search")).fill("treasury")
    one.link("Department of the Treasury").click()
    expect(one.page.get_by_text(one.say("directory.namedByMeans"))).to_be_visible()
    wrong += found(one, "a party")
    one.button("directory.edit").click()
    add(one, "directory.aliases", "The Exchequer")
    wrong += found(one, "a party's form")
    one.page.reload()
    one.button("directory.edit").click()
    expect(one.page.get_by_text(one.say("form.restored"))).to_be_visible()
    one.button("directory.save").click()
    expect(one.page.get_by_text(one.say("directory.needsNoSecond"))).to_be_visible()
    expect(one.page.get_by_text("The Exchequer")).to_be_visible()
    wrong += found(one, "a set of changes")
    one.button("directory.record").click()
    expect(one.page.get_by_text(one.say("directory.isMeans.recorded"))).to_be_visible()
    told = one.told("/desk/directory/thing?kind=party&id=treasury")
    assert "The Exchequer" in told["form"]["aliases"]
    one.button("directory.reverse").click()
    one.button("directory.record").click()
    expect(one.page.get_by_text(one.say("directory.isMeans.recorded"))).to_be_visible()
    told = one.told("/desk/directory/thing?kind=party&id=treasury")
    assert "The Exchequer" not in told["form"]["aliases"]
    assert [line["action"] for line in told["history"]] == ["added", "changed", "changed"]
    none_of(wrong)


def test_a_party_is_entered_by_one_and_confirmed_by_another_in_french(
    window: OpenWindow, april: Server
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/directory/new/party?name=Bureau%20of%20Maps")
    name = one.page.get_by_label(re.compile(f"^{re.escape(one.say('directory.nameEn'))}"))
    expect(name).to_have_value("Bureau of Maps")
    part = one.page.get_by_label(one.say("directory.partOf"))
    part.select_option("state")
    one.button("directory.addRelation").click()
    wrong += found(one, "a new party's form")
    one.button("directory.save").click()
    expect(one.page.get_by_text("$.parties.bureau-of-maps.relations")).to_have_count(2)
    expect(one.button("directory.enter")).to_be_disabled()
    one.link(f"{one.say('directory.edit')} bureau-of-maps").click()
    one.button("directory.removeRelation").click()
    one.button("directory.save").click()
    expect(one.page.get_by_text(one.say("directory.needsSecond"))).to_be_visible()
    one.button("directory.enter").click()
    expect(one.page.get_by_text(one.say("directory.yours"))).to_be_visible()
    expect(one.button("directory.confirm")).to_be_disabled()
    other.sign_in("l.tremblay", "/desk")
    other.link(other.say("inbox.kind.directory")).click()
    wrong += found(other, "what another officer entered")
    other.button("directory.confirm").click()
    expect(other.page.get_by_text(other.say("directory.isMeans.recorded"))).to_be_visible()
    told = other.told("/desk/directory/thing?kind=party&id=bureau-of-maps")
    assert told["line"]["within"] == "state"
    none_of(wrong)


def test_something_recorded_meanwhile_is_shown(window: OpenWindow, april: Server) -> None:
    one, other = window(), window(language="fr")
    one.sign_in("m.okafor", "/desk/directory/things/vendor/google")
    other.sign_in("l.tremblay", "/desk/directory/things/vendor/google")
    for person, alias in ((one, "Mine"), (other, "Theirs")):
        person.button("directory.edit").click()
        add(person, "directory.aliases", alias)
    one.button("directory.save").click()
    expect(one.button("directory.record")).to_be_enabled()
    other.button("directory.save").click()
    expect(other.button("directory.record")).to_be_enabled()
    other.button("directory.record").click()
    expect(other.page.get_by_text(other.say("directory.isMeans.recorded"))).to_be_visible()
    expect(one.page.get_by_text(one.say("directory.overtaken"))).to_be_visible()
    expect(one.button("directory.record")).to_be_disabled()
    one.button("directory.takeUp").click()
    expect(one.button("directory.record")).to_be_enabled()


def test_by_keyboard_on_a_narrow_screen(window: OpenWindow, april: Server) -> None:
    one, wrong = window(viewport={"width": 360, "height": 740}), []
    one.sign_in("m.okafor", "/desk/directory")
    chosen = one.page.get_by_label(one.say("directory.show"))
    chosen.focus()
    chosen.press("ArrowDown")
    chosen.press("ArrowDown")
    chosen.press("ArrowDown")
    link = one.link(one.say("directory.new.vendor"))
    link.focus()
    link.press("Enter")
    name = one.page.get_by_label(re.compile(f"^{re.escape(one.say('directory.nameEn'))}"))
    name.press_sequentially("Maple Models")
    name.press("Tab")
    one.page.keyboard.type("Modèles Érable")
    wrong += found(one, "a new vendor's form, narrow")
    one.page.keyboard.press("Enter")
    expect(one.page.get_by_text(one.say("directory.isAdded"))).to_be_visible()
    wrong += found(one, "a set of changes, narrow")
    none_of(wrong)
