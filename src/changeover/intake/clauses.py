"""Dividing a sentence into clauses, and finding each clause's verbs.

A clause begins at a subordinator (*after*, *que*, *qui* …), at a strong mark,
and where a comma or *and* is followed by a finite verb. What has no finite
verb is part of a list or an apposition: before a clause's verb it belongs to
the clause that is open, after it to the clause before. When a relative clause is over,
the clause around it goes on. A speech verb opens a clause for what is said even
without *that*.
"""

import msgspec

from changeover.intake.items import Item
from changeover.intake.lexicon import Form, Op

SPEECH = (Op.SPEECH, Op.ANNOUNCE, Op.REPORT, Op.CONFIRM, Op.DENY, Op.DECLARE, Op.TELL)
_AUXILIARIES = (Op.BE, Op.HAVE, Op.DO, Op.MAY, Op.MUST, Op.WILL, Op.MIGHT)
_OPENERS = (Op.AFTER, Op.WHILE, Op.IF, Op.THAT, Op.WHO)
_PRELUDES = (Op.AFTER, Op.WHILE, Op.IF)
_CLITICS = frozenset({"s", "se", "en", "y", "l", "le", "la", "les"})
"""French pronouns that stand between a modal and its verb: *pourront s'en servir*."""
_ARTICLES = frozenset({"the", "a", "an", "this", "these", "le", "la", "les", "un", "une", "l"})
_LONGEST_ASIDE = 16
"""Items between two commas that interrupt a clause."""
_STRONG = frozenset(";:()—–")
_TENSED = frozenset({Form.FINITE, Form.FUTURE, Form.CONDITIONAL})


class Predicate(msgspec.Struct, frozen=True):
    """A verb with its auxiliaries: items `first` to `index`, which is the verb itself."""

    first: int
    index: int
    finite: bool
    passive: bool
    helpers: frozenset[Op]
    forms: frozenset[Form]

    @property
    def future(self) -> bool:
        return Op.WILL in self.helpers or bool(self.forms & {Form.FUTURE, Form.CONDITIONAL})


class Clause(msgspec.Struct, frozen=True):
    """A clause: what opens it, the positions of its items in the sentence, its verbs."""

    opener: Op | None
    positions: tuple[int, ...]
    predicates: tuple[Predicate, ...]

    @property
    def main(self) -> Predicate | None:
        """The first finite verb."""
        return next((predicate for predicate in self.predicates if predicate.finite), None)


class _Open:
    """A clause being read."""

    def __init__(self, opener: Op | None) -> None:
        self.opener = opener
        self.positions: list[int] = []
        self.finite = False


def find_clauses(items: list[Item]) -> list[Clause]:
    """The sentence's clauses, in the order in which they begin."""
    predicates = _predicates(items)
    finite = {predicate.first: predicate for predicate in predicates if predicate.finite}
    found: list[_Open] = []
    around: _Open | None = None
    for opener, positions in _segments(items, finite):
        heads = [finite[position] for position in positions if position in finite]
        current = _place(opener, positions, heads, found, around)
        if opener is Op.WHO and current is found[-1] and len(found) > 1:
            around = around if around in found[:-1] and around is not None else found[-2]
        elif current is not around:
            around = None
        current.positions.extend(positions)
        current.finite = current.finite or bool(heads)
    whole = [
        Clause(
            clause.opener,
            tuple(clause.positions),
            tuple(p for p in predicates if p.index in set(clause.positions)),
        )
        for clause in found
        if clause.positions
    ]
    return [part for clause in whole for part in _part_speech(clause, items)]


def _place(
    opener: Op | str | None,
    positions: list[int],
    heads: list[Predicate],
    found: list[_Open],
    around: _Open | None,
) -> _Open:
    """The clause that a segment belongs to, opened if need be."""
    if (isinstance(opener, Op) and opener in _OPENERS) or not found:
        return _begin(opener if opener in _OPENERS else None, found)
    prelude = opener == "," and all(clause.opener in _PRELUDES for clause in found)
    if prelude or opener == "strong":
        return _begin(None, found)  # *As ordered, the agency …*
    current = found[-1]
    joined = opener is Op.AND and not heads  # *which barred X and Y*
    if around is not None and current.opener is Op.WHO and not joined:
        goes_on = opener == "resume" or not heads or not around.finite
        return around if goes_on else _begin(None, found)
    if heads and current.finite:
        inherits = current.opener if opener is Op.AND else None
        return _begin(inherits if inherits is not Op.WHO else None, found)
    if heads and current.opener in {Op.AFTER, Op.WHILE} and opener == ",":
        return _after_phrase(positions, heads, found)
    return current


def _after_phrase(positions: list[int], heads: list[Predicate], found: list[_Open]) -> _Open:
    """After *, following the order,* a bare verb takes up the clause before the phrase."""
    before = found[-2] if len(found) > 1 else None
    if before is not None and not before.finite and heads[0].first == positions[0]:
        return before
    return _begin(None, found)


def _begin(opener: Op | None, found: list[_Open]) -> _Open:
    found.append(_Open(opener))
    return found[-1]


def _segments(
    items: list[Item], finite: dict[int, Predicate]
) -> list[tuple[Op | str | None, list[int]]]:
    segments: list[tuple[Op | str | None, list[int]]] = [(None, [])]
    aside = -1
    for position in range(len(items)):
        opener = _opener(items, position)
        if position < aside and opener != "strong":
            opener = None
        elif opener == "," and position == aside:
            continue
        elif opener == "," and _interrupts(items, position):
            aside = _closing(items, position)
            if aside > position:
                continue
        if opener is Op.AND and segments[-1] == (",", []):
            segments[-1] = (",", [position])  # a comma before *and* parts more than *and* alone
        elif opener is not None:
            segments.append((opener, [] if opener in {",", "strong"} else [position]))
        else:
            segments[-1][1].append(position)
    return [
        piece for opener, positions in segments if positions
        for piece in _divide(opener, positions, finite)
    ]  # fmt: skip


def _interrupts(items: list[Item], position: int) -> bool:
    """*under which, from 1 May, staff may not*, *shall, in the Services, use*: more must follow."""
    before = items[position - 1] if position else None
    return before is not None and before.has(Op.WHO, Op.MUST, Op.MAY, Op.WILL)


def _closing(items: list[Item], position: int) -> int:
    """Where the comma stands that closes what another one opens; -1 where none is near."""
    later = range(position + 1, min(len(items), position + _LONGEST_ASIDE))
    return next((place for place in later if items[place].comma), -1)


def _divide(
    opener: Op | str | None,
    positions: list[int],
    finite: dict[int, Predicate],
) -> list[tuple[Op | str | None, list[int]]]:
    """Divides a relative clause from the verb of the clause around it."""
    heads = [finite[position] for position in positions if position in finite]
    if len(heads) < 2 or opener is not Op.WHO:
        return [(opener, positions)]
    cut = positions.index(heads[1].first)
    return [(opener, positions[:cut]), ("resume", positions[cut:])]


def _part_speech(clause: Clause, items: list[Item]) -> list[Clause]:
    """Parts *he said they would go* into who says and what is said."""
    heads = [predicate for predicate in clause.predicates if predicate.finite]
    if len(heads) < 2 or not items[heads[0].index].has(*SPEECH):
        return [clause]
    cut = clause.positions.index(heads[1].first)
    while cut > 0 and _in_subject(items[clause.positions[cut - 1]]):
        cut -= 1
    if cut == 0 or clause.positions[cut - 1] < heads[0].index:
        return [clause]
    return [
        Clause(opener, positions, tuple(p for p in clause.predicates if p.index in positions))
        for opener, positions in (
            (clause.opener, clause.positions[:cut]),
            (Op.THAT, clause.positions[cut:]),
        )
    ]


def _in_subject(item: Item) -> bool:
    return not (item.verb or item.time or item.has(Op.INTO, Op.BY) or item.text in '"“«»”')


def _opener(items: list[Item], position: int) -> Op | str | None:
    item = items[position]
    if item.comma:
        return ","
    if item.text in _STRONG:
        return "strong"
    if item.has(Op.THAT) and item.text.lower() == "that":
        return _that(items, position)
    if item.has(Op.AFTER) and any(one.has(Op.WHO) for one in items[position + 1 : position + 2]):
        return None  # *an order under which*: the relative clause opens
    for op in _OPENERS:
        if item.has(op) and not (op is Op.WHO and item.has(Op.INCLUDING) and position == 0):
            return op
    return Op.AND if item.has(Op.AND) else None


def _that(items: list[Item], position: int) -> Op:
    """English *that*: what is said, or which one is meant."""
    if items[position + 1 : position + 2] and items[position + 1].verb:
        return Op.WHO
    verbs = [item for item in items[:position] if item.verb]
    if items[position - 1 : position] and items[position - 1].verb and position:
        return Op.THAT  # *has agreed that*
    governs = verbs and verbs[-1].has(*SPEECH, Op.COMMAND, Op.IRREALIS, Op.INTEND)
    return Op.THAT if governs else Op.WHO


def _predicates(items: list[Item]) -> list[Predicate]:
    found: list[Predicate] = []
    for index, item in enumerate(items):
        if not item.verb:
            continue
        if item.has(*_AUXILIARIES) and _helps(items, index):
            continue
        found.append(_predicate(items, index))
    return found


def _helps(items: list[Item], index: int) -> bool:
    """Whether an auxiliary stands before a verb of its own group."""
    for following in items[index + 1 : index + 6]:
        if following.verb:
            if items[index].has(Op.HAVE) and not _perfect(following):
                return False  # *have six months to stop*
            return following.forms != {Form.FINITE} or following.has(*_AUXILIARIES)
        if not _within_group(following):
            return False
    return False


def _perfect(item: Item) -> bool:
    return Form.PARTICIPLE in item.forms or item.has(*_AUXILIARIES)


def _within_group(item: Item) -> bool:
    if item.name or item.comma or (item.capital and not item.has(*_AUXILIARIES)):
        return False
    if item.text in _CLITICS:
        return True
    if item.time is not None or item.has(Op.NOT, Op.NO_MORE, Op.GRADUAL, Op.AGAIN, *_AUXILIARIES):
        return True
    return not item.entries and item.text[0].isalpha()


def _predicate(items: list[Item], index: int) -> Predicate:
    first, helpers = index, list[Item]()
    position = index - 1
    while position >= 0 and index - position < 7 and _within_group(items[position]):
        if items[position].has(*_AUXILIARIES):
            if items[position].has(Op.HAVE) and not _perfect(items[first]):
                break
            first = position
            helpers.append(items[position])
        position -= 1
    item = items[index]
    ops = frozenset(entry.op for helper in helpers for entry in helper.entries)
    forms = item.forms.union(*(helper.forms for helper in helpers))
    passive = Form.PARTICIPLE in item.forms and bool(helpers) and helpers[0].has(Op.BE)
    return Predicate(first, index, _finite(items, index, helpers), passive, ops, forms)


def _has_subject(items: list[Item], index: int) -> bool:
    """*I have approved*, *the offices have stopped*: a base form after whom it is said of."""
    before = items[index - 1] if index else None
    if before is None or Form.PLAIN not in items[index].forms:
        return False
    return not before.has(Op.TO, Op.MAY, Op.MUST, Op.WILL, Op.MIGHT, Op.DO, Op.NOT)


def _only_says_which(items: list[Item], index: int) -> bool:
    """*the suspension announced on Monday is lifted*: the verb of the clause is still to come."""
    before = items[index - 1] if index else None
    if before is None or before.has(Op.PRONOUN, Op.WHO, Op.AND) or before.comma:
        return False
    if items[index].has(*SPEECH) and not items[index].has(Op.ANNOUNCE):
        return False
    for item in items[index + 1 : index + 7]:
        if item.has(Op.BE, Op.MUST, Op.WILL):
            return True
        ends = item.name or item.verb or item.comma or item.text.lower() in _ARTICLES
        if ends or item.has(Op.AND, Op.PRONOUN, Op.THAT, Op.WHO, Op.POSSESSIVE):
            return False
    return False


def _shares_modal(items: list[Item], index: int) -> bool:
    """*shall not use, or permit others to use*: the second verb hangs on the first one's modal."""
    if index == 0 or not items[index - 1].has(Op.AND):
        return False
    for before in reversed(items[: index - 1]):
        if before.has(Op.MUST, Op.MAY, Op.WILL, Op.MIGHT):
            return True
        if before.verb and Form.PLAIN not in before.forms:
            return False
    return False


def _only_qualifies(item: Item, before: Item) -> bool:
    """*a list of approved assistants*."""
    if Form.PARTICIPLE not in item.forms:
        return False
    return before.has(Op.DETERMINER, Op.POSSESSIVE) and before.text.lower() not in _CLITICS


def _finite(items: list[Item], index: int, helpers: list[Item]) -> bool:
    item = items[index]
    before = items[index - 1] if index else None
    if Form.GERUND in item.forms and item.has(*SPEECH) and before is not None and before.name:
        return True  # *the department saying that …*
    if helpers:
        leading = helpers[-1]
        tensed = not leading.verb or bool(leading.forms & _TENSED)
        opened = items[index - len(helpers) - 1] if index > len(helpers) else None
        tensed = tensed or _has_subject(items, items.index(leading))
        return tensed and not (opened is not None and opened.has(Op.TO) and not leading.verb)
    if before is not None and (before.has(Op.TO) or _only_qualifies(item, before)):
        return False
    if item.forms & _TENSED:
        following = items[index + 1] if index + 1 < len(items) else None
        reduced = (
            Form.PARTICIPLE in item.forms
            and following is not None
            and (following.has(Op.BY) or _only_says_which(items, index))
        )
        return not reduced
    if Form.PLAIN in item.forms:
        return (before is None or not before.verb) and not _shares_modal(items, index)
    alone = not any(following.forms & _TENSED for following in items[index + 1 :])
    return Form.INFINITIVE in item.forms and before is None and alone
