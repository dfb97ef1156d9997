"""Who says, relays or saw what a sentence tells, found by the sentence's structure.

A voice is the subject of a speech verb (*X said that …*, *…, said X*), what
follows *according to*, or who *saw* a document. A name that the directory does
not have and that reports, verifies or is told according to, is a relay. Its role
follows from what it is: people and offices *say*, papers and the press *relay*
or are *seen*. A speech verb governs the clauses after it that it opens, or,
where it opens none, those before it.
"""

from typing import Literal

import msgspec

from changeover.intake.clauses import SPEECH, Clause, Predicate
from changeover.intake.discourse import Discourse
from changeover.intake.heads import listing
from changeover.intake.items import Item
from changeover.intake.lexicon import Op
from changeover.intake.model import Role
from changeover.intake.times import Time

Speaker = Literal["office", "person", "paper", "relay"]
_RELAYING = frozenset({Op.REPORT, Op.VERIFY, Op.ACCORDING, Op.SEEN})
_TALKING = (*SPEECH, Op.VERIFY, Op.RESPOND)


class Voice(msgspec.Struct, frozen=True):
    """One who stands behind a sentence or some of its clauses.

    `who` is an id of the directory or the words; `identity` the id alone.
    `verb_end` is where the speech verb ends, 0 without one.
    """

    who: str
    identity: str | None
    speaker: Speaker
    role: Role
    op: Op
    start: int
    end: int
    governs: frozenset[int]
    times: tuple[Time, ...] = ()
    verb_end: int = 0


class _Who(msgspec.Struct, frozen=True):
    who: str
    identity: str | None
    speaker: Speaker
    start: int
    end: int


def find_voices(items: list[Item], clauses: list[Clause], discourse: Discourse) -> list[Voice]:
    """The sentence's voices, in order; adds the relays that it meets to the discourse."""
    every = frozenset(range(len(clauses)))
    found = _phrases(items, every, discourse)
    for index, clause in enumerate(clauses):
        silent = silence(items, clause)
        predicate = silent or next(
            (p for p in clause.predicates if p.finite and items[p.index].has(*_TALKING)), None
        )
        if predicate is None or clause.opener is Op.WHO or _commands(items, clause, predicate):
            continue
        governs = _governed(items, clauses, index, predicate.index)
        times = tuple(i.time for p in clause.positions if (i := items[p]).time is not None)
        talking = (e.op for e in items[predicate.index].entries if e.op in _TALKING)
        op = Op.RESPOND if silent else next(talking)
        for who in _speakers(items, clause, predicate, op, discourse):
            voice = _voice(who, op, governs, times)
            found.append(msgspec.structs.replace(voice, verb_end=items[predicate.index].end))
        if op not in {Op.VERIFY, Op.RESPOND}:
            found.extend(_audience(items, clause, predicate, governs, discourse))
    return sorted(found, key=lambda voice: voice.start)


def silence(items: list[Item], clause: Clause) -> Predicate | None:
    """The finite verb of a clause that tells that someone did not answer or comment."""
    main = clause.main
    if main is None:
        return None
    asked = [
        p for p in clause.positions
        if p >= main.first and (items[p].noun(Op.COMMENT) or items[p].has(Op.RESPOND))
    ]  # fmt: skip
    if not asked:
        return None
    refused = any(items[p].has(Op.NOT, Op.REFUSE) for p in clause.positions if p <= asked[-1])
    return main if refused else None


def _voice(who: _Who, op: Op, governs: frozenset[int], times: tuple[Time, ...] = ()) -> Voice:
    role: Role = "said"
    if op is Op.CITING:
        role = "cited"
    elif op is Op.SEEN:
        role = "saw"
    elif who.speaker == "relay":
        role = "relayed"
    return Voice(who.who, who.identity, who.speaker, role, op, who.start, who.end, governs, times)


def _commands(items: list[Item], clause: Clause, predicate: Predicate) -> bool:
    """*told the agencies to stop* commands; *declared it a risk* designates."""
    verb = items[predicate.index]
    rest = [position for position in clause.positions if position > predicate.index]
    if verb.has(Op.TELL):
        return any(p.index in rest and not p.finite for p in clause.predicates)
    if verb.has(Op.DECLARE):
        return listing([items[position] for position in rest]) is not None
    return False


def _governed(items: list[Item], clauses: list[Clause], index: int, verb: int) -> frozenset[int]:
    after: list[int] = []
    for following in range(index + 1, len(clauses)):
        clause = clauses[following]
        opened = clause.opener in {Op.THAT, Op.WHO, Op.IF} or _after_colon(items, clause)
        if not opened:
            break
        if after or clause.opener is not Op.WHO:
            after.append(following)
    # *…, says the memo, adding that …*: what follows hangs on the participle.
    adding = any(
        p.index > verb and not p.finite and items[p.index].has(*SPEECH)
        for p in clauses[index].predicates
    )
    if after and not (index and adding):
        return frozenset({index, *after})
    return frozenset({*range(index + 1), *after})


def _after_colon(items: list[Item], clause: Clause) -> bool:
    first = clause.positions[0]
    before = [item.text for item in items[max(0, first - 2) : first]]
    return ":" in before


def _phrases(items: list[Item], every: frozenset[int], discourse: Discourse) -> list[Voice]:
    found: list[Voice] = []
    for index, item in enumerate(items):
        op = next((o for o in (Op.ACCORDING, Op.CITING) if item.has(o)), None)
        if op is not None:
            zone = _until_mark(items, index + 1)
            found.extend(_voice(w, op, every) for w in _named(items, zone, op, discourse))
        if item.has(Op.SEEN) and items[index + 1 : index + 2] and items[index + 1].has(Op.BY):
            zone = _until_mark(items, index + 2)
            found.extend(_voice(w, Op.SEEN, every) for w in _named(items, zone, Op.SEEN, discourse))
    return found


def _until_mark(items: list[Item], start: int) -> list[int]:
    zone: list[int] = []
    for position in range(start, len(items)):
        item = items[position]
        if item.comma or item.verb or item.text in ".;:()":
            break
        zone.append(position)
    return zone


def _speakers(
    items: list[Item], clause: Clause, predicate: Predicate, op: Op, discourse: Discourse
) -> list[_Who]:
    before = [p for p in clause.positions if p < predicate.first]
    zone = _after_last(before, clause, predicate)
    found = _named(items, zone, op, discourse)
    if found:
        return found if op in {Op.RESPOND, Op.VERIFY} else _principal(found)
    after = [p for p in clause.positions if p > predicate.index]
    return _principal(_named(items, after, op, discourse)) if op is not Op.RESPOND else []


def _principal(found: list[_Who]) -> list[_Who]:
    offices = [who for who in found if who.speaker == "office"]
    return (offices or found)[:1]


def _after_last(before: list[int], clause: Clause, predicate: Predicate) -> list[int]:
    """The subject's place: after the finite verb before, if the clause has one."""
    heads = [p.index for p in clause.predicates if p.finite and p.index < predicate.first]
    return [position for position in before if position > max(heads, default=-1)]


def _audience(
    items: list[Item],
    clause: Clause,
    predicate: Predicate,
    governs: frozenset[int],
    discourse: Discourse,
) -> list[Voice]:
    """*told the newspaper*, *a déclaré au journal*: who was told relays it."""
    after = [p for p in clause.positions if p > predicate.index][:4]
    for position in after:
        if items[position].noun(Op.MEDIA):
            return [_voice(_media(items[position], discourse), Op.REPORT, governs)]
        if items[predicate.index].has(Op.TELL) and _unknown(items, position):
            who = _run(items, after[after.index(position) :], discourse, relay=True)
            return [_voice(who, Op.REPORT, governs)]
    return []


def _named(items: list[Item], zone: list[int], op: Op, discourse: Discourse) -> list[_Who]:
    """Those whom the items at `zone` name, offices before the rest."""
    names = [p for p in zone if (n := items[p].name) and n.get("issuer", "party", "vendor")]
    if names:
        found = [_office(items, zone, position) for position in names]
        return _without_own_party(found, discourse)
    for position in zone:
        item = items[position]
        if item.noun(Op.MEDIA):
            return [_media(item, discourse)]
        if item.noun(Op.PERSON, Op.PAPER):
            speaker: Speaker = "person" if item.noun(Op.PERSON) else "paper"
            return [_words(items, zone, position, speaker)]
        if _unknown(items, position):
            return [_run(items, zone[zone.index(position) :], discourse, relay=op in _RELAYING)]
        if item.has(Op.PRONOUN) and discourse.actor is not None:
            return [_Who(discourse.actor, discourse.actor, "office", item.start, item.end)]
    return []


def _office(items: list[Item], zone: list[int], position: int) -> _Who:
    item = items[position]
    assert item.name is not None
    who = item.name.get("issuer", "party", "vendor") or ""
    near = [p for p in zone if position - 5 <= p < position and items[p].noun(Op.PERSON)]
    if position + 1 in zone and items[position + 1].noun(Op.PERSON):
        return _Who(who, who, "person", item.start, items[position + 1].end)
    if near:
        return _Who(who, who, "person", _phrase_start(items, zone, near[0]), item.end)
    return _Who(who, who, "office", item.start, item.end)


def _without_own_party(found: list[_Who], discourse: Discourse) -> list[_Who]:
    """An office beside its own party is one speaker: *X, director of the agency*."""
    issuers = {who.who for who in found if who.who in discourse.directory.issuers}
    own = {discourse.party_of(issuer) for issuer in issuers}
    kept: dict[str, _Who] = {}
    for who in found:
        if who.who not in own or who.who in issuers:
            kept.setdefault(who.who, who)
    return list(kept.values())


def _phrase_start(items: list[Item], zone: list[int], position: int) -> int:
    while position - 1 in zone and _modifies(items[position - 1]):
        position -= 1
    return items[position].start


def _modifies(item: Item) -> bool:
    plain = not item.entries and not item.name and not item.time and item.text[0].isalpha()
    return plain or item.has(Op.DETERMINER)


def _words(items: list[Item], zone: list[int], position: int, speaker: Speaker) -> _Who:
    start, end = _phrase_start(items, zone, position), items[position].end
    words = " ".join(i.text for i in items if start <= i.start < end)
    return _Who(words, None, speaker, start, end)


def _media(item: Item, discourse: Discourse) -> _Who:
    return _Who(discourse.relay or item.text, None, "relay", item.start, item.end)


def _unknown(items: list[Item], position: int) -> bool:
    item = items[position]
    if not item.capital or item.name or item.time or item.entries:
        return False
    following = items[position + 1] if position + 1 < len(items) else None
    inside = position > 0 and items[position - 1].text not in '"“«(.'
    return inside or (following is not None and (following.verb or following.capital
                                                 or following.text.lower() in {"n", "ne"}
                                                 or following.has(Op.MIGHT, Op.NOT)))  # fmt: skip


def _run(items: list[Item], zone: list[int], discourse: Discourse, *, relay: bool) -> _Who:
    """A run of capitalised words the directory does not have."""
    last = zone[0]
    while last + 1 in zone and items[last + 1].capital and not items[last + 1].name:
        last += 1
    start, end = items[zone[0]].start, items[last].end
    who = " ".join(item.text for item in items[zone[0] : last + 1])
    if relay or who in discourse.relays:
        discourse.relays.add(who)
        return _Who(who, None, "relay", start, end)
    return _Who(who, None, "person", start, end)
