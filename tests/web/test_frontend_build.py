"""The web UI: its types and unit tests hold, and its build does what the wheel needs."""

import gzip
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import build_frontend
import pytest
from build_frontend import FrontendBuildError

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"


@pytest.fixture(scope="module")
def installed() -> Path:
    """`frontend/` with the packages of its lock file."""
    build_frontend.install(ROOT)
    return FRONTEND


@pytest.fixture
def copy(tmp_path: Path, installed: Path) -> Path:
    """A copy of the project's web sources that shares the installed packages."""
    shutil.copytree(installed, tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    shutil.copy(ROOT / "build_frontend.py", tmp_path)
    (tmp_path / "frontend" / "node_modules").symlink_to(installed / "node_modules")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [["node_modules/typescript/bin/tsc", "--noEmit"], ["node_modules/vitest/vitest.mjs", "run"]],
    ids=["types", "unit-tests"],
)
def test_sources_pass(installed: Path, arguments: list[str]) -> None:
    build_frontend.run(installed.parent, arguments, what=arguments[0], do="See its output.")


MOST_AT_FIRST = 215_000
"""At 400 kbit/s so many bytes take 4.3 seconds."""


def first_load(static: Path) -> None:
    """What signing in and the chat load is compressed, little, and nothing of the officers' pages."""
    page = (static / "index.html").read_text()
    names = re.findall(r'(?:src|href)="/assets/([^"]+\.(?:js|css))"', page)
    names += [path.name for path in (static / "assets").glob("Chat-*.js")]
    assert len(names) >= 4
    assert not any(name.startswith(("officers-", "Desk", "Administration")) for name in names)
    for name in names:
        whole = (static / "assets" / name).read_bytes()
        assert gzip.decompress((static / "assets" / f"{name}.gz").read_bytes()) == whole
        assert (static / "assets" / f"{name}.br").stat().st_size < len(whole) / 2
    sizes = [(static / "assets" / f"{name}.gz").stat().st_size for name in names]
    assert sum(sizes) < MOST_AT_FIRST, dict(zip(names, sizes, strict=True))


def test_builds_pages_that_a_strict_policy_can_serve(copy: Path) -> None:
    assert build_frontend.build(copy) is True
    static = copy / build_frontend.STATIC
    page = (static / "index.html").read_text()
    assert 'src="/assets/' in page
    assert not re.search(r"<style|style=|<script(?![^>]*\bsrc=)|\bon\w+=", page)
    assert (static / "assets" / "licences.md").read_text().count("\n## ") >= 3
    first_load(static)
    names = {path.suffix for path in static.rglob("*") if path.is_file()}
    assert names.isdisjoint({".map", ".woff", ".woff2", ".ttf", ".jpg", ".png"})
    styles = "".join(path.read_text() for path in static.rglob("*.css"))
    assert "data:" not in styles
    assert "prefers-color-scheme:dark" in styles.replace(" ", "")


class Vite:
    """In vite's place: counts what is run, and leaves the page that it would make."""

    def __init__(self, root: Path) -> None:
        self.root, self.runs, self.fails = root, 0, False

    def __call__(self, root: Path, arguments: Sequence[str], *, what: str, do: str) -> None:
        assert root == self.root
        if arguments[0] == "compress.mjs":
            return
        assert arguments[:2] == ["node_modules/vite/bin/vite.js", "build"]
        self.runs += 1
        if self.fails:
            raise FrontendBuildError(what, means="", do=do)
        page = root / build_frontend.STATIC / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("built")


@pytest.fixture
def vite(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Vite:
    counting = Vite(copy)
    monkeypatch.setattr(build_frontend, "run", counting)
    return counting


def test_builds_again_only_when_the_sources_changed(copy: Path, vite: Vite) -> None:
    assert build_frontend.build(copy) is True
    assert build_frontend.build(copy) is False
    (copy / "frontend" / "tests" / "more.test.ts").write_text("// the pages do not depend on it\n")
    assert build_frontend.build(copy) is False
    assert vite.runs == 1
    (copy / build_frontend.STATIC / "index.html").unlink()
    assert build_frontend.build(copy) is True
    page = copy / "frontend" / "index.html"
    page.write_text(page.read_text().replace("Changeover", "Changeover!"))
    assert build_frontend.build(copy) is True
    assert vite.runs == 3


def test_a_failed_build_is_explained(copy: Path) -> None:
    application = copy / "frontend" / "src" / "App.tsx"
    application.write_text("import { nothing } from './nowhere';\nnothing(")
    with pytest.raises(FrontendBuildError) as caught:
        build_frontend.build(copy)
    assert "vite reported an error" in str(caught.value)
    assert "App.tsx" in str(caught.value)


def test_a_failed_build_is_tried_again(copy: Path, vite: Vite) -> None:
    assert build_frontend.build(copy) is True
    page = copy / "frontend" / "index.html"
    page.write_text(page.read_text().replace("Changeover", "Changeover!"))
    vite.fails = True
    for _ in range(2):
        with pytest.raises(FrontendBuildError):
            build_frontend.build(copy)
    vite.fails = False
    assert build_frontend.build(copy) is True
    assert vite.runs == 4


def test_a_failed_installation_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontend = tmp_path / "frontend"
    frontend.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FRONTEND / name, frontend)
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/")
    monkeypatch.setenv("NPM_CONFIG_FETCH_RETRIES", "0")
    monkeypatch.setenv("NPM_CONFIG_CACHE", str(tmp_path / "cache"))
    with pytest.raises(FrontendBuildError) as caught:
        build_frontend.install(tmp_path)
    message = str(caught.value)
    assert "`npm ci` failed" in message
    assert "so Changeover was not installed" in message
    assert "Check that the npm registry can be reached" in message
    assert "ECONNREFUSED" in message
    assert not (frontend / build_frontend.INSTALLED).exists()


def test_versions_are_exact() -> None:
    package = json.loads((FRONTEND / "package.json").read_text())
    for versions in (package["dependencies"], package["devDependencies"]):
        for name, version in versions.items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} {version}"
