"""What a clause does: prohibits, permits, lifts, stays, designates, changes a model.

The act is computed from its head (`heads`) and the operators around it:

1. What stands under *if* is no act. A denied or refused act is none.
2. Ending or lifting an instrument (*lifts the ban*, *the ban was ended*) rescinds;
   suspending or blocking one stays it. Only ending, banning or suspending a *use*
   prohibits. In the passive the instrument or the use is the subject.
3. Negation turns a permission or an allowed use into a prohibition (*may not use*,
   *no longer uses*), and takes every other act back; *no longer banned* is a lifting.
"""

from enum import Enum, auto

import msgspec

from changeover.intake.clauses import Clause
from changeover.intake.heads import ENDING, TEXTS, Head, gives_content, next_head, phrase_end
from changeover.intake.items import Item
from changeover.intake.lexicon import Form, Op
from changeover.intake.model import Action
from changeover.intake.words import fold

_OBJECTS = (*TEXTS, Op.WAIVE, Op.PERMIT, Op.SUSPEND, Op.USE, Op.AGREEMENT, Op.TALK, Op.PRODUCT)
_PARTS = frozenset({"article", "section", "paragraph", "clause", "point", "alinea", "paragraphe"})
"""Words for a part of a text."""
_SUBJUNCTIVE = frozenset({"be", "soit", "soient"})
_BY_WHICH = frozenset({"by", "in", "under", "through", "par", "dans"})
_OF_TEXTS = ("abrog", "repeal", "rescind", "quash", "vacat", "annul", "infirm")
"""Verbs that are said of texts alone."""
_NEAR = 16
"""Words before a relative clause among which the text stands that it tells of."""
_PREVENTING = ("prevent", "empêch", "clos", "ferm")
"""Verbs that bar where they are about a use or its accounts, and else do something else."""


class Polarity(Enum):
    """How a head is negated."""

    PLAIN = auto()
    NEGATED = auto()
    NO_LONGER = auto()


class Deed(msgspec.Struct, frozen=True):
    """An act found in a clause: what it does, and from which head."""

    action: Action
    head: Head
    clause: int
    told: bool = False


def find_deeds(
    items: list[Item], clauses: list[Clause], index: int, *, formal: bool = False
) -> list[Deed]:
    """The acts of one clause; several where commands are joined by *and*.

    In a text in the issuer's own voice also what it recalls of another text: *the order of
    2 June by which …*.
    """
    clause = clauses[index]
    start = clause.positions[0]
    told = clause.opener is Op.WHO and (
        _by_text(items, start) or (formal and _recalls_text(items, start))
    )
    if clause.opener is Op.IF or (clause.opener is Op.WHO and not told):
        return []
    deeds: list[Deed] = []
    taken = -1
    ordered = clause.opener is Op.THAT and index > 0 and _orders(items, clauses[index - 1])
    while (head := next_head(items, clause, taken)) is not None:
        head = msgspec.structs.replace(head, ordered=ordered)
        content = head.predicate is not None and gives_content(items, head.predicate)
        none = (content and _goes_on(clause, head)) or (not ordered and _is_wished(items, head))
        action = None if none else _action(items, clause, head)
        if action is not None:
            deeds.append(Deed(action, head, index, told or content))
            # What follows inside the same phrase belongs to this act.
            taken = phrase_end(items, clause, head.position)
        else:
            taken = head.position
    return deeds


def _is_wished(items: list[Item], head: Head) -> bool:
    """*asks that X be blocked*, *que X soit retiré*: nobody orders what only should be."""
    verb = head.predicate
    if verb is None or verb.first == verb.index or head.command is not None:
        return False
    before = items[verb.first - 1] if verb.first else None
    bare = not verb.helpers & {Op.MUST, Op.MAY, Op.WILL, Op.MIGHT, Op.HAVE}
    return (
        bare
        and items[verb.first].text.lower() in _SUBJUNCTIVE
        and not (before is not None and before.has(Op.TO))
    )


def _goes_on(clause: Clause, head: Head) -> bool:
    """*the circular banning X is repealed*: the clause's own verb acts on the text."""
    return any(p.finite and p.first > head.position for p in clause.predicates)


def _by_text(items: list[Item], start: int) -> bool:
    """*the order by which*, *the decision of 26 October in which*: by what it was done."""
    by = items[start].text.lower() == "whereby"
    if not by and (start == 0 or items[start - 1].text.lower() not in _BY_WHICH):
        return False
    return any(item.noun(*TEXTS) for item in items[max(0, start - _NEAR // 2) : start])


def _recalls_text(items: list[Item], start: int) -> bool:
    """Whether a relative clause hangs on a text that is told of.

    *the order of 2 June, by which …*, *I will sign an order under which …*.
    """
    before = items[max(0, start - _NEAR) : start]
    if any(item.time is not None and item.time.day is not None for item in before[-6:]):
        return True
    texts = [place for place, item in enumerate(before) if item.noun(*TEXTS)]
    if not texts:
        return False
    dated = any(item.time is not None for item in before[texts[-1] :])
    return dated or any(i.verb and i.has(Op.ISSUE) for i in before[: texts[-1]])


def _orders(items: list[Item], clause: Clause) -> bool:
    """Whether a clause orders what the clause that it opens says."""
    main = clause.main
    if main is None:
        return False
    commanded = items[main.index].has(Op.COMMAND) or Op.MUST in main.helpers
    return commanded and not items[main.index].has(Op.SPEECH, Op.REPORT)


def _action(items: list[Item], clause: Clause, head: Head) -> Action | None:
    polarity = _polarity(items, clause, head)
    match head.op:
        case Op.RESCIND | Op.CEASE | Op.BAN | Op.SUSPEND:
            return _ending(items, clause, head, polarity)
        case Op.PERMIT | Op.RESUME:
            return _permission(items, clause, head, polarity)
        case Op.USE:
            return _use(items, clause, head, polarity)
        case Op.APPLY:
            if polarity is Polarity.PLAIN or not _subject_is_text(items, clause, head):
                return None
            return "waive" if polarity is Polarity.NEGATED else "rescind"
        case _:
            return None if polarity is not Polarity.PLAIN else _other(items, clause, head)


def _in_favour(items: list[Item], clause: Clause, head: Head) -> bool:
    """*Albert drops X in favour of Y*: a service goes on with another."""
    before = [items[p].name for p in clause.positions if p < head.position]
    later = [items[p] for p in clause.positions if p > head.position]
    serves = any(name and name.get("service") for name in before)
    return serves and any(i.has(Op.INTO) and len(i.text.split()) > 1 for i in later)


def _subject_is_text(items: list[Item], clause: Clause, head: Head) -> bool:
    """*The direction shall not apply to X*: what does not apply is a text."""
    # *the direction does not apply to X*, *X is not bound by paragraph 3*
    return any(
        items[p].noun(*TEXTS) or fold(items[p].text) in _PARTS
        for p in clause.positions
        if (p > head.position if head.passive else p < head.position)
    )


def _other(items: list[Item], clause: Clause, head: Head) -> Action | None:
    """Acts that a negation simply takes back."""
    plain: dict[Op, Action] = {
        Op.WAIVE: "waive",
        Op.DESIGNATE: "designate",
        Op.AGREEMENT: "permit",
    }
    if head.op is Op.SWITCH:
        return "rebind" if _moves(items, clause, head) else None
    if head.op is Op.GRADUAL:
        return _winding(items, clause, head)
    return plain.get(head.op)


def _ending(items: list[Item], clause: Clause, head: Head, polarity: Polarity) -> Action | None:
    on_text = _acts_on_text(items, clause, head)
    if polarity is not Polarity.PLAIN:
        unbanned = polarity is Polarity.NO_LONGER and head.op is Op.BAN and not on_text
        return "rescind" if unbanned else None
    if on_text:
        return "stay" if head.op in {Op.SUSPEND, Op.BAN} else "rescind"
    if head.op is Op.RESCIND:
        return "prohibit" if _object(items, clause, head, (Op.USE, Op.AGREEMENT)) else None
    if head.op is Op.CEASE and _in_favour(items, clause, head):
        return "rebind"
    averts = items[head.position].text.lower().startswith(_PREVENTING)
    if _object(items, clause, head, (Op.TALK, Op.RISK)) or (
        averts and not _object(items, clause, head, (Op.USE, Op.PRODUCT))
    ):
        return None
    return "prohibit"


def _acts_on_text(items: list[Item], clause: Clause, head: Head) -> bool:
    if _object(items, clause, head, (*TEXTS, Op.WAIVE)):
        return True
    if head.op is Op.RESCIND and fold(items[head.position].text).startswith(_OF_TEXTS):
        return not _object(items, clause, head, (Op.USE, Op.AGREEMENT))
    negative = head.op in {Op.RESCIND, Op.CEASE}
    return negative and _object(items, clause, head, (Op.PERMIT, Op.SUSPEND))


def _is_maker(items: list[Item], position: int, ops: tuple[Op, ...]) -> bool:
    """Whether a name is what is acted on, and does not say which: *the X ban*."""
    name = items[position].name
    if name is None or not name.get("vendor", "product", "model"):
        return False
    return not any(item.noun(*ops) for item in items[position + 1 : position + 2])


def _object(items: list[Item], clause: Clause, head: Head, ops: tuple[Op, ...]) -> bool:
    """Whether what the head acts on is a noun of one of these kinds."""
    after = [p for p in clause.positions if p > head.position]
    alone = not any(items[p].name or items[p].verb or items[p].noun(*_OBJECTS) for p in after)
    if head.passive or alone:  # *the measure was ended*, *the measure ends on 16 March*
        place = [p for p in clause.positions if p < head.position]
    else:
        place = after[:9]
    for position in place:
        item = items[position]
        if item.noun(*ops):
            return True
        if not head.passive and _is_maker(items, position, ops):
            return False
        if item.noun(*_OBJECTS) or (item.verb and not head.passive):
            return False
    return False


def _permission(items: list[Item], clause: Clause, head: Head, polarity: Polarity) -> Action | None:
    later = [p for p in clause.positions if p > head.position]
    if any(items[p].verb and items[p].has(*ENDING, Op.RESCIND) for p in later[:8]):
        return None
    if head.op is Op.PERMIT and _object(items, clause, head, (Op.BAN, Op.COMMAND)):
        return None  # *lets the ban stand*
    waived = any(items[p].noun(Op.WAIVE) for p in clause.positions if p < head.position)
    match polarity:
        case Polarity.PLAIN:
            return "waive" if waived else "permit"
        case Polarity.NEGATED | Polarity.NO_LONGER if head.op is Op.PERMIT:
            return "prohibit"
        case _:
            return None


def _use(items: list[Item], clause: Clause, head: Head, polarity: Polarity) -> Action | None:
    helpers = head.predicate.helpers if head.predicate else frozenset[Op]()
    before = [p for p in clause.positions if p < head.position]
    served = any((n := items[p].name) and n.get("service") for p in before)
    if polarity is Polarity.NO_LONGER:
        return None if served else "prohibit"  # *StateChat no longer runs on X*: on what, is open
    goes_on = head.governor is not None and items[head.governor.index].has(Op.BEGIN)
    there = head.predicate is None  # *there shall be no use*
    if (goes_on or there) and head.governor is not None:
        helpers |= head.governor.helpers  # *may continue to use*
    bound = helpers & {Op.MUST, Op.MAY} or head.command is not None or head.ordered
    if polarity is Polarity.NEGATED:
        return "prohibit" if bound else None
    if served:
        return "rebind"
    if any(items[p].noun(Op.PRODUCT) for p in before) and not any(items[p].name for p in before):
        return "rebind"  # *the assistant runs on …*: the service last spoken of
    if head.command is not None or Op.MUST in helpers:
        return "require"
    return _freedom(items, head) if Op.MAY in helpers else None


def _freedom(items: list[Item], head: Head) -> Action:
    """*may use*: a permission, or by way of exemption a waiver."""
    return "waive" if any(item.noun(Op.WAIVE) for item in items[: head.position]) else "permit"


def _moves(items: list[Item], clause: Clause, head: Head) -> bool:
    """Whether a change leads to a model or vendor."""
    return any(
        (n := items[p].name) and n.get("vendor", "model", "product")
        for p in clause.positions
        if p > head.position
    )


def _winding(items: list[Item], clause: Clause, head: Head) -> Action | None:
    timed = any(
        (t := items[p].time) and (t.period or t.bearing == "until") for p in clause.positions
    )
    return "wind-down" if timed else ("prohibit" if items[head.position].verb else None)


def _polarity(items: list[Item], clause: Clause, head: Head) -> Polarity:
    verb = head.predicate.index if head.predicate else head.position
    if head.governor is not None and head.command is not None:
        outer = _negation(items, clause, head.governor.index)
        if outer is not Polarity.PLAIN:
            return outer
    inner = _negation(items, clause, verb, after=head.command)
    if inner is Polarity.PLAIN and head.governor is not None and head.command is None:
        governor = items[head.governor.index]
        if governor.has(Op.REFUSE, Op.DENY):
            return Polarity.NEGATED
        return _negation(items, clause, head.governor.index)
    return inner


def _negation(items: list[Item], clause: Clause, verb: int, after: int | None = None) -> Polarity:
    if (
        Form.INFINITIVE in items[verb].forms
        and verb
        and items[verb - 1].text.lower() in {"n", "ne"}
    ):
        return Polarity.NEGATED  # *ne recourir en aucun cas à X*
    start = -1 if after is None else after
    around = [p for p in clause.positions if start < p < verb and verb - p <= 7]
    # French puts *pas* and *plus* after a simple verb: *n'interdit pas*.
    around += [
        p for p in clause.positions if verb < p <= verb + 2 and _simple_negation(items, p, verb)
    ]
    # English puts *no longer* last too: *uses them no longer*.
    around += [p for p in clause.positions if p > verb and items[p].text.lower() == "no longer"]
    if any(items[p].has(Op.NO_MORE) for p in (*around, verb)):
        return Polarity.NO_LONGER
    first = [p for p in clause.positions if start < p < verb]
    barred = any(items[p].has(Op.NO) for p in first)
    if barred or any(items[p].has(Op.NOT, Op.REFUSE) for p in around):
        return Polarity.NEGATED
    return Polarity.PLAIN


def _simple_negation(items: list[Item], position: int, verb: int) -> bool:
    ne = any(items[p].text.lower() in {"n", "ne"} for p in range(max(0, verb - 4), verb))
    return ne and items[position].has(Op.NOT, Op.NO_MORE, Op.NO)
