"""A sentence as a row of items: names, times and words with what they do.

Names come first, then times, then the lexicon's longest entry. A word that may
be a verb or a noun is settled here by what stands before it: after a
determiner, a possessive or a preposition it is a noun, after *to*, a modal, a
name or a pronoun a verb.
"""

from datetime import date

import msgspec

from changeover.intake.lexicon import Entry, Form, Lexicon, Op
from changeover.intake.names import Mention, Names
from changeover.intake.sentences import Sentence
from changeover.intake.times import Time, find_times
from changeover.intake.words import Token, tokenise

_BEFORE_NOUN = frozenset(
    {Op.DETERMINER, Op.POSSESSIVE, Op.FROM, Op.BY, Op.NO, Op.USE, Op.AFTER, Op.OTHER}
)
_BEFORE_VERB = frozenset(
    {Op.TO, Op.MAY, Op.MUST, Op.WILL, Op.MIGHT, Op.PRONOUN, Op.WHO, Op.DO, Op.NOT, Op.NO_MORE}
)
_NEGATIVE_PARTICLES = frozenset({"ne", "n"})
# French words before which a form can be no verb (*le* and *la* may be pronouns).
_NOUN_ONLY = frozenset(
    [
        "un",
        "une",
        "ce",
        "cet",
        "cette",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
        "des",
        "du",
        "aux",
        "tout",
        "toute",
    ]
)
_CONTRACTED = frozenset({"du", "au", "des", "aux"})
_PREPOSITIONS = frozenset({"by", "in", "under", "on", "of", "to", "for", "from", "with", "through"})
_HYPHENS = frozenset("-‐‑")
_COMPOUNDED = frozenset({Form.PARTICIPLE, Form.FINITE})
_PAIR = 2
_LONG = 3
_VOICES = frozenset({Op.BE, Op.HAVE})


class Item(msgspec.Struct, frozen=True):
    """A name, a time, a word or a mark, with its span in the text."""

    start: int
    end: int
    text: str
    name: Mention | None = None
    time: Time | None = None
    entries: tuple[Entry, ...] = ()
    capital: bool = False

    def has(self, *ops: Op) -> bool:
        return any(entry.op in ops for entry in self.entries)

    def noun(self, *ops: Op) -> bool:
        return any(entry.noun and entry.op in ops for entry in self.entries)

    @property
    def forms(self) -> frozenset[Form]:
        return frozenset().union(*(entry.forms for entry in self.entries))

    @property
    def verb(self) -> bool:
        return bool(self.forms)

    @property
    def comma(self) -> bool:
        return self.text == ","


def read_items(text: str, sentence: Sentence, names: Names, lexicon: Lexicon) -> list[Item]:
    """The sentence's items in order."""
    tokens = tokenise(text, sentence.start, sentence.end)
    mentions = {mention.first: mention for mention in names.find(tokens)}
    times = find_times(text, sentence.start, sentence.end)
    items: list[Item] = []
    position = 0
    while position < len(tokens):
        item, position = _next(text, tokens, position, mentions, times, lexicon)
        if text[item.start - 1 : item.start] in _HYPHENS and item.forms <= _COMPOUNDED:
            item = msgspec.structs.replace(item, entries=())  # *government-issued devices*
        following = tokens[position].lower if position < len(tokens) else ""
        items.append(_settle(_as_verb(item, items), items, following))
    return items


def with_same_days(rows: list[list[Item]], today: date | None) -> list[list[Item]]:
    """*on that date* is the day that was named last before."""
    last: date | None = None
    found: list[list[Item]] = []
    for items in rows:
        row: list[Item] = []
        for item in items:
            time = item.time
            if time is not None and time.same:
                meant = msgspec.structs.replace(time, day=last)
                row.append(msgspec.structs.replace(item, time=meant))
                continue
            if time is not None and time.period is None:
                last = time.resolve(today, ahead=True) or last
            row.append(item)
        found.append(row)
    return found


def _next(
    text: str,
    tokens: list[Token],
    position: int,
    mentions: dict[int, Mention],
    times: list[Time],
    lexicon: Lexicon,
) -> tuple[Item, int]:
    token = tokens[position]
    if mention := mentions.get(position):
        end = tokens[mention.last - 1].end
        return (
            Item(token.start, end, text[token.start : end], name=mention, capital=token.capital),
            mention.last,
        )
    for time in times:
        if time.start == token.start:
            last = position + 1
            while last < len(tokens) and tokens[last].start < time.end:
                last += 1
            end = tokens[last - 1].end
            return Item(token.start, end, text[token.start : end], time=time), last
    entries, last = _look_up(tokens, position, lexicon, mentions)
    end = tokens[last - 1].end
    return (
        Item(token.start, end, text[token.start : end], entries=entries, capital=token.capital),
        last,
    )


def _look_up(
    tokens: list[Token], position: int, lexicon: Lexicon, mentions: dict[int, Mention]
) -> tuple[tuple[Entry, ...], int]:
    reach = lexicon.reach.get(tokens[position].lower, 1)
    for length in range(min(reach, len(tokens) - position), 1, -1):
        span = list(range(position, position + length))
        if any(index in mentions for index in span):
            continue
        entries = lexicon.entries.get(tuple(tokens[index].lower for index in span))
        if entries:
            return entries, position + length
    single = lexicon.entries.get((tokens[position].lower,), ())
    # An adverb may stand inside a phrase: *mettent également fin à*.
    if reach > 1 and position + 2 < len(tokens):
        gap = (position + 1) not in mentions and tokens[position + 1].word
        for length in range(reach, 1, -1):
            span = [position, *range(position + 2, position + 1 + length)]
            if not gap or span[-1] >= len(tokens) or any(index in mentions for index in span):
                continue
            entries = lexicon.entries.get(tuple(tokens[index].lower for index in span))
            if entries and any(entry.verb for entry in entries):
                # *ne fonctionne plus avec*: the adverb still denies.
                between = lexicon.entries.get((tokens[position + 1].lower,), ())
                denying = (e for e in between if e.op in {Op.NOT, Op.NO_MORE})
                return (*entries, *denying), span[-1] + 1
    return single, position + 1


def _as_verb(item: Item, before: list[Item]) -> Item:
    """*teams that draft reports*: what follows *who* or *qui* and is no known word is a verb."""
    opened = bool(before) and before[-1].text.lower() in {"who", "which", "that", "qui"}
    # *by which the respondent*, *agreed that teams*: what follows is a subject.
    hung = len(before) > 1 and (before[-2].verb or before[-2].text.lower() in _PREPOSITIONS)
    plain = not (item.entries or item.name or item.time or item.capital)
    if opened and not hung and plain and len(item.text) > 3 and item.text.isalpha():
        verb = Entry(Op.OTHER_VERB, noun=False, forms=frozenset({Form.FINITE}))
        return msgspec.structs.replace(item, entries=(verb,))
    return item


def _settle(item: Item, before: list[Item], following: str) -> Item:
    if item.has(Op.NO_MORE) and item.text.lower() == "plus" and not _negated(before):
        return msgspec.structs.replace(item, entries=())
    if item.forms == {Form.FINITE} and before and before[-1].text.lower() in _NOUN_ONLY:
        return msgspec.structs.replace(item, entries=tuple(e for e in item.entries if e.noun))
    nouns = tuple(entry for entry in item.entries if entry.noun)
    if not (nouns and item.verb):
        return item
    noun = _reads_as_noun(item, before) or (not before and following in {"of", "to"})
    kept = nouns if noun else tuple(entry for entry in item.entries if not entry.noun)
    return msgspec.structs.replace(item, entries=kept)


def _reads_as_noun(item: Item, before: list[Item]) -> bool:
    if not before:
        # A sentence that begins with a bare verb commands: *Stop all use of X.*
        return Form.PLAIN not in item.forms and Form.INFINITIVE not in item.forms
    previous = before[-1]
    if previous.has(Op.AND) and len(before) > 1:
        previous = before[-2]
    if _after_adjective(before):
        return True
    if previous.has(*_BEFORE_VERB):
        return False
    if previous.has(*_BEFORE_NOUN, Op.INTO):
        return True
    if previous.name is not None:
        # "the X ban" is a noun where another verb already governs it.
        return Form.PLAIN in item.forms and _governed(before)
    governed = any(i.verb for i in before[-4:])
    return Form.PLAIN in item.forms and governed and not previous.comma


def _after_adjective(before: list[Item]) -> bool:
    """*the interim order*: a determiner, then a word that is none of the lexicon's."""
    if len(before) < _PAIR:
        return False
    word, opens = before[-1], before[-2]
    plain = not (word.entries or word.name or word.time or word.capital) and word.text.isalpha()
    article = opens.has(Op.DETERMINER, Op.POSSESSIVE) or opens.text.lower() in _CONTRACTED
    return plain and article and len(word.text) > _LONG


def _governed(before: list[Item]) -> bool:
    """Whether a verb stands before, in the same stretch between commas."""
    for item in reversed(before):
        if item.comma:
            return False
        if item.verb and not item.has(*_VOICES):
            return True
    return False


def _negated(before: list[Item]) -> bool:
    return any(item.text.lower() in _NEGATIVE_PARTICLES for item in before[-6:])
