"""`make screenshots`: the story that the documents' pictures tell still plays."""

import subprocess
import sys
from pathlib import Path

from screenshots.story import PICTURES

from tests.end_to_end.running import ROOT


def test_the_story_plays_and_every_picture_is_taken(pages: None, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "screenshots", "--into", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert {picture.name for picture in tmp_path.iterdir()} == set(PICTURES)
