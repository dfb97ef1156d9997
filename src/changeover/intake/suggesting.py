"""Drafts that a model suggests, held to the document's own words.

A model may read what the rules overlook. It is asked for acts as JSON, each with a quote.
What it answers counts for nothing by itself: a quote must stand in the document, names must
be ids of the directory, days must be days. What fails that is left out of the draft, or
the draft is, and said so. A suggestion is marked as one wherever it is shown; it issues
nothing.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from changeover.directory.model import Directory
from changeover.intake.drafting import Quoter, slots_of
from changeover.intake.formats.model import DocumentText
from changeover.intake.model import (
    Action,
    Draft,
    Quote,
    RebindingDraft,
    WindDownDraft,
    WindDownReading,
)
from changeover.orders.model import Kind, Scope, Target

MOST_CHARACTERS = 100_000
"""How much of a document a model is given."""
_MOST_ACTS = 50
_KINDS: dict[Action, Kind] = {
    "stay": "ruling", "waive": "waiver", "designate": "designation", "rebind": "memo",
    "permit": "authorisation",
}  # fmt: skip
_ASK = """\
Read the document below. List every decision in it that changes which AI vendor, product or \
model may be used, by whom, or from when: prohibitions, permissions, rescissions, stays, \
waivers, designations, and changes of a service's model. Leave out wishes, plans, denials, \
opinions and questions.

Answer with JSON only: {{"acts": [{{"act": …, "quote": …, "issuer": …, "targets": […], \
"scope": […], "from": …, "until": …}}]}}
- act: prohibit, permit, rescind, stay, waive, designate or rebind
- quote: the words that bear it, copied exactly from the document
- issuer: an id below, or null
- targets: ids below of vendors or models (for rebind the new model)
- scope: ids below of parties, networks or services bound
- from, until: days as YYYY-MM-DD, or null

Ids: {ids}

The document:

{text}
"""


class _Act(msgspec.Struct, frozen=True, kw_only=True):
    """An act as the model wrote it."""

    act: Action
    quote: str
    issuer: str | None = None
    targets: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    since: str | None = msgspec.field(default=None, name="from")
    until: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    acts: tuple[_Act, ...]


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """The drafts of an answer, and what of it was left out."""

    drafts: tuple[Draft, ...]
    notes: tuple[str, ...] = ()


def question(text: str, directory: Directory) -> str:
    """What the model is asked of a document."""
    names = (
        *((i.id, i.name.en) for i in directory.issuers.values()),
        *((p.id, p.name.en) for p in directory.parties.values()),
        *((v.id, v.name.en) for v in directory.vendors.values()),
        *((m.id, m.name) for m in directory.models.values()),
        *((n.id, n.name.en) for n in directory.networks.values()),
        *((s.id, s.name.en) for s in directory.services.values()),
    )
    ids = "; ".join(f"{name} = {words}" for name, words in names)
    return _ASK.format(ids=ids, text=text[:MOST_CHARACTERS])


def suggested(
    answer: str, text: DocumentText, sha256: str, directory: Directory, *, by: str
) -> Suggested:
    """The drafts that an answer of the model `by` holds."""
    acts = _acts(answer)
    if acts is None:
        return Suggested(drafts=(), notes=("The model's answer is not the JSON asked for.",))
    reader = _Suggestions(text, Quoter(text.text, sha256, text.pages), directory, by)
    drafts = tuple(reader.drafts(acts[:_MOST_ACTS]))
    return Suggested(drafts=drafts, notes=tuple(reader.notes))


def _acts(answer: str) -> tuple[_Act, ...] | None:
    """The acts of the first JSON object in an answer, whatever stands around it."""
    start, end = answer.find("{"), answer.rfind("}")
    try:
        return msgspec.json.decode(answer[start : end + 1], type=_Answer).acts
    except (msgspec.MsgspecError, UnicodeError):
        return None


class _Suggestions:
    """Checks the acts of one answer against one document and the directory."""

    def __init__(self, text: DocumentText, quoter: Quoter, directory: Directory, by: str) -> None:
        self.notes: list[str] = []
        self._text = text.text
        self._quoter = quoter
        self._directory = directory
        self._by = by

    def drafts(self, acts: Iterable[_Act]) -> Iterator[Draft]:
        for act in acts:
            quote = self._find(act.quote)
            if quote is None:
                self.notes.append(f"Left out, for its quote is not in the document: {act.quote!r}.")
                continue
            yield self._draft(act, quote)

    def _find(self, words: str) -> Quote | None:
        """The quote as it stands in the document; any white space may stand for another."""
        parts = [re.escape(part) for part in words.split()]
        found = re.search(r"\s+".join(parts), self._text) if parts else None
        return None if found is None else self._quoter.quote(found.span())

    def _draft(self, act: _Act, quote: Quote) -> Draft:
        known = self._directory
        targets = self._known(act.targets, (*known.vendors, *known.models))
        scope = self._known(act.scope, (*known.parties, *known.networks, *known.services))
        issuer = next(iter(self._known((act.issuer,) if act.issuer else (), known.issuers)), None)
        since, until = self._day(act.since), self._day(act.until)
        models = tuple(t for t in targets if t in known.models)
        services = tuple(s for s in scope if s in known.services)
        winds = act.act == "prohibit" and until is not None
        return Draft(
            id=self._quoter.identify("draft", (quote.start, quote.end), act.act, "model", self._by),
            kind=_KINDS.get(act.act, "order"),
            action=act.act,
            nature="report of an act",
            issuer=issuer,
            actor=issuer,
            targets=Target(
                makers=tuple(t for t in targets if t in known.vendors),
                models=() if act.act == "rebind" else models,
            ),
            scope=Scope(
                parties=tuple(s for s in scope if s in known.parties),
                networks=tuple(s for s in scope if s in known.networks),
                services=() if act.act == "rebind" else services,
            ),
            since=since,
            until=None if winds else until,
            wind_down=_wind_down(until, quote) if winds else None,
            rebindings=tuple(
                RebindingDraft(service=s, slots=slots_of(s, (), known), models=models)
                for s in services
                if act.act == "rebind"
            ),
            quote=quote,
            suggested_by=self._by,
        )

    def _known(self, names: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
        have = set(known)
        asked = tuple(dict.fromkeys(names))
        unknown = [name for name in asked if name not in have]
        if unknown:
            self.notes.append(f"Left out, for the directory has no such id: {', '.join(unknown)}.")
        return tuple(name for name in asked if name in have)

    def _day(self, text: str | None) -> str | None:
        if text is None:
            return None
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self.notes.append(f"Left out, for it is no day: {text!r}.")
            return None


def _wind_down(until: str | None, quote: Quote) -> WindDownDraft:
    everyone = WindDownReading(id="all", parties=(), note="")
    return WindDownDraft(until=until, period=None, readings=(everyone,), quote=quote)
