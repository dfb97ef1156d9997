"""Text recognition of pages that are pictures, by Tesseract where the machine has it.

Tesseract (Apache-2.0) is a program, Debian's packages `tesseract-ocr` and
`tesseract-ocr-fra`; it is asked for each page by itself, with a picture on its standard
input (https://tesseract-ocr.github.io/tessdoc/Command-Line-Usage.html). A language that it
lacks it leaves out. It runs on one core, and only so long. Where it is not installed,
nothing is recognised.
"""

import os
import shutil
import subprocess

PROGRAM = "tesseract"
DOTS_PER_INCH = 300
"""At which Tesseract was trained; fewer make more errors."""
_OPTIONS = ("stdin", "stdout", "-l", "eng+fra", "--dpi", f"{DOTS_PER_INCH}")
_SECONDS_A_PAGE = 60


def program() -> str | None:
    """Where Tesseract is; None where the machine has none."""
    return shutil.which(PROGRAM)


def recognise(tesseract: str, picture: bytes) -> str:
    """The text of a picture (PNM, PNG or another that it reads); "" where it finds none."""
    try:
        # The program of this machine; nothing of the document is in its arguments.
        done = subprocess.run(  # noqa: S603
            [tesseract, *_OPTIONS],
            input=picture,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            timeout=_SECONDS_A_PAGE,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace").replace("\f", "").strip()
