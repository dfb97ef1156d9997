"""The keyboard alone: from signing in to signing out, with the focus always in sight."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.slowly import LONG
from tests.browser.window import PASSWORD, Window, none_of

MOST_STOPS = 80
_FOCUSED = """() => {
  const element = document.activeElement;
  element.getAnimations().forEach((one) => one.finish());
  const style = (one, pseudo) => getComputedStyle(one, pseudo);
  const outlined = ({ outlineStyle, outlineWidth, outlineColor }) =>
    (outlineStyle === 'auto' || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2))
    && !/, 0\\)$|transparent/.test(outlineColor);
  // A radio button's picture is its label's; the message field's frame stands for it.
  const label = element.labels?.item(0) ?? null;
  const frame = element.closest('.composer .field');
  const visible = outlined(style(element, null))
    || (label !== null && outlined(style(label, '::before')))
    || (frame !== null && style(frame, null).boxShadow !== 'none');
  const box = (element.matches('input[type=radio]') ? label : element).getBoundingClientRect();
  const within = box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0
    && box.top < innerHeight && box.left < innerWidth;
  const name = element.outerHTML.slice(0, 120);
  return { name, visible, within, body: element === document.body };
}"""


class Keyboard:
    """Walks a page by its focus, and remembers the stops at which the focus cannot be seen."""

    def __init__(self, window: Window) -> None:
        self._page = window.page
        self.unseen: list[str] = []
        self.stops = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def to(self, target: Locator, key: str = "Tab") -> None:
        """Tabs on until the focus is on `target`."""
        expect(target).to_be_attached()
        self._until(lambda: bool(target.evaluate("one => one === document.activeElement")), key)

    def _until(self, arrived: Callable[[], bool], key: str) -> None:
        for _ in range(MOST_STOPS):
            self.press(key)
            stop = self._page.evaluate(_FOCUSED)
            self.stops += 1
            if not stop["body"] and not (stop["visible"] and stop["within"]):
                why = "outside the window" if stop["visible"] else "without an outline"
                self.unseen.append(f"{why}: {stop['name']}")
            if arrived():
                return
        raise AssertionError(f"The keyboard does not lead there in {MOST_STOPS} steps.")


def test_the_keyboard_alone_suffices(window: OpenWindow) -> None:
    ana = window()
    keys = Keyboard(ana)
    ana.go("/")
    expect(ana.page.get_by_role("heading", level=1)).to_be_visible()
    sign_in(ana, keys)
    ask(ana, keys)
    choose_model(ana, keys)
    skip_and_stop(ana, keys)
    rename_and_leave(ana, keys)
    assert keys.stops > 20
    none_of(keys.unseen)


def sign_in(ana: Window, keys: Keyboard) -> None:
    """The first stop leads past the header; login and password are the next."""
    page = ana.page
    skip = ana.link(ana.say("app.skip"))
    keys.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keys.to(page.locator("input[name=login]"))
    keys.type("ana.silva")
    keys.to(page.locator("input[name=password]"))
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(ana.composer).to_be_focused()


def ask(ana: Window, keys: Keyboard) -> None:
    """Ask, and read about the answer."""
    keys.type("The pilot boat is grey.")
    keys.press("Shift+Enter")
    keys.type("What colour is the pilot boat?")
    keys.press("Enter")
    expect(ana.answer).to_contain_text("grey")
    ana.whole()
    expect(ana.composer).to_be_focused()
    details = ana.answer.locator("summary")
    keys.to(details, "Shift+Tab")
    keys.press("Enter")
    expect(ana.answer.get_by_text(ana.say("stamp.why"), exact=True)).to_be_visible()


def choose_model(ana: Window, keys: Keyboard) -> None:
    """Choose a model; Escape closes the menu and gives the focus back."""
    page = ana.page
    button = page.locator(".model-button")
    keys.to(button)
    keys.press("Enter")
    menu = page.get_by_role("dialog", name=ana.say("model.heading"))
    expect(menu).to_be_visible()
    radios = menu.get_by_role("radio")
    keys.to(radios.first)
    keys.press("ArrowDown", "ArrowDown")
    expect(radios.nth(2)).to_be_checked()
    chosen = radios.nth(2).evaluate("one => one.labels[0].querySelector('strong').textContent")
    keys.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_contain_text(chosen)


def skip_and_stop(ana: Window, keys: Keyboard) -> None:
    """A skip link leads to the message field; Escape stops an answer."""
    keys.to(ana.link(ana.say("chat.skip")))
    keys.press("Enter")
    expect(ana.composer).to_be_focused()
    ana.page.keyboard.insert_text(LONG)
    keys.press("Enter")
    expect(ana.button("composer.stop")).to_be_visible()
    keys.press("Escape")
    expect(ana.answer.locator(".problem-stopped")).to_be_visible()
    expect(ana.composer).to_be_focused()


def rename_and_leave(ana: Window, keys: Keyboard) -> None:
    """Give the conversation a title, begin another, and leave."""
    page = ana.page
    keys.to(ana.button("title.rename"), "Shift+Tab")
    keys.press("Enter")
    expect(page.locator("input#title")).to_be_focused()
    keys.type("Boats")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Boats")
    expect(ana.button("title.rename")).to_be_focused()
    keys.to(page.locator("a.new-conversation"))
    keys.press("Enter")
    expect(page.locator(".greeting")).to_be_visible()
    expect(ana.composer).to_be_focused()
    keys.to(ana.button("account.signOut"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(ana.say("signIn.heading"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
