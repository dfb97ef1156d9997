"""Tables as CSV that spreadsheets open as they are (RFC 4180).

UTF-8 with a byte-order mark, lines ended by CR LF. A cell that begins as a formula
would is written with an apostrophe before it, which spreadsheets show as text: what an
officer exports is opened by others (CWE-1236).
"""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The bytes of a table; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
