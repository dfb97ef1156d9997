"""`python -m screenshots`: plays the story in Chromium and writes the pictures to docs/images.

It needs the pages built, Debian's Chromium and the test dependencies, all of
which `make screenshots` sees to. Vendors are stand-ins and the clock is the
scenario's, so that the same sources give the same pictures.
"""

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

from screenshots.album import LARGEST, Album
from screenshots.demonstration import Demonstration
from screenshots.story import tell

IMAGES = Path(__file__).parents[1] / "docs" / "images"


def main() -> None:
    """Takes every picture and says how large each became."""
    parser = argparse.ArgumentParser(prog="python -m screenshots", description=__doc__)
    parser.add_argument("--into", type=Path, default=IMAGES, help="a folder, made where missing")
    into: Path = parser.parse_args().into
    with Demonstration() as url, sync_playwright() as playwright, Album(playwright, url) as album:
        tell(album)
        taken = album.taken
    into.mkdir(parents=True, exist_ok=True)
    for name, picture in taken.items():
        (into / name).write_bytes(picture)
        print(f"{into / name}  {len(picture) // 1024} KB")
    heavy = [name for name, picture in taken.items() if len(picture) > LARGEST]
    if heavy:
        raise SystemExit(f"Larger than {LARGEST // 1024} KB: {', '.join(heavy)}")


if __name__ == "__main__":
    main()
