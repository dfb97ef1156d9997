"""The lines of a page while it is walked, each kept in pieces until it ends."""

import re

_SPACE = re.compile(r"[ \t\r\n\f\v\u200b]+")


class Lines:
    """Lines written so far. A mark (`# `, `- `) stands before the words that come next.

    In a cell of a table of words nothing ends the line but the row.
    """

    def __init__(self) -> None:
        self._ended: list[str] = []
        self._pieces: list[str] = []
        self._mark = ""
        self._cells: list[bool] = []
        self._kept = 0

    def text(self) -> str:
        """All of it; to be asked once, at the end."""
        self._end_line()
        return "\n".join(self._ended).strip() + "\n"

    def write(self, text: str | None) -> None:
        """Words, with white space as HTML shows it."""
        if not text:
            return
        if not self._kept or self._in_cell():
            self._put(text)
            return
        for number, line in enumerate(text.split("\n")):
            if number and self._pieces:
                self._end_line()
            elif number:
                self.apart()
            self._put(line)

    def begin(self, mark: str, *, apart: bool) -> None:
        """A heading or an item begins."""
        if apart:
            self.apart()
        else:
            self.end()
        if not self._in_cell():
            self._mark = mark

    def end(self) -> None:
        """The line ends; in a cell, a word does."""
        if self._in_cell():
            self._put(" ")
        elif self._pieces:
            self._end_line()

    def wrap(self) -> None:
        """A line break: a heading goes on over it."""
        if self._mark.startswith("#"):
            self._put(" ")
        else:
            self.end()

    def apart(self) -> None:
        """A block begins or ends: a blank line, unless a mark still waits for its words."""
        self.end()
        if not self._in_cell() and not self._mark and self._ended and self._ended[-1]:
            self._ended.append("")

    def close_item(self) -> None:
        """An item ends; one without words leaves nothing."""
        self.end()
        if not self._pieces:
            self._mark = ""

    def open_cell(self, *, of_words: bool) -> None:
        """A cell begins: after a bar, or by itself where the table arranges a page."""
        if not of_words:
            self.apart()
        elif self._pieces and not self._in_cell():
            self._pieces[-1] = self._pieces[-1].rstrip(" ")
            self._pieces.append(" | ")
        self._cells.append(of_words)

    def close_cell(self) -> None:
        """A cell ends."""
        if self._cells and not self._cells.pop():
            self.apart()

    def keep_breaks(self, *, keep: bool) -> None:
        """Preformatted text begins or ends."""
        self._kept += 1 if keep else -1

    def _in_cell(self) -> bool:
        return bool(self._cells) and self._cells[-1]

    def _end_line(self) -> None:
        if self._pieces:
            self._ended.append((self._mark + "".join(self._pieces)).rstrip())
        self._pieces = []
        self._mark = ""

    def _put(self, text: str) -> None:
        words = _SPACE.sub(" ", text)
        if not self._pieces or self._pieces[-1].endswith(" "):
            words = words.lstrip(" ")
        if words:
            self._pieces.append(words)
