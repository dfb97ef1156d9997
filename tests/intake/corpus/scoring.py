"""How well the reader's drafts agree with the annotations: per field, and what must never be.

A draft is paired with an annotated act of the same kind, those that agree in most fields
first. Each field is a set of values: those of a pair that are in both are right, what only
one side has is missed or made up; an act without a partner counts with all its values.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from changeover.directory.model import Directory
from changeover.intake.model import Draft, Findings, Quote
from changeover.intake.reading import read
from tests.intake.corpus.documents import Act, Annotated

FIELDS = ("act", "target", "issuer", "scope", "from", "until")
_FREES = frozenset({"permit", "rescind", "stay", "waive"})
_BARS = frozenset({"prohibit", "wind-down"})

Values = dict[str, frozenset[str]]


class Tally(msgspec.Struct):
    """Counts of one field."""

    right: int = 0
    made_up: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.made_up) if self.right + self.made_up else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


class Score(msgspec.Struct):
    """What a number of documents came to."""

    fields: dict[str, Tally] = msgspec.field(
        default_factory=lambda: {name: Tally() for name in FIELDS}
    )
    documents: int = 0
    empty: int = 0
    false: list[str] = []
    """Documents with nothing to find in which a draft was found."""
    inverted: list[str] = []
    bearing: int = 0
    unmarked: list[str] = []
    """Sentences that bear an act and are not marked in any way."""
    inexact: list[str] = []
    mistakes: list[str] = []


def score(documents: Iterable[tuple[str, Annotated]], known: Directory) -> Score:
    """The score of documents together."""
    total = Score()
    for name, document in documents:
        _add(total, name, document, read(document.text.encode(), f"{name}.txt", known))
    return total


def _add(total: Score, name: str, document: Annotated, found: Findings) -> None:
    total.documents += 1
    drafts = list(found.drafts)
    if not document.acts:
        total.empty += 1
        total.false += [name] if drafts else []
    pairs = _paired(document.acts, drafts)
    for act, draft in pairs:
        told = _told(act) if act is not None else {}
        read_ = _read(draft) if draft is not None else {}
        for field in FIELDS:
            _count(total.fields[field], told.get(field), read_.get(field))
        if told != read_:
            total.mistakes.append(f"{name}: {_difference(told, read_)}")
    total.inverted += [f"{name}: {line}" for line in _inverted(document, drafts)]
    marked = [*_quotes(found)]
    for act in document.acts:
        total.bearing += 1
        span = _span(document.text, act.words)
        if not any(_overlap((q.start, q.end), span) for q in marked):
            total.unmarked.append(f"{name}: {act.words}")
    total.inexact += [
        f"{name}: {q.text!r}" for q in marked if document.text[q.start : q.end] != q.text
    ]


def _count(tally: Tally, told: frozenset[str] | None, read_: frozenset[str] | None) -> None:
    told, read_ = told or frozenset(), read_ or frozenset()
    tally.right += len(told & read_)
    tally.made_up += len(read_ - told)
    tally.missed += len(told - read_)


def _paired(acts: Iterable[Act], drafts: list[Draft]) -> Iterator[tuple[Act | None, Draft | None]]:
    acts, left = list(acts), list(drafts)
    ranked = sorted(
        ((_agreement(act, draft), a, d) for a, act in enumerate(acts) for d, draft in enumerate(left)
         if _kind(act.act) == _kind(draft.action)),
        key=lambda each: (-each[0], each[1], each[2]),
    )  # fmt: skip
    taken_acts: set[int] = set()
    taken_drafts: set[int] = set()
    for _, a, d in ranked:
        if a not in taken_acts and d not in taken_drafts:
            taken_acts.add(a)
            taken_drafts.add(d)
            yield acts[a], left[d]
    yield from ((act, None) for a, act in enumerate(acts) if a not in taken_acts)
    yield from ((None, draft) for d, draft in enumerate(left) if d not in taken_drafts)


def _agreement(act: Act, draft: Draft) -> int:
    told, read_ = _told(act), _read(draft)
    return sum(len(told[field] & read_[field]) for field in FIELDS)


def _kind(action: str) -> str:
    """A winding down bars, as a prohibition does."""
    return "prohibit" if action == "wind-down" else action


def _told(act: Act) -> Values:
    return {
        "act": frozenset({_kind(act.act)}),
        "target": frozenset(act.targets),
        "issuer": frozenset({act.issuer} - {None}),  # type: ignore[arg-type]
        "scope": frozenset(act.scope),
        "from": _days(act.since),
        "until": _days(act.until),
    }


def _read(draft: Draft) -> Values:
    scope, moved = draft.scope, draft.rebindings
    # A network that is named alone stands in a draft beside the party that owns it.
    parties = () if scope.networks else scope.parties
    reached = (*parties, *scope.regulated, *scope.networks, *scope.services)
    targets = (*draft.targets.makers, *draft.targets.models)
    models = [model for change in moved for model in change.models]
    winds = draft.wind_down.until if draft.wind_down is not None else None
    return {
        "act": frozenset({_kind(draft.action)}),
        "target": frozenset(models or targets),
        "issuer": frozenset({draft.issuer} - {None}),  # type: ignore[arg-type]
        "scope": frozenset([change.service for change in moved] or reached),
        "from": frozenset({draft.since} - {None}),  # type: ignore[arg-type]
        "until": frozenset({draft.until or winds} - {None}),  # type: ignore[arg-type]
    }


def _days(day: date | None) -> frozenset[str]:
    return frozenset() if day is None else frozenset({day.isoformat()})


def _inverted(document: Annotated, drafts: Iterable[Draft]) -> Iterator[str]:
    """Drafts that free where the same words bar, or the reverse."""
    for draft in drafts:
        told = {
            act.act
            for act in document.acts
            if _overlap((draft.quote.start, draft.quote.end), _span(document.text, act.words))
        }
        frees, bars = told & _FREES, told & _BARS
        if (draft.action in _BARS and frees and not bars) or (
            draft.action in _FREES and bars and not frees
        ):
            yield f"{draft.action} read in {draft.quote.text!r}"


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _span(text: str, words: str) -> tuple[int, int]:
    """Where annotated words stand; any white space in the text may stand for a space."""
    wanted = words.split()
    starts = [i for i in range(len(text)) if text.startswith(wanted[0], i)]
    for start in starts:
        place = start
        for word in wanted:
            while place < len(text) and text[place].isspace():
                place += 1
            if not text.startswith(word, place):
                break
            place += len(word)
        else:
            return start, place
    raise ValueError(f"{words!r} is not in the text")


def _quotes(found: Findings) -> Iterator[Quote]:
    for draft in found.drafts:
        yield draft.quote
        yield from draft.also
        yield from draft.fields.values()
    for claim in found.claims:
        yield claim.quote
    yield from found.marked


def _difference(told: Values, read_: Values) -> str:
    parts = []
    for field in FIELDS:
        was, got = told.get(field, frozenset()), read_.get(field, frozenset())
        if was != got:
            parts.append(f"{field} {sorted(was)} → {sorted(got)}")
    return "; ".join(parts)


def counted(score_: Score) -> Counter[str]:
    """How many acts there were, and were found."""
    act = score_.fields["act"]
    return Counter(told=act.right + act.missed, found=act.right + act.made_up)
