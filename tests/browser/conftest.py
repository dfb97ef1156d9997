"""A real browser, the built pages, a running server and vendors that answer slowly."""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import build_frontend
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.window import Window
from tests.browser.words import Language
from tests.end_to_end.running import ROOT, Server
from tests.end_to_end.vendors import Vendors

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DELAY_MS = 12.0
"""Between two words of a vendor: slow enough to be seen in the middle of an answer."""

OpenWindow = Callable[..., Window]

expect.set_options(timeout=10_000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's event loop stays in the thread that asyncio's needs."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """The pages, built from the sources as they are; once for all workers of a run."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    built = shared / "pages-are-built"
    with (shared / "pages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            build_frontend.build(ROOT)
            built.touch()


@pytest.fixture(scope="session")
def vendors() -> Iterator[Vendors]:
    """The vendors of every story."""
    with Vendors(delay_ms=DELAY_MS) as running:
        yield running


@pytest.fixture(scope="module")
def options() -> Sequence[str]:
    """More options for a module's server."""
    return ()


@pytest.fixture(scope="module")
def server(
    pages: None, tmp_path_factory: pytest.TempPathFactory, vendors: Vendors, options: Sequence[str]
) -> Iterator[Server]:
    """A demonstration that the stories of a module share."""
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, "--stand-in-url", vendors.url, *options) as running:
        yield running


@pytest.fixture
def window(browser: Browser, server: Server) -> Iterator[OpenWindow]:
    """Opens windows, each of a person of its own; none may have complained at the end."""
    opened: list[Window] = []

    def open_window(*, language: Language = "en", **context: Any) -> Window:
        locale = {"en": "en-US", "fr": "fr-FR"}[language]
        page = browser.new_context(locale=locale, **context).new_page()
        opened.append(Window(page, server.url, language))
        return opened[-1]

    yield open_window
    complaints = {one.login or "nobody": one.complaints for one in opened if one.complaints}
    for one in opened:
        one.page.context.close()
    assert complaints == {}
