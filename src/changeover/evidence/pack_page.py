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
from changeover.evidence.law import Answer
from changeover.evidence.pack import Redacted
from changeover.evidence.pack_words import (
    ANSWERS,
    ASIDE,
    FINDINGS,
    GROUPS,
    OUTCOMES,
    STATES,
    STATUSES,
    WORDS,
)
from changeover.evidence.printing import STYLE
from changeover.evidence.reconciling.model import Report, Row

_STYLE = STYLE + (
    ".answer{border:2px solid #333;padding:.8em 1em}.legend{list-style:none;padding:0}"
    ".legend li{display:inline-block;margin-right:1.2em}code{overflow-wrap:anywhere}"
    "td{overflow-wrap:anywhere}section{overflow-x:auto}@media(max-width:40em){body{margin:1em}}"
)
_MOST_SPANS = 500


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
        yield self._section("starts", self._starts(manifest["starts"]))
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
        said = ANSWERS[self._found["verdict"]].in_language(self._language).format(self._sent())
        reasons = self._found["reasons"]
        return f'<div class="answer"><strong>{escape(said)}</strong>{_list(reasons, "en")}</div>'

    def _sent(self) -> int:
        groups = self._found["groups"]
        return sum(groups.get(name, 0) for name in GROUPS if name != "refused")

    def _counts(self, manifest: Mapping[str, Any]) -> str:
        groups = self._found["groups"]
        names = {
            name: said.in_language(self._language)
            for name, said in GROUPS.items()
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
        aside = {n: s.in_language(self._language) for n, s in ASIDE.items() if n in groups}
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
                GROUPS[call["group"]].in_language(self._language),
                self._law(call),
                str(call["index"]),
            )
            for call in calls
        )
        more = self._sent() > len(calls)
        first = _paragraph(self._say("first", len(calls))) if more else ""
        names = ("when", "who", "route", "standing", "law", "entry")
        return first + _table([self._say(name) for name in names], rows)

    def _law(self, call: Mapping[str, Any]) -> str:
        """What the law said of a call, as it was known then and is known now."""
        then, now = (self._answer_of(call.get(name)) for name in ("then", "now"))
        return self._say("then and now", then) if then == now else self._say("then", then, now)

    def _answer_of(self, told: Any) -> str:
        try:
            answer = msgspec.convert(told, Answer)
        except msgspec.ValidationError:
            return self._say("not asked")
        outcome = self._of(OUTCOMES, answer.outcome)
        return f"{outcome} ({', '.join(answer.instruments)})" if answer.instruments else outcome

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
                FINDINGS[row.finding].in_language(self._language),
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
            (one["id"], one["title"], *(self._of(STATUSES, one[n]) for n in ("at_from", "at_to")))
            for one in manifest["instruments"]
        ]
        headings = ("ID", self._say("instruments"), self._say("began"), self._say("ended"))
        return _table(headings, rows) if rows else ""

    def _starts(self, starts: Sequence[Mapping[str, Any]]) -> str:
        """The replicas, each run of each a line; what they tell is of the ledger's own entries."""
        names = ("start", "host", "version", "since", "group", "state")
        rows = [
            (
                str(one["start"]),
                *(str(one.get(name) or "–") for name in ("host", "version")),
                _utc(str(one.get("began") or "–")),
                str(one["calls"]),
                self._of(STATES, str(one["state"])),
            )
            for one in starts
        ]
        return _table([self._say(name) for name in names], rows) if rows else ""

    def _of(self, words: Mapping[str, Bilingual], name: str) -> str:
        """What a name is called; itself where it has none."""
        return words[name].in_language(self._language) if name in words else name

    def _section(self, heading: str, body: str) -> str:
        return f"<section><h2>{escape(self._say(heading))}</h2>{body}</section>" if body else ""

    def _say(self, name: str, *given: object) -> str:
        return WORDS[name].in_language(self._language).format(*given)


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
