"""What chatting costs in a browser: long conversations, the first word's way, and a bad line.

The server is that of the gateway's rows, and StateChat asks a vendor of ours that answers at once.
Conversations are taken in from files, alike but for their length. The browser's work is what
Chromium counts as its main thread's tasks (`TaskDuration`), the server's the processor time of its
process; both for a whole turn, with what the page asks for around it.
"""

import base64
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.gateway import our_gateway
from benchmarks.processes import environment, free_port, processor_seconds, started, wait_for
from benchmarks.results import Against, Goal, Row, median, row
from benchmarks.slow_line import SlowLine
from benchmarks.talks import long_talk

_READY_SECONDS = 60.0
_CHROMIUM = "/usr/bin/chromium"
_SHORT, _LONG = 20, 2_000
_PERSON = "ana.silva"
_SETTLED_MS = 500
_MESSAGE = "Say what a changeover is."
# The instant in a text that `stamping` wrote, and when the page had it.
_WATCH = r"""() => {
  const newest = () => {
    const last = [...document.querySelectorAll("article.answer")].at(-1);
    return /stamp (\d+\.\d+) end/.exec(last?.textContent ?? "")?.[1] ?? null;
  };
  const before = newest();
  const watching = new MutationObserver(() => {
    const stamp = newest();
    if (stamp !== null && stamp !== before) {
      watching.disconnect();
      window.stampWay = performance.timeOrigin + performance.now() - 1000 * Number(stamp);
    }
  });
  watching.observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How often each is done."""

    rounds: int = 3
    messages: int = 4
    loads: int = 3


QUICK = Plan(rounds=1, messages=2, loads=1)


class Costs(msgspec.Struct):
    """What was seen of one length of conversation."""

    opening: list[float] = msgspec.field(default_factory=list)
    server: list[float] = msgspec.field(default_factory=list)
    bytes: list[float] = msgspec.field(default_factory=list)
    browser: list[float] = msgspec.field(default_factory=list)


def measure(plan: Plan) -> list[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="changeover-bench-") as folder,
        _vendor(folder) as port,
        our_gateway(Path(folder), port) as gateway,
        _browser() as browser,
    ):
        url = f"http://127.0.0.1:{gateway.port}/"
        lengths = {_SHORT: Costs(), _LONG: Costs()}
        window = _Window(browser, url, gateway.pid)
        for turns in lengths:
            window.bring(turns)
        for _ in range(plan.rounds):
            for turns, costs in lengths.items():
                window.talk(turns, costs, plan.messages)
        loads = [_on_a_bad_line(browser, url) for _ in range(plan.loads)]
    return [*_rows(lengths, window.ways), *_line_rows(loads)]


def _rows(lengths: dict[int, Costs], ways: list[float]) -> list[Row]:
    short, long = lengths[_SHORT], lengths[_LONG]
    beside = f"the same with {_SHORT} turns"
    fair = Goal(1.5, of="ratio")
    opening = Against(beside, median(short.opening))
    return [
        row("chat-open-2000", median(long.opening), "ms", opening, Goal(300)),
        row(
            "chat-send-2000-server",
            median(long.server),
            "cpu-ms",
            Against(beside, median(short.server)),
            fair,
        ),
        row(
            "chat-send-2000-bytes",
            median(long.bytes),
            "bytes",
            Against(beside, median(short.bytes)),
            fair,
        ),
        row(
            "chat-send-2000-browser",
            median(long.browser),
            "ms",
            Against(beside, median(short.browser)),
            fair,
        ),
        row("chat-first-word", median(ways), "ms", Against("the vendor's writing of it"), Goal(20)),
    ]


def _line_rows(loads: list[tuple[float, float]]) -> list[Row]:
    line = Against("400 kbit/s, 400 ms, 2 % loss, nothing in the browser's store")
    return [
        row("line-sign-in", median([first for first, _ in loads]), "s", line, Goal(8)),
        row("line-chat", median([chat for _, chat in loads]), "s", line, Goal(8)),
    ]


@contextmanager
def _vendor(folder: str) -> Iterator[int]:
    port, log = free_port(), Path(folder) / "stamping.log"
    command = [sys.executable, "-m", "benchmarks.stamping", str(port)]
    with started(command, log, environment()) as process:
        wait_for(process, log, "Ready", _READY_SECONDS)
        yield port


@contextmanager
def _browser() -> Iterator[Browser]:
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=arguments)
        yield browser
        browser.close()


class _Window:
    """A person's window; `ways` are the milliseconds of each first word's way."""

    def __init__(self, browser: Browser, url: str, server: int) -> None:
        self._page = browser.new_context(locale="en-US").new_page()
        self._url = url
        self._server = server
        self.ways: list[float] = []
        self._came = 0
        self._tools = self._page.context.new_cdp_session(self._page)
        self._tools.send("Performance.enable")
        self._tools.send("Network.enable")
        self._tools.on("Network.dataReceived", self._arrived)
        self._page.goto(url)
        _sign_in(self._page)
        self._page.locator(".greeting").wait_for()

    def _arrived(self, told: dict[str, Any]) -> None:
        self._came += int(told["dataLength"])

    def bring(self, turns: int) -> None:
        """Takes in a conversation of so many turns."""
        asking = self._page.request
        file = base64.b64encode(msgspec.json.encode(long_talk(turns))).decode()
        answered = asking.post(
            f"{self._url}api/conversation-imports",
            data={"name": "talk.json", "content": file},
            headers={
                "x-csrf-token": asking.get(f"{self._url}api/session").json()["csrf"],
                "origin": self._url.rstrip("/"),
            },
        )
        assert answered.ok, answered.text()

    def talk(self, turns: int, costs: Costs, messages: int) -> None:
        """Opens the conversation and writes in it."""
        page = self._page
        page.goto(self._url)
        page.locator(".greeting").wait_for()
        page.wait_for_timeout(_SETTLED_MS)

        def opened() -> None:
            page.get_by_role("link", name=f"A talk of {turns} turns", exact=True).click()
            page.locator("article.answer").last.wait_for()
            page.wait_for_timeout(_SETTLED_MS)

        costs.opening.append(self._work(opened))
        for _ in range(messages):
            before, came = processor_seconds(self._server), self._came
            costs.browser.append(self._work(self._sent))
            costs.server.append((processor_seconds(self._server) - before) * 1000)
            costs.bytes.append(float(self._came - came))
            self.ways.append(page.evaluate("window.stampWay"))

    def _sent(self) -> None:
        page = self._page
        count = page.locator("article.answer").count()
        page.evaluate(_WATCH)
        page.locator("textarea").fill(_MESSAGE)
        page.keyboard.press("Enter")
        page.wait_for_function(
            "count => document.querySelectorAll('article.answer').length > count"
            " && document.querySelector('.writing') === null",
            arg=count,
        )
        page.wait_for_timeout(_SETTLED_MS)

    def _work(self, deed: Callable[[], None]) -> float:
        """Milliseconds of the browser's work for a deed."""
        before = self._tasks()
        deed()
        return (self._tasks() - before) * 1000

    def _tasks(self) -> float:
        metrics = self._tools.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def _sign_in(page: Page) -> None:
    page.locator("button.account", has_text=_PERSON).click()


def _on_a_bad_line(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds from nothing to the sign-in page, and, signed in, from nothing to the chat."""
    with SlowLine(url) as line:
        context = browser.new_context(locale="en-US")
        page = context.new_page()
        first = _seconds(page, line.url, "button.account")
        _sign_in(page)
        page.locator("textarea").wait_for(timeout=30_000)
        signed_in = context.storage_state()
        context.close()
        context = browser.new_context(locale="en-US", storage_state=signed_in)
        chat = _seconds(context.new_page(), line.url, "textarea")
        context.close()
    return first, chat


def _seconds(page: Page, url: str, sign: str) -> float:
    began = time.perf_counter()
    page.goto(url, wait_until="commit", timeout=30_000)
    page.locator(sign).first.wait_for(timeout=30_000)
    return time.perf_counter() - began
