"""Words by what they do in a sentence that commands, permits, ends or reports.

A lexicon maps a word, or a few in a row, to entries: an operator (what the word
does), whether it is a noun, and the forms it may be in. Operators compose
(`acts.py`): a sentence is understood through the order of its operators and not
through stored phrases, so *lifts the ban on using X* and *bans the use of X*
never meet the same rule. English and French are given as tables of lemmas
(`english.py`, `french.py`) and conjugated here.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto

import msgspec


class Op(Enum):
    """What a word does."""

    # Verbs and nouns that carry an act.
    COMMAND = auto()  # order, instruct
    TELL = auto()  # a command when an infinitive follows, speech otherwise
    CEASE = auto()  # stop, end, drop
    BAN = auto()  # ban, prohibit
    SUSPEND = auto()  # a stay of an instrument, a ban of a use
    USE = auto()  # use, deploy, work with
    PERMIT = auto()  # allow, authorise
    RESUME = auto()  # resume, restore
    RESCIND = auto()  # lift, revoke
    WAIVE = auto()  # exempt
    DESIGNATE = auto()  # designate, label
    DECLARE = auto()  # a designation with a risk beside it, speech otherwise
    SWITCH = auto()  # change, move to
    GRADUAL = auto()  # progressively, phase-out
    AGREEMENT = auto()  # an agreement
    APPLY = auto()  # what does not apply to somebody spares them
    INSTRUMENT = auto()  # an order, a memo: a text that others act on
    RISK = auto()
    # Speech.
    SPEECH = auto()
    ANNOUNCE = auto()
    REPORT = auto()
    CONFIRM = auto()
    DENY = auto()
    VERIFY = auto()
    RESPOND = auto()
    COMMENT = auto()
    ACCORDING = auto()
    SEEN = auto()
    CITING = auto()
    # What takes an act back from the world.
    IRREALIS = auto()  # consider, urge, threaten
    INTEND = auto()  # plan to
    REFUSE = auto()
    NOT = auto()
    NO_MORE = auto()
    NO = auto()  # no agency may
    # The verb group.
    BE = auto()
    HAVE = auto()
    DO = auto()
    MAY = auto()
    MUST = auto()
    WILL = auto()
    MIGHT = auto()
    BEGIN = auto()  # begin to: the act that follows is under way
    ISSUE = auto()  # sign, impose: the act is in the noun that follows
    OTHER_VERB = auto()
    TO = auto()
    # How clauses hang together.
    AND = auto()
    AFTER = auto()  # introduces what an act follows or carries out
    WHILE = auto()
    IF = auto()
    THAT = auto()
    WHO = auto()
    BY = auto()
    FROM = auto()
    INTO = auto()
    INCLUDING = auto()
    OTHER = auto()
    DETERMINER = auto()
    POSSESSIVE = auto()
    PRONOUN = auto()
    # Nouns that stand for something named elsewhere.
    PERSON = auto()
    VENDOR = auto()
    PARTY = auto()
    MEDIA = auto()
    PAPER = auto()  # a document that speaks: a memo, a letter
    NETWORK = auto()
    TALK = auto()
    PRODUCT = auto()
    FOR_NOW = auto()
    AGAIN = auto()


class Form(Enum):
    """The forms of a verb, as far as clauses and tenses need them apart."""

    FINITE = auto()
    FUTURE = auto()
    CONDITIONAL = auto()
    PLAIN = auto()  # English base form
    INFINITIVE = auto()
    PARTICIPLE = auto()  # past
    GERUND = auto()


class Entry(msgspec.Struct, frozen=True):
    """One way to take a word."""

    op: Op
    noun: bool
    forms: frozenset[Form] = frozenset()

    @property
    def verb(self) -> bool:
        return bool(self.forms)


Key = tuple[str, ...]


class Lexicon(msgspec.Struct, frozen=True):
    """Entries by their words (lower case, accents kept), and the longest key by first word."""

    entries: Mapping[Key, tuple[Entry, ...]]
    reach: Mapping[str, int]


Conjugation = Iterable[tuple[str, Form]]


def compile_lexicon(
    verbs: Mapping[Op, str],
    words: Mapping[Op, str],
    nouns: frozenset[Op],
    conjugations: Mapping[str, Conjugation],
) -> Lexicon:
    """The lexicon of a language.

    `verbs` and `words` are lists divided by spaces; `_` joins the words of a
    phrase. `conjugations` has the forms of every verb's first word; `nouns` says
    which operators of `words` are nouns.
    """
    found: dict[Key, dict[tuple[Op, bool], set[Form]]] = {}
    for op, lemmas in verbs.items():
        for lemma in lemmas.split():
            head, *rest = lemma.split("_")
            for form_text, form in conjugations[head]:
                found.setdefault((form_text, *rest), {}).setdefault((op, False), set()).add(form)
    for op, listed in words.items():
        for word in listed.split():
            found.setdefault(tuple(word.split("_")), {}).setdefault((op, op in nouns), set())
    entries = {
        key: tuple(Entry(op, noun, frozenset(forms)) for (op, noun), forms in ways.items())
        for key, ways in found.items()
    }
    reach: dict[str, int] = {}
    for key in entries:
        reach[key[0]] = max(reach.get(key[0], 0), len(key))
    return Lexicon(entries, reach)


def english_forms(lemma: str, past: str = "", participle: str = "") -> Iterator[tuple[str, Form]]:
    """Forms of an English verb; `*` after the lemma doubles its last letter."""
    double = lemma.endswith("*")
    base = lemma.rstrip("*")
    stem = base + base[-1] if double else base
    if base.endswith("e") and not base.endswith("ee"):
        stem = base[:-1]
    third = base + "s"
    regular = base + "d" if base.endswith("ee") else stem + "ed"
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = base + "es"
    elif base.endswith("y") and base[-2] not in "aeiou":
        third, regular = base[:-1] + "ies", base[:-1] + "ied"
    yield base, Form.PLAIN
    yield third, Form.FINITE
    yield stem + "ing", Form.GERUND
    yield past or regular, Form.FINITE
    yield participle or past or regular, Form.PARTICIPLE


def french_regular(infinitive: str) -> Iterator[tuple[str, Form]]:
    """Forms of a regular French verb in -er, or in -ir like *finir* (third persons and first)."""
    stem = infinitive[:-2]
    if infinitive.endswith("ir"):
        yield from _french(
            infinitive,
            present=[stem + e for e in ("it", "is", "issons", "issent", "irent", "isse")],
            imperfect=stem + "iss",
            participle=stem + "i",
        )
        return
    soft = stem
    if stem.endswith("c"):
        soft = stem[:-1] + "ç"
    elif stem.endswith("g"):
        soft = stem + "e"
    yield from _french(
        infinitive,
        present=[stem + "e", stem + "ent", soft + "ons", stem + "ez", soft + "a", stem + "èrent"],
        imperfect=soft,
        participle=stem + "é",
    )


def french_irregular(row: str) -> Iterator[tuple[str, Form]]:
    """Forms from `infinitive present,present imperfect-stem future-stem participle`."""
    infinitive, present, imperfect, future, participle = row.split()
    yield from _french(
        infinitive,
        present=present.split(","),
        imperfect=imperfect,
        participle=participle,
        future=future,
    )


def _french(
    infinitive: str,
    *,
    present: list[str],
    imperfect: str,
    participle: str,
    future: str = "",
) -> Iterator[tuple[str, Form]]:
    future = future or infinitive
    yield infinitive, Form.INFINITIVE
    yield from ((form, Form.FINITE) for form in present)
    yield from ((imperfect + ending, Form.FINITE) for ending in ("ait", "aient", "ais", "ions"))
    yield from ((future + ending, Form.FUTURE) for ending in ("a", "ont", "ai", "ons"))
    yield from ((future + ending, Form.CONDITIONAL) for ending in ("ait", "aient", "ais"))
    yield imperfect + "ant", Form.GERUND
    plural = participle if participle.endswith("s") else participle + "s"
    for form in (participle, plural, participle + "e", participle + "es"):
        yield form, Form.PARTICIPLE
