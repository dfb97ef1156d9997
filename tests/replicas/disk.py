"""A disk that can be filled up, and freed again.

As root it is a file system of its own, of little memory. Others cannot make one: then the
processes that write there may make no file larger than it is, which fails their writes too.
"""

import os
import resource
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil


class SmallDisk:
    """At `folder`, which is made, from a `with` block's begin to its end; `size` in megabytes."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self._size = size
        self._mounts = os.geteuid() == 0
        self._limited: list[psutil.Process] = []

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._mounts:
            told = ["-t", "tmpfs", "-o", f"size={self._size}m", "tmpfs", str(self.folder)]
            subprocess.run(["mount", *told], check=True, timeout=10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.free()
        if self._mounts:
            subprocess.run(["umount", "-l", str(self.folder)], check=True, timeout=10)

    def fill(self, writers: Iterable[int]) -> None:
        """Leaves no room for what the processes write."""
        if not self._mounts:
            self._limited = [psutil.Process(pid) for pid in writers]
            for process in self._limited:
                process.rlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            return
        with self._ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)
        for process in self._limited:
            with suppress(psutil.NoSuchProcess):
                unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                process.rlimit(resource.RLIMIT_FSIZE, unlimited)
        self._limited = []

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"
