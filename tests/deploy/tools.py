"""The linters that these tests run: their commands stand beside the interpreter or on the path."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs.repository import ROOT

DEPLOY = ROOT / "deploy"


def run(command: str, *arguments: str | Path) -> str:
    """What a linter says; it must be there, and end with 0."""
    beside = Path(sys.executable).parent
    program = shutil.which(command, path=str(beside)) or shutil.which(command)
    assert program is not None, f"{command} is missing: `make test` installs it"
    done = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
