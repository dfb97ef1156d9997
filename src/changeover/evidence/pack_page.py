"""What a pack shows, as a page for readers: HTML that prints, with no script and nothing fetched.

It is made of the verifier's answer alone, so that whoever has the pack makes the same page. The
reasons why a record is incomplete stand in the verifier's own words.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

import msgspec

from changeover.basics.text import Bilingual, Language
from changeover.evidence.chart import Count, chart, legend
from changeover.evidence.declaration import NOT_COVERED, NOT_RECONCILED, RECONCILED
from changeover.evidence.pack import Redacted
from changeover.evidence.printing import STYLE
from changeover.evidence.reconciling.model import Finding, Report, Row

_STYLE = STYLE + (
    ".answer{border:2px solid #333;padding:.8em 1em}.legend{list-style:none;padding:0}"
    ".legend li{display:inline-block;margin-right:1.2em}code{overflow-wrap:anywhere}"
    "td{overflow-wrap:anywhere}section{overflow-x:auto}@media(max-width:40em){body{margin:1em}}"
)
_ANSWERS = {
    "none-recorded": Bilingual(
        "None recorded. The record is unbroken for the declared routes.",
        "Aucun enregistré. L’enregistrement est ininterrompu pour les voies déclarées.",
    ),
    "these-calls": Bilingual(
        "These calls: {0}. The record is unbroken for the declared routes.",
        "Ces appels : {0}. L’enregistrement est ininterrompu pour les voies déclarées.",
    ),
    "incomplete": Bilingual(
        "The record is incomplete here:", "L’enregistrement est incomplet ici :"
    ),
}
_GROUPS = {
    "unauthorised": Bilingual("Sent against an order", "Envoyés malgré un arrêté"),
    "winding-down": Bilingual("Winding down", "En retrait"),
    "waived": Bilingual("Under a waiver", "Sous dérogation"),
    "stayed": Bilingual("While an order was stayed", "Pendant la suspension d’un arrêté"),
    "before-effect": Bilingual("Before an order took effect", "Avant l’effet d’un arrêté"),
    "permitted": Bilingual("No order bars them", "Aucun arrêté ne s’y oppose"),
    "unknown": Bilingual("Law not known", "Droit inconnu"),
    "refused": Bilingual("Refused, never sent", "Refusés, jamais envoyés"),
}
_ASIDE = {
    "in flight": Bilingual("On their way when an order began", "En cours au début d’un arrêté"),
    "to a stand-in": Bilingual(
        "To a stand-in, not the vendor", "À une doublure, pas au fournisseur"
    ),
}
_FINDINGS: Mapping[Finding, Bilingual] = {
    "agrees": Bilingual("agrees", "concorde"),
    "bypass": Bilingual("BYPASS", "CONTOURNEMENT"),
    "not-counted": Bilingual("not counted", "non compté"),
    "unclear": Bilingual("cannot tell", "indécidable"),
    "over-instant": Bilingual("on both sides of an instant", "des deux côtés d’un instant"),
}
_MOST_SPANS = 500
_WORDS = {
    "title": Bilingual("Calls to {0}", "Appels à {0}"),
    "asked": Bilingual("Calls of {0}, from {1} up to {2}.", "Appels {0}, de {1} à {2} (exclu)."),
    "parties": Bilingual("the parties named {0}", "des entités nommées {0}"),
    "everybody": Bilingual("all parties", "de toutes les entités"),
    "unreadable": Bilingual("A file that does not hold", "Un fichier qui ne tient pas"),
    "demonstration": Bilingual("This is of a demonstration.", "Ceci vient d’une démonstration."),
    "counts": Bilingual("How many", "Combien"),
    "routes": Bilingual("Declared routes", "Voies déclarées"),
    "instruments": Bilingual("Orders", "Arrêtés"),
    "began": Bilingual("When the window began", "Au début de la fenêtre"),
    "ended": Bilingual("When it ended", "À la fin"),
    "calls": Bilingual("The calls", "Les appels"),
    "first": Bilingual("The first {0} of them.", "Les {0} premiers."),
    "when": Bilingual("When", "Quand"),
    "who": Bilingual("Service", "Service"),
    "route": Bilingual("Route", "Voie"),
    "standing": Bilingual("Where it stands", "Situation"),
    "entry": Bilingual("Entry", "Entrée"),
    "group": Bilingual("Calls", "Appels"),
    "number": Bilingual("Number", "Nombre"),
    "controls": Bilingual("What was tried and measured", "Ce qui a été essayé et mesuré"),
    "canaries": Bilingual(
        "Canaries, which lead to a sink and never to the vendor: {0} of {1} declared routes were"
        " tried, and {2} refused all.",
        "Appels témoins, qui vont à un puits et jamais au fournisseur : {0} des {1} voies déclarées"
        " ont été essayées, et {2} les ont tous refusés.",
    ),
    "clocks": Bilingual(
        "Clocks were compared {0} times, {1} of them while nothing held them to a source: they"
        " stood at most {2} s apart.",
        "Les horloges ont été comparées {0} fois, dont {1} sans rien qui les règle sur une source :"
        " elles s’écartaient d’au plus {2} s.",
    ),
    "running": Bilingual(
        "Starts that still ran: {0}. That they called no more is the word of who signed.",
        "Processus qui tournaient encore : {0}. Qu’ils n’ont plus appelé est la parole du"
        " signataire.",
    ),
    "redacted": Bilingual(
        "This pack is redacted. Of {0} calls the maker, the outcome and a digest are proven; when"
        " they were, and on which route, is the word of who signed.",
        "Ce dossier est caviardé. De {0} appels, le fabricant, l’issue et une empreinte sont"
        " prouvés ; leur moment et leur voie sont la parole du signataire.",
    ),
    "redacted by": Bilingual(
        "By {0}: {1}. It was made of the pack whose manifest has the SHA-256 {2}.",
        "Par {0} : {1}. Il vient du dossier dont le manifeste a le SHA-256 {2}.",
    ),
    "others": Bilingual("What others counted", "Ce que d’autres ont compté"),
    "unreconciled": Bilingual(
        "This was not reconciled with what the vendor or others counted.",
        "Ceci n’a pas été rapproché de ce que le fournisseur ou d’autres ont compté.",
    ),
    "vendor": Bilingual("Vendor", "Fournisseur"),
    "from": Bilingual("From", "De"),
    "to": Bilingual("To", "À"),
    "counted": Bilingual("They counted", "Ils ont compté"),
    "sent": Bilingual("Left here", "Parti d’ici"),
    "finding": Bilingual("Finding", "Constat"),
    "file": Bilingual("File", "Fichier"),
    "kind": Bilingual("Kind", "Genre"),
    "limits": Bilingual("Not covered", "Ce qui n’est pas couvert"),
    "trust": Bilingual("How this can be checked", "Comment le vérifier"),
    "check": Bilingual(
        "This page was made of a pack of {0} entries of the ledger, whose public key is {1}."
        " `changeover evidence verify`, or the verifier that stands alone, gives the same answer.",
        "Cette page vient d’un dossier de {0} entrées du registre, dont la clé publique est {1}."
        " `changeover evidence verify`, ou le vérificateur autonome, donne la même réponse.",
    ),
    "vouched": Bilingual("What others vouch for", "Ce dont d’autres répondent"),
    "time": Bilingual(
        "{0} stamped the first {1} entries of the ledger on {2}.",
        "{0} a horodaté les {1} premières entrées du registre le {2}.",
    ),
    "witness": Bilingual(
        "The witness {0} cosigned the first {1} entries of the ledger on {2}.",
        "Le témoin {0} a cosigné les {1} premières entrées du registre le {2}.",
    ),
    "unchecked": Bilingual(
        "That was not checked: nobody named their key or root.",
        "Cela n’a pas été vérifié : personne n’a nommé sa clé ou sa racine.",
    ),
    "own key": Bilingual(
        "The key is the one that the file names, which proves nothing by itself.",
        "La clé est celle que nomme le fichier, ce qui ne prouve rien à soi seul.",
    ),
}


def page(found: Mapping[str, Any], language: Language) -> bytes:
    """The page of an answer of `verifier.verdict`, or of `vouched_pack.with_vouched`."""
    return _Page(found, language).html()


class _Page:
    def __init__(self, found: Mapping[str, Any], language: Language) -> None:
        self._found = found
        self._language = language
        self._manifest: Mapping[str, Any] | None = found["manifest"]

    def html(self) -> bytes:
        manifest = self._manifest
        if manifest is None:
            title, body = self._say("unreadable"), self._answer()
        else:
            title = self._say("title", f"{manifest['vendor_name']} ({manifest['vendor']})")
            body = "".join(self._sections(manifest))
        return (
            f'<!doctype html><html lang="{self._language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
            f"<h1>{escape(title)}</h1>{body}</body></html>"
        ).encode()

    def _sections(self, manifest: Mapping[str, Any]) -> Iterable[str]:
        named = manifest["parties"]
        whose = self._say("parties", ", ".join(named)) if named else self._say("everybody")
        yield _paragraph(self._say("asked", whose, _utc(manifest["from"]), _utc(manifest["to"])))
        if manifest["demonstration"]:
            yield _paragraph(self._say("demonstration"))
        if self._found["controls"]["redacted"] or manifest.get("redacted"):
            yield self._redacted(manifest.get("redacted"))
        yield self._answer()
        yield self._counts(manifest)
        yield self._section("calls", self._calls())
        yield self._section("controls", self._controls(self._found["controls"]))
        yield self._section("others", self._others(manifest["reconciled"]))
        yield self._section("vouched", self._vouched(self._found.get("vouched", ())))
        yield self._section("instruments", self._instruments(manifest))
        yield self._section("routes", _list(route["route"] for route in manifest["routes"]))
        limits = (*NOT_COVERED, NOT_RECONCILED, RECONCILED)
        known = {limit.en: limit.in_language(self._language) for limit in limits}
        told = (known.get(line, line) for line in manifest["not_covered"])
        yield self._section("limits", _list(told))
        size = manifest["size"] - manifest["first"]
        trust = _paragraph(self._say("check", size, manifest["key"]))
        if self._found["trusted"] != "given":
            trust += _paragraph(self._say("own key"))
        yield self._section("trust", trust)

    def _answer(self) -> str:
        said = _ANSWERS[self._found["verdict"]].in_language(self._language).format(self._sent())
        reasons = self._found["reasons"]
        return f'<div class="answer"><strong>{escape(said)}</strong>{_list(reasons, "en")}</div>'

    def _sent(self) -> int:
        groups = self._found["groups"]
        return sum(groups.get(name, 0) for name in _GROUPS if name != "refused")

    def _counts(self, manifest: Mapping[str, Any]) -> str:
        groups = self._found["groups"]
        names = {
            name: said.in_language(self._language)
            for name, said in _GROUPS.items()
            if name in groups
        }
        if not names:
            return ""
        counts = [
            Count(day=date.fromisoformat(day), group=group, number=number)
            for day, group, number in self._found["days"]
        ]
        first, end = (datetime.fromisoformat(manifest[name]) for name in ("from", "to"))
        last = (end - timedelta(microseconds=1)).date()
        aside = {n: s.in_language(self._language) for n, s in _ASIDE.items() if n in groups}
        rows = ((said, str(groups[name])) for name, said in (names | aside).items())
        table = _table((self._say("group"), self._say("number")), rows)
        return self._section(
            "counts", chart(counts, first.date(), last, names) + legend(names) + table
        )

    def _calls(self) -> str:
        calls = self._found["calls"]
        if not calls:
            return ""
        rows = (
            (
                _utc(call["at"]),
                call["service"],
                call["route"],
                _GROUPS[call["group"]].in_language(self._language),
                str(call["index"]),
            )
            for call in calls
        )
        more = self._sent() > len(calls)
        first = _paragraph(self._say("first", len(calls))) if more else ""
        return first + _table(
            [self._say(name) for name in ("when", "who", "route", "standing", "entry")], rows
        )

    def _others(self, told: Any) -> str:
        """What others counted; its words alone where the rest is not of its form."""
        if not told:
            return _paragraph(self._say("unreconciled"))
        words = f'<p lang="en">{escape(told["words"])}</p>'
        try:
            report = msgspec.convert(told, Report)
        except msgspec.ValidationError:
            return words
        rows = [
            (
                row.host,
                _utc(row.begins.isoformat()),
                _utc(row.ends.isoformat()),
                *_counts(row),
                _FINDINGS[row.finding].in_language(self._language),
            )
            for row in report.rows
        ]
        names = ("vendor", "from", "to", "counted", "sent", "finding")
        table = _table([self._say(name) for name in names], rows[:_MOST_SPANS]) if rows else ""
        sources = [(source.file, source.kind, source.sha256) for source in report.sources]
        heading = (self._say("file"), self._say("kind"), "SHA-256")
        return words + table + _table(heading, sources)

    def _redacted(self, told: Any) -> str:
        """That something is left out, by whom and why, as far as the manifest says it."""
        said = self._say("redacted", self._found["controls"]["redacted"])
        try:
            by = msgspec.convert(told, Redacted)
        except msgspec.ValidationError:
            return _paragraph(said)
        return _paragraph(f"{said} {self._say('redacted by', by.by, by.why, by.of)}")

    def _controls(self, told: Mapping[str, Any]) -> str:
        apart = f"{told['apart']:.3f}"
        apart = apart.replace(".", ",") if self._language == "fr" else apart
        lines = [self._say("canaries", told["tried"], told["routes"], told["refused"])]
        if told["clocks"]:
            lines.append(self._say("clocks", told["clocks"], told["adrift"], apart))
        if told["running"]:
            lines.append(self._say("running", told["running"]))
        return _list(lines)

    def _vouched(self, told: Sequence[Mapping[str, Any]]) -> str:
        lines = []
        for one in told:
            said = self._say(one["kind"], one["name"], one["size"], _utc(one["at"]))
            lines.append(said if one["checked"] else f"{said} {self._say('unchecked')}")
        return _list(lines)

    def _instruments(self, manifest: Mapping[str, Any]) -> str:
        rows = [
            (one["id"], one["title"], one["at_from"], one["at_to"])
            for one in manifest["instruments"]
        ]
        headings = ("ID", self._say("instruments"), self._say("began"), self._say("ended"))
        return _table(headings, rows) if rows else ""

    def _section(self, heading: str, body: str) -> str:
        return f"<section><h2>{escape(self._say(heading))}</h2>{body}</section>" if body else ""

    def _say(self, name: str, *given: object) -> str:
        return _WORDS[name].in_language(self._language).format(*given)


def _counts(row: Row) -> tuple[str, str]:
    """What they counted and what left here: requests, or tokens where they count those alone."""
    if row.counted_requests is None and row.counted_tokens is not None:
        return f"{row.counted_tokens} tokens", f"{row.recorded_tokens} tokens"
    return "–" if row.counted_requests is None else str(row.counted_requests), str(row.sent)


def _utc(instant: str) -> str:
    return f"{instant[:10]} {instant[11:19]} UTC"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(lines: Iterable[str], language: str = "") -> str:
    spoken = f' lang="{language}"' if language else ""
    items = "".join(f"<li{spoken}>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heading = "".join(f'<th scope="col">{escape(name)}</th>' for name in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table>"
