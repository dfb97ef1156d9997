"""The files that leave the compliance page."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Directory
from changeover.evidence.compliance import Compliance
from changeover.evidence.exports import (
    disclosure_csv,
    inventory_csv,
    status_csv,
    status_html,
)
from changeover.evidence.register import COLUMNS, StatedUse
from changeover.evidence.spreadsheet import write_csv
from changeover.orders.ruleset import Ruleset

OF_EVERYTHING = ("inventory", "register", "template")
"""Exports that are of no one order."""
_OF_AN_ORDER = ("status", "status-en", "status-fr", "disclosure")


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """A file: its name, its type, and its bytes (base64 in JSON)."""

    name: str
    type: str
    content: bytes


def export_all(kind: str, ruleset: Ruleset, now: datetime, uses: Sequence[StatedUse]) -> Exported:
    """An export that is of no one order."""
    if kind == "inventory":
        return _csv("ai-use-case-inventory", inventory_csv(ruleset, now))
    lines = uses if kind == "register" else ()
    rows = ([getattr(use, column) for column in COLUMNS] for use in lines)
    name = "stated-uses" if kind == "register" else "stated-uses-template"
    return _csv(name, write_csv(COLUMNS, rows))


def export_order(
    kind: str,
    directory: Directory,
    board: Compliance,
    uses: Sequence[StatedUse],
    at: tuple[datetime, datetime],
) -> Exported:
    """An export on an order, `at` now and for a disclosure at its discovery.

    `InvalidInputError` for a kind that there is not.
    """
    now, discovered = at
    match kind:
        case "status":
            return _csv(f"status-{board.order}", status_csv(board))
        case "status-en":
            return _html(board, status_html(board, "en", now, ZoneInfo(directory.zone)), "en")
        case "status-fr":
            return _html(board, status_html(board, "fr", now, ZoneInfo(directory.zone)), "fr")
        case "disclosure":
            content = disclosure_csv(directory, board, uses, discovered)
            return _csv(f"disclosure-{board.order}", content)
        case _:
            known = ", ".join((*_OF_AN_ORDER, *OF_EVERYTHING))
            raise InvalidInputError(f"There is no export {kind!r}.", do=f"Ask for {known}.")


def _csv(name: str, content: bytes) -> Exported:
    return Exported(name=f"{name}.csv", type="text/csv", content=content)


def _html(board: Compliance, content: bytes, language: str) -> Exported:
    name = f"status-{board.order}-{language}.html"
    return Exported(name=name, type="text/html", content=content)
