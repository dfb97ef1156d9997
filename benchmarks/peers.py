"""Peers, installed only when they are asked for, each in an environment of its own.

`PEERS=1` installs them under `var/peers`; one that cannot be installed is said
and left out. A peer is other people's code from a registry: its version is
pinned, and it runs with an empty environment and home folder, on 127.0.0.1.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.load import System
from benchmarks.processes import free_port, started, wait_for

_ROOT = Path(__file__).parents[1]
_FOLDER = _ROOT / "var" / "peers"
_READY_SECONDS = 120.0
_INSTALL_SECONDS = 900.0

# Not a range: 1.82.7, 1.82.8 and 1.107.0 were published by thieves.
_LITELLM = "litellm[proxy]==1.106.2"
_LITELLM_KEY = "sk-benchmark"
_LITELLM_SETTINGS = """\
model_list:
  - model_name: gpt-4.1
    litellm_params:
      model: openai/gpt-4.1
      api_base: http://127.0.0.1:{upstream}/v1
      api_key: benchmark-upstream-key
litellm_settings:
  telemetry: false
general_settings:
  master_key: {key}
"""

Running = Callable[[Path, int], AbstractContextManager[System]]


def peers_here() -> list[Running]:
    """What runs each peer, given a folder and the upstream's port; none without `PEERS=1`."""
    if os.environ.get("PEERS") != "1":
        return []
    folder = _installed("litellm", _LITELLM)
    if folder is None:
        return []

    def litellm(scratch: Path, upstream: int) -> AbstractContextManager[System]:
        return _litellm(folder, scratch, upstream)

    return [litellm]


def _installed(name: str, requirement: str) -> Path | None:
    """The environment that holds the peer; None, and said why, if it cannot be installed."""
    folder = _FOLDER / name
    mark = folder / ".installed"
    if mark.exists() and mark.read_text(encoding="utf-8") == requirement:
        return folder
    print(f"Installing {requirement} into {folder.relative_to(_ROOT)} …", file=sys.stderr)
    python = str(folder / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        for command in ([sys.executable, "-m", "venv", str(folder)], [*install, requirement]):
            subprocess.run(
                command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS
            )
    except subprocess.CalledProcessError as error:
        print(f"{requirement} could not be installed: {error.stderr[-500:]}", file=sys.stderr)
        return None
    except (subprocess.TimeoutExpired, OSError) as error:
        print(f"{requirement} could not be installed: {error}", file=sys.stderr)
        return None
    mark.write_text(requirement, encoding="utf-8")
    return folder


@contextmanager
def _litellm(folder: Path, scratch: Path, upstream: int) -> Iterator[System]:
    """LiteLLM's proxy with one worker, a master key and no database."""
    port, log, settings = free_port(), scratch / "litellm.log", scratch / "litellm.yaml"
    text = _LITELLM_SETTINGS.format(upstream=upstream, key=_LITELLM_KEY)
    settings.write_text(text, encoding="utf-8")
    alone = {
        "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
        "HOME": str(scratch),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "NO_PROXY": "127.0.0.1",
    }
    command = [
        str(folder / "bin" / "litellm"),
        *("--config", str(settings), "--host", "127.0.0.1", "--port", str(port)),
        *("--num_workers", "1"),
    ]
    with started(command, log, alone) as process:
        wait_for(process, log, "Uvicorn running", _READY_SECONDS)
        yield System(name="litellm", port=port, key=_LITELLM_KEY, pid=process.pid)
