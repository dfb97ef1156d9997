"""A demonstration in a process of its own, on a free port, in a folder that vanishes with it."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH")
# Port 9 discards: no model server of this machine is found and used.
_NO_LOCAL_MODEL = {"CHANGEOVER_LOCAL_MODEL_URL": "http://127.0.0.1:9"}
_READY = re.compile(r"Ready: (http\S+)")


class Demonstration:
    """`changeover up --demo` for a `with` block, which it gives the address.

    No vendor's key is passed on, so that stand-ins answer. `RuntimeError` when it
    does not come up.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="changeover-screenshots-")
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> str:
        data, log = Path(self._folder.name, "data"), Path(self._folder.name, "log")
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "changeover", "--data", data, "up", "--demo", "--port", "0"],
                env={**kept, **_NO_LOCAL_MODEL, "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        for line in self._process.stdout or ():
            ready = _READY.match(line)
            if ready is not None:
                return ready[1]
        said = log.read_text()
        self.__exit__()
        raise RuntimeError(f"The demonstration did not come up.\n{said}")

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=30)
        self._folder.cleanup()
