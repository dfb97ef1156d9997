"""What the pages load: compressed as the browser takes it, and kept for good where its name is a digest."""

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from changeover.web.pages import page_routes

SCRIPT = b"console.log('a page');\n" * 100
NAMED = "/assets/Chat-BB5sXqAy.js"


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    script = assets / "Chat-BB5sXqAy.js"
    script.write_bytes(SCRIPT)
    script.with_name(script.name + ".gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name(script.name + ".br").write_bytes(b"in brotli")
    (assets / "icon-CbnL6r6y.svg").write_text("<svg/>")
    (assets / "licences.md").write_text("# Licences")
    return TestClient(Starlette(routes=page_routes(tmp_path)))


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("", None),
        ("br;q=0.000,gzip; q=0", None),
    ],
)
def test_the_smallest_form_that_is_taken(browser, accepts, encoding):
    with browser.stream("GET", NAMED, headers={"accept-encoding": accepts}) as answer:
        body = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding") == encoding
    known = {"br": b"in brotli", "gzip": gzip.compress(SCRIPT), None: SCRIPT}
    assert len(body) == len(known[encoding])
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "accept-encoding"


def test_what_is_named_by_its_digest_is_kept_for_good_and_nothing_else(browser):
    assert "immutable" in browser.get(NAMED).headers["cache-control"]
    assert "immutable" in browser.get("/assets/icon-CbnL6r6y.svg").headers["cache-control"]
    assert "cache-control" not in browser.get("/assets/licences.md").headers
    assert browser.get("/").headers["cache-control"] == "no-cache"


def test_what_the_browser_has_is_not_sent_again(browser):
    tag = browser.get(NAMED).headers["etag"]
    again = browser.get(NAMED, headers={"if-none-match": tag})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("path", ["/assets/none-BB5sXqAy.js", "/assets/../index.html", "/assets/"])
def test_there_is_nothing_else(browser, path):
    assert browser.get(path).status_code == 404
