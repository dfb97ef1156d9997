"""The files that leave the compliance page: each report as CSV, as HTML or as Word."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Language
from changeover.directory.model import Directory
from changeover.evidence.compliance import Compliance
from changeover.evidence.exports import (
    Table,
    disclosure_table,
    inventory_table,
    register_table,
    status_table,
)
from changeover.evidence.printing import html
from changeover.evidence.register import StatedUse
from changeover.evidence.reports import (
    Report,
    Reporting,
    disclosure_report,
    inventory_report,
    register_report,
    status_report,
)
from changeover.evidence.word import word
from changeover.orders.ruleset import Ruleset
from changeover.web.api import Caller

OF_EVERYTHING = ("inventory", "register", "template")
"""Exports that are of no one order."""
_OF_AN_ORDER = ("status", "disclosure")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Form = Literal["csv", "html", "word"]


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """A file: its name, its type, and its bytes (base64 in JSON)."""

    name: str
    type: str
    content: bytes


def told_export(what: str, form: str, exported: Exported, caller: Caller) -> dict[str, str]:
    """What the ledger is told of a file that is taken away."""
    digest = hashlib.sha256(exported.content).hexdigest()
    return {"what": what, "form": form, "sha256": digest, "account": caller.account.id}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which report, in which form and language, at which instant.

    `discovered` is when a contractor's discovery was, by which a disclosure is due.
    """

    kind: str
    form: Form
    language: Language
    now: datetime
    discovered: datetime

    def written(self, name: str, table: Table, report: Report) -> Exported:
        if self.form == "csv":
            return Exported(name=f"{name}.csv", type="text/csv", content=table.csv())
        name = f"{name}-{self.language}"
        if self.form == "html":
            return Exported(name=f"{name}.html", type="text/html", content=html(report))
        return Exported(name=f"{name}.docx", type=_WORD, content=word(report))

    def made(self, directory: Directory) -> Reporting:
        zone = ZoneInfo(directory.zone)
        return Reporting(language=self.language, now=self.now, zone=zone)


def form_and_language(form: str, language: str) -> tuple[Form, Language]:
    """Those that were asked for; `InvalidInputError` for one that there is not."""
    match form, language:
        case ("csv" | "html" | "word") as known, ("en" | "fr") as spoken:
            return known, spoken
        case _:
            raise InvalidInputError(
                f"There is no report as {form!r} in {language!r}.",
                do="Ask for form csv, html or word, and for language en or fr.",
            )


def export_all(wanted: Wanted, ruleset: Ruleset, uses: Sequence[StatedUse]) -> Exported:
    """An export that is of no one order; the template for the register is CSV in any form."""
    made = wanted.made(ruleset.directory)
    if wanted.kind == "inventory":
        table = inventory_table(ruleset, wanted.now)
        return wanted.written("ai-use-case-inventory", table, inventory_report(table, made))
    if wanted.kind == "register":
        table = register_table(uses)
        return wanted.written("stated-uses", table, register_report(table, made))
    template = register_table(()).csv()
    return Exported(name="stated-uses-template.csv", type="text/csv", content=template)


def export_order(
    wanted: Wanted, directory: Directory, board: Compliance, uses: Sequence[StatedUse]
) -> Exported:
    """An export on an order; `InvalidInputError` for a kind that there is not."""
    made = wanted.made(directory)
    match wanted.kind:
        case "status":
            report = status_report(board, made)
            return wanted.written(f"status-{board.order}", status_table(board), report)
        case "disclosure":
            table = disclosure_table(directory, board, uses, wanted.discovered)
            report = disclosure_report(table, board, made)
            return wanted.written(f"disclosure-{board.order}", table, report)
        case kind:
            known = ", ".join((*_OF_AN_ORDER, *OF_EVERYTHING))
            raise InvalidInputError(f"There is no export {kind!r}.", do=f"Ask for {known}.")
