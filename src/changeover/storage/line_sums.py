"""Lines of others' counts, added up by DuckDB in bounded memory.

Lines go to a temporary file as they come; DuckDB reads it, and puts what does not fit
into its memory beside it. Nothing of it outlives the block.
"""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import duckdb

from changeover.evidence.reconciling.buckets import Buckets
from changeover.evidence.reconciling.model import Counted, Line

_MEMORY = "256MB"
_WHOS = 8
_NULL = "\\N"
_COLUMNS = {
    "at": "BIGINT", "until": "BIGINT", "host": "VARCHAR", "account": "VARCHAR", "who": "VARCHAR",
    "model": "VARCHAR", "requests": "BIGINT", "tokens": "BIGINT", "id": "VARCHAR",
}  # fmt: skip
# Of lines of one id the greater counts; a line without one is itself unless all of it is the same.
_ONCE = """
CREATE VIEW once AS
SELECT min("at") AS "at", max("until") AS "until", host, account, who, model,
       max(requests) AS requests, max(tokens) AS tokens, count(*) AS times
FROM lines
GROUP BY CASE WHEN id = '' THEN concat_ws('|', "at", "until") ELSE id END,
         host, account, who, model
"""
_SUMS = """
SELECT host, bucket, sum(requests), sum(tokens), min("at"), max("at"),
       bool_or("until" > "at"),
       list_slice(list_sort(list_distinct(list(trim(concat_ws(' ', account, who, model))))), 1, ?)
FROM (
  SELECT *, greatest("at" - "at" % ?, coalesce((SELECT max(c) FROM unnest(?::BIGINT[]) AS t(c)
                                               WHERE c <= "at"), 0)) AS bucket
  FROM once WHERE "at" >= ? AND "at" < ?
)
GROUP BY host, bucket ORDER BY host, bucket
"""


class SpooledLines:
    """Implements `evidence.reconciling.ports.Lines`; see `spooled_lines`."""

    def __init__(self, file: TextIO, path: Path, folder: Path) -> None:
        self._file = file
        self._path = path
        self._writer = csv.writer(file)
        self._spill = folder
        self._connection: duckdb.DuckDBPyConnection | None = None

    def add(self, line: Line) -> None:
        self._writer.writerow(
            (line.at, line.until, line.host, line.account, line.who, line.model,
             _NULL if line.requests is None else line.requests,
             _NULL if line.tokens is None else line.tokens, line.id)
        )  # fmt: skip

    def span(self) -> tuple[int, int, int] | None:
        asked = 'SELECT min("at"), max(greatest("at", "until" - 1)), max("until" - "at") FROM lines'
        first, last, longest = self._one(asked)
        if first is None or last is None or longest is None:
            return None
        return first, last, longest

    def hosts(self) -> frozenset[str]:
        rows = self._database().execute("SELECT DISTINCT host FROM lines").fetchall()
        return frozenset(host for (host,) in rows)

    def counted(self, buckets: Buckets) -> Iterator[Counted]:
        given = [_WHOS, buckets.width, list(buckets.cuts), buckets.since, buckets.until]
        asked = self._database().execute(_SUMS, given)
        while rows := asked.fetchmany(1_000):
            for host, begins, requests, tokens, first, last, whole, whos in rows:
                yield Counted(
                    host=host,
                    begins=int(begins),
                    requests=None if requests is None else int(requests),
                    tokens=None if tokens is None else int(tokens),
                    first=first,
                    last=last,
                    whole=whole,
                    whos=tuple(who for who in whos if who),
                )

    def duplicates(self) -> int:
        return int(self._one("SELECT coalesce(sum(times - 1), 0) FROM once")[0] or 0)

    def close(self) -> None:
        self._file.close()
        if self._connection is not None:
            self._connection.close()

    def _one(self, asked: str) -> tuple[int | None, ...]:
        row = self._database().execute(asked).fetchone()
        assert row is not None
        return row

    def _database(self) -> duckdb.DuckDBPyConnection:
        """All lines that were added; the first question ends adding."""
        if self._connection is None:
            self._file.close()
            self._connection = duckdb.connect(
                config={"memory_limit": _MEMORY, "threads": 1, "temp_directory": str(self._spill)}
            )
            lines = self._connection.read_csv(
                str(self._path),
                header=False,
                auto_detect=False,
                delimiter=",",
                quotechar='"',
                escapechar='"',
                na_values=_NULL,
                columns=_COLUMNS,
            )
            lines.create_view("lines")
            self._connection.execute(_ONCE)
        return self._connection


@contextmanager
def spooled_lines() -> Iterator[SpooledLines]:
    """Somewhere to add lines up, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="changeover-") as folder:
        path = Path(folder) / "lines.csv"
        lines = SpooledLines(path.open("w", encoding="utf-8", newline=""), path, Path(folder))
        try:
            yield lines
        finally:
            lines.close()
