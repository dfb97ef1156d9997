"""The compliance page's tables as reports that people read, in English and French.

A status report and the register are one table; a disclosure and the inventory have more
columns than a page has room for, and give each row a table of its own, in which what is
not known stays empty to be filled in.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.text import Bilingual, Language
from changeover.evidence.compliance import Compliance, PartyCompliance
from changeover.evidence.exports import Table
from changeover.evidence.register import COLUMNS

_STATES: dict[str, Bilingual] = {
    "not-started": Bilingual("not started", "pas commencé"),
    "winding-down": Bilingual("winding down", "en retrait"),
    "ended": Bilingual("ended", "terminé"),
    "waived": Bilingual("waived", "dérogation"),
    "unknown": Bilingual("unknown", "inconnu"),
}
_STATUS = (
    Bilingual("Party", "Entité"),
    Bilingual("State", "État"),
    Bilingual("Calls observed", "Appels observés"),
    Bilingual("Last call", "Dernier appel"),
    Bilingual("Refused", "Refusés"),
    Bilingual("Days left", "Jours restants"),
    Bilingual("Uses stated", "Usages déclarés"),
)
_FIELDS: dict[str, Bilingual] = {
    "contract_number": Bilingual("Contract", "Contrat"),
    "order_number": Bilingual("Order", "Arrêté"),
    "product_or_service": Bilingual("Product or service", "Produit ou service"),
    "source": Bilingual("Observed or stated", "Observé ou déclaré"),
    "vendor_identifiers": Bilingual("Identifiers of the vendor", "Identifiants du fournisseur"),
    "brand": Bilingual("Brand", "Marque"),
    "model_number": Bilingual("Model number", "Numéro de modèle"),
    "item_description": Bilingual("Description", "Description"),
    "mitigation": Bilingual("Mitigation", "Mesures d’atténuation"),
    "first_report_due": Bilingual("First report due", "Premier rapport dû le"),
    "further_report_due": Bilingual("Further report due", "Second rapport dû le"),
    "basis": Bilingual("Legal basis", "Base légale"),
    "party": Bilingual("Party", "Entité"),
    "use": Bilingual("Use", "Usage"),
    "vendor": Bilingual("Vendor", "Fournisseur"),
    "model": Bilingual("Model", "Modèle"),
    "count": Bilingual("Count", "Nombre"),
    "owner": Bilingual("Owner", "Responsable"),
    "contract": Bilingual("Contract", "Contrat"),
    "since": Bilingual("Since", "Depuis"),
    "until": Bilingual("Until", "Jusqu’au"),
    "evidence": Bilingual("Evidence", "Pièces"),
    "note": Bilingual("Note", "Remarque"),
}
"""Headings of columns; a schema's own column that is not here is shown by its name."""
_TITLES = {
    "status": Bilingual("Status report: {0}", "Rapport de situation : {0}"),
    "disclosure": Bilingual("Contractors’ disclosure: {0}", "Déclaration des sous-traitants : {0}"),
    "inventory": Bilingual("AI use-case inventory", "Inventaire des usages de l’IA"),
    "register": Bilingual("Stated uses", "Usages déclarés"),
}
_AS_OF = Bilingual("As of {0}.", "Au {0}.")
_INTRO = {
    "status": Bilingual(
        "Observed is what passed through the gateway; stated is what was told.",
        "Observé : passé par la passerelle ; déclaré : ce qui a été dit.",
    ),
    "disclosure": Bilingual(
        "The items are those of FAR 52.204-30. What is not known is left empty.",
        "Les rubriques sont celles de FAR 52.204-30. Ce qui n’est pas connu reste vide.",
    ),
    "inventory": Bilingual(
        "The columns are those of the United States’ schema of 2025. What is not known is left"
        " empty.",
        "Les colonnes sont celles du schéma des États-Unis de 2025. Ce qui n’est pas connu reste"
        " vide.",
    ),
    "register": Bilingual(
        "What does not pass through the gateway, as it was told; none of it was observed.",
        "Ce qui ne passe pas par la passerelle, tel que déclaré ; rien n’en a été observé.",
    ),
}
_NOTHING = Bilingual("There is nothing to report.", "Il n’y a rien à déclarer.")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report in one language, laid out as one table or as a table for each row (`records`)."""

    language: Language
    title: str
    intro: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    records: bool = False

    @property
    def nothing(self) -> str:
        return _NOTHING.in_language(self.language)


class Reporting(msgspec.Struct, frozen=True, kw_only=True):
    """In which language, at which instant and in which zone a report is made."""

    language: Language
    now: datetime
    zone: ZoneInfo

    def report(
        self,
        kind: str,
        headings: Iterable[str],
        rows: Iterable[Sequence[str]],
        *,
        of: str = "",
        records: bool = False,
    ) -> Report:
        when = self.now.astimezone(self.zone).strftime("%Y-%m-%d %H:%M %Z")
        as_of = _AS_OF.in_language(self.language).format(when)
        return Report(
            language=self.language,
            title=_TITLES[kind].in_language(self.language).format(of),
            intro=f"{as_of} {_INTRO[kind].in_language(self.language)}",
            headings=tuple(headings),
            rows=tuple(tuple(row) for row in rows),
            records=records,
        )


def status_report(found: Compliance, made: Reporting) -> Report:
    """The parties of an order as they stand."""
    language = made.language
    rows = (_status_row(line, made) for line in found.parties)
    title = found.title.in_language(language)
    return made.report("status", (h.in_language(language) for h in _STATUS), rows, of=title)


def _status_row(line: PartyCompliance, made: Reporting) -> tuple[str, ...]:
    last = line.last_call
    return (
        line.name.in_language(made.language),
        _STATES[line.state].in_language(made.language),
        str(line.calls),
        "" if last is None else f"{last.astimezone(made.zone):%Y-%m-%d}",
        str(line.refused),
        "" if line.days_left is None else str(line.days_left),
        str(line.stated),
    )


def disclosure_report(table: Table, found: Compliance, made: Reporting) -> Report:
    """What contractors disclose about an order, an item each."""
    of = found.title.in_language(made.language)
    headings = _headings(table.columns, made.language)
    return made.report("disclosure", headings, _texts(table), of=of, records=True)


def inventory_report(table: Table, made: Reporting) -> Report:
    """The inventory, a use case each, under the schema's own names of its columns."""
    return made.report("inventory", table.columns, _texts(table), records=True)


def register_report(table: Table, made: Reporting) -> Report:
    """The register of stated uses, without the columns that no line fills."""
    rows = _texts(table)
    used = [
        n for n, name in enumerate(table.columns) if name in COLUMNS[:3] or any(r[n] for r in rows)
    ]
    headings = _headings([table.columns[n] for n in used], made.language)
    return made.report("register", headings, ([row[n] for n in used] for row in rows))


def _headings(columns: Iterable[str], language: Language) -> list[str]:
    return [_FIELDS[c].in_language(language) if c in _FIELDS else c for c in columns]


def _texts(table: Table) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in table.rows]
