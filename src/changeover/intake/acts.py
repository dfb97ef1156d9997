"""What a clause does: prohibits, permits, lifts, stays, designates, changes a model.

The act is computed from the operators of the clause, outermost first:

1. What is only considered, feared, asked for or possible is no act; neither is
   what stands under *if*. A denied or refused act is none.
2. The head is the first verb that carries an act; under a command, a beginning or
   a signature it is the act that follows.
3. Ending or lifting an instrument (*lifts the ban*, *the ban was ended*) rescinds;
   suspending or blocking one stays it. Only ending, banning or suspending a *use*
   prohibits. In the passive the instrument or the use is the subject.
4. Negation turns a permission or an allowed use into a prohibition (*may not use*,
   *no longer uses*), and takes every other act back; *no longer banned* is a lifting.
5. The target is the vendor, product or model after the head (before it in the
   passive); *the company* or *its products* are the vendor last spoken of.
"""

from enum import Enum, auto

import msgspec

from changeover.intake.clauses import Clause, Predicate
from changeover.intake.items import Item
from changeover.intake.lexicon import Form, Op
from changeover.intake.model import Action

_COMMANDS = (Op.COMMAND, Op.TELL)
_ENDING = (Op.CEASE, Op.BAN, Op.SUSPEND)
_HEADS = (
    Op.RESCIND, Op.WAIVE, *_ENDING, Op.DESIGNATE, Op.DECLARE, Op.SWITCH, Op.PERMIT, Op.RESUME,
    Op.AGREEMENT, Op.GRADUAL, Op.USE, Op.APPLY,
)  # fmt: skip
_NOUN_GOVERNORS = (Op.ISSUE, Op.ANNOUNCE)
_TEXTS = (Op.INSTRUMENT, Op.BAN, Op.COMMAND)
_NEGATIONS = (Op.NOT, Op.NO_MORE, Op.REFUSE, Op.NO)


_PREVENTING = ("prevent", "empêch", "clos", "ferm")
"""Verbs that bar where they are about a use or its accounts, and else do something else."""


class Polarity(Enum):
    """How a head is negated."""

    PLAIN = auto()
    NEGATED = auto()
    NO_LONGER = auto()


class Head(msgspec.Struct, frozen=True):
    """The operator that an act turns on, where it stands, and what governs it.

    `command` is the position of the commanding word, if one governs; `ordered` is
    whether one of the clause around governs: *shall ensure that no system uses X*.
    """

    op: Op
    position: int
    predicate: Predicate | None
    governor: Predicate | None
    command: int | None
    ordered: bool = False

    @property
    def passive(self) -> bool:
        return self.predicate is not None and self.predicate.passive


class Deed(msgspec.Struct, frozen=True):
    """An act found in a clause: what it does, and from which head."""

    action: Action
    head: Head
    clause: int


def find_deeds(items: list[Item], clauses: list[Clause], index: int) -> list[Deed]:
    """The acts of one clause; several where commands are joined by *and*."""
    clause = clauses[index]
    if clause.opener in {Op.IF, Op.WHO}:
        return []
    deeds: list[Deed] = []
    taken = -1
    ordered = clause.opener is Op.THAT and index > 0 and _orders(items, clauses[index - 1])
    while (head := _next_head(items, clause, taken)) is not None:
        head = msgspec.structs.replace(head, ordered=ordered)
        action = _action(items, clause, head)
        if action is not None:
            deeds.append(Deed(action, head, index))
            # What follows inside the same phrase belongs to this act.
            taken = phrase_end(items, clause, head.position)
        else:
            taken = head.position
    return deeds


def _orders(items: list[Item], clause: Clause) -> bool:
    """Whether a clause orders what the clause that it opens says."""
    main = clause.main
    if main is None:
        return False
    commanded = items[main.index].has(Op.COMMAND) or Op.MUST in main.helpers
    return commanded and not items[main.index].has(Op.SPEECH, Op.REPORT)


def _next_head(items: list[Item], clause: Clause, taken: int) -> Head | None:
    command: int | None = None
    governor: Predicate | None = None
    for position in clause.positions:
        item = items[position]
        predicate = _predicate_at(clause, position)
        if item.has(*_COMMANDS) and (item.verb or _opens_act(items, clause, position)):
            command = position
            governor = predicate or governor
            continue
        if position > taken and (op := _head_op(items, clause, position, command)) is not None:
            held = _held(items, clause, position, predicate, governor, command)
            if held:
                if _winds_down(items, clause, op, governor):
                    op = Op.GRADUAL
                return Head(op, position, predicate, governor, command)
        if predicate is not None and predicate.finite:
            governor = predicate
    return None


def _winds_down(items: list[Item], clause: Clause, op: Op, governor: Predicate | None) -> bool:
    """*have six months to stop*, *existing uses end by May*: how long an ending has.

    A verb that ends something, given a time and nothing by name, ends what was spoken of.
    """
    granted = governor is not None and _grants(items, governor)
    times = [t for p in clause.positions if (t := items[p].time) is not None]
    timed = any(t.bearing in {"within", "until"} for t in times)
    if granted:
        return (timed or op is Op.CEASE) and op not in {Op.WAIVE, Op.AGREEMENT}
    named = any(
        (n := items[p].name) and n.get("vendor", "product", "model") for p in clause.positions
    )
    texts = any(items[p].noun(*_TEXTS, Op.WAIVE) for p in clause.positions)
    return op in {Op.CEASE, Op.SWITCH} and timed and not (named or texts)


def _grants(items: list[Item], verb: Predicate) -> bool:
    """*have six months*, *were given until June*."""
    return items[verb.index].has(Op.HAVE) or (verb.passive and items[verb.index].has(Op.ISSUE))


def _predicate_at(clause: Clause, position: int) -> Predicate | None:
    return next((p for p in clause.predicates if p.index == position), None)


def _opens_act(items: list[Item], clause: Clause, position: int) -> bool:
    """*an order to stop* commands what follows; in *the order to stop was lifted* it does not."""
    later = [p for p in clause.predicates if p.index > position]
    if any(p.finite and items[p.index].has(Op.RESCIND, *_ENDING) for p in later):
        return False
    opened = [p for p in later if not p.finite]
    return bool(opened) and opened[0].index - position <= 6 and items[opened[0].index].has(*_HEADS)


def _head_op(items: list[Item], clause: Clause, position: int, command: int | None) -> Op | None:
    item = items[position]
    op = next((entry.op for entry in item.entries if entry.op in _HEADS), None)
    if op is Op.DECLARE:
        later = [p for p in clause.positions if p > position]
        return Op.DESIGNATE if any(items[p].noun(Op.RISK) for p in later) else None
    if op is Op.USE and not item.verb:
        return None
    if op is Op.DESIGNATE and item.noun(Op.DESIGNATE):
        return None
    if op is Op.GRADUAL and command is None and not item.verb:
        return Op.GRADUAL
    return op


def _held(
    items: list[Item],
    clause: Clause,
    position: int,
    predicate: Predicate | None,
    governor: Predicate | None,
    command: int | None,
) -> bool:
    """Whether the head is said to happen, and not merely named."""
    if _unreal(items, clause, position, predicate) or _attributive(items, position, predicate):
        return False
    finite = predicate is not None and predicate.finite
    if command is not None or items[position].has(Op.GRADUAL) or finite:
        return True
    if governor is None:
        return False
    verb = items[governor.index]
    if predicate is None:
        return verb.has(*_NOUN_GOVERNORS)
    plain = verb.has(Op.BEGIN, Op.INTEND, Op.BE, Op.MUST, Op.HAVE, *_NEGATIONS)
    return plain or _grants(items, governor)


def _leads_in(clause: Clause, position: int, head: int) -> bool:
    """*Having considered the request, I exempt …*: a verb before the clause's own is over."""
    verb = _predicate_at(clause, position)
    own = any(p.finite and position < p.index <= head for p in clause.predicates)
    return verb is not None and not verb.finite and own


def _attributive(items: list[Item], position: int, predicate: Predicate | None) -> bool:
    """*the approved assistants*, *leur usage suspendu*: a participle that only says which."""
    if predicate is None or predicate.first != position or position == 0:
        return False
    settled = items[position].forms <= {Form.PARTICIPLE, Form.FINITE}
    return settled and items[position - 1].has(Op.DETERMINER, Op.POSSESSIVE, Op.NO)


def _unreal(items: list[Item], clause: Clause, position: int, predicate: Predicate | None) -> bool:
    for before in clause.positions:
        if before >= position:
            break
        unreal = items[before].verb and items[before].has(Op.IRREALIS)
        if unreal and not _leads_in(clause, before, position):
            return True
        if items[before].noun(Op.TALK):
            return True
    if items[position].has(Op.IRREALIS):
        return True
    helpers = [p.helpers for p in clause.predicates if p.index <= position]
    if any(Op.MIGHT in found for found in helpers):
        return True
    could = predicate is not None and Op.MAY in predicate.helpers
    return could and predicate is not None and Form.CONDITIONAL in predicate.forms


def phrase_end(items: list[Item], clause: Clause, position: int) -> int:
    """The last position of the phrase that a head opens: up to *and* with another verb."""
    later = [p for p in clause.positions if p > position]
    for place, current in enumerate(later):
        joins = items[current].has(Op.AND) or items[current].comma
        if joins and any(_takes_up(items[p]) for p in later[place + 1 : place + 4]):
            return current
    return later[-1] if later else position


def _takes_up(item: Item) -> bool:
    """Whether a verb begins something of its own: *a licence or a seat giving access* does not."""
    return item.verb and (Form.GERUND not in item.forms or item.has(*_HEADS))


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
            spared = polarity is Polarity.NEGATED and _subject_is_text(items, clause, head)
            return "waive" if spared else None
        case _:
            return None if polarity is not Polarity.PLAIN else _other(items, clause, head)


def _subject_is_text(items: list[Item], clause: Clause, head: Head) -> bool:
    """*The direction shall not apply to X*: what does not apply is a text."""
    return any(items[p].noun(*_TEXTS) for p in clause.positions if p < head.position)


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
    if polarity is Polarity.NO_LONGER and head.op is Op.BAN and not on_text:
        return "rescind"
    if polarity is not Polarity.PLAIN:
        return None
    if on_text:
        return "stay" if head.op in {Op.SUSPEND, Op.BAN} else "rescind"
    if head.op is Op.RESCIND:
        return "prohibit" if _object(items, clause, head, (Op.USE, Op.AGREEMENT)) else None
    averts = items[head.position].text.lower().startswith(_PREVENTING)
    if _object(items, clause, head, (Op.TALK, Op.RISK)) or (
        averts and not _object(items, clause, head, (Op.USE, Op.PRODUCT))
    ):
        return None
    return "prohibit"


def _acts_on_text(items: list[Item], clause: Clause, head: Head) -> bool:
    if _object(items, clause, head, (*_TEXTS, Op.WAIVE)):
        return True
    negative = head.op in {Op.RESCIND, Op.CEASE}
    return negative and _object(items, clause, head, (Op.PERMIT, Op.SUSPEND))


def _object(items: list[Item], clause: Clause, head: Head, ops: tuple[Op, ...]) -> bool:
    """Whether what the head acts on is a noun of one of these kinds."""
    if head.passive:
        place = [p for p in clause.positions if p < head.position]
    else:
        place = [p for p in clause.positions if p > head.position][:9]
    kinds = (*_TEXTS, Op.WAIVE, Op.PERMIT, Op.SUSPEND, Op.USE, Op.AGREEMENT, Op.TALK, Op.PRODUCT)
    for position in place:
        item = items[position]
        if item.noun(*ops):
            return True
        if item.noun(*kinds) or (item.verb and not head.passive):
            return False
    return False


def _permission(items: list[Item], clause: Clause, head: Head, polarity: Polarity) -> Action | None:
    later = [p for p in clause.positions if p > head.position]
    if any(items[p].verb and items[p].has(*_ENDING, Op.RESCIND) for p in later[:8]):
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
    if polarity is Polarity.NO_LONGER:
        return "prohibit"
    goes_on = head.governor is not None and items[head.governor.index].has(Op.BEGIN)
    if goes_on and head.governor is not None:
        helpers |= head.governor.helpers  # *may continue to use*
    bound = helpers & {Op.MUST, Op.MAY} or head.command is not None or head.ordered
    if polarity is Polarity.NEGATED:
        return "prohibit" if bound else None
    before = [p for p in clause.positions if p < head.position]
    if any((n := items[p].name) and n.get("service") for p in before):
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
    start = -1 if after is None else after
    around = [p for p in clause.positions if start < p < verb and verb - p <= 7]
    # French puts *pas* and *plus* after a simple verb: *n'interdit pas*.
    around += [
        p for p in clause.positions if verb < p <= verb + 2 and _simple_negation(items, p, verb)
    ]
    # English puts *no longer* last too: *uses them no longer*.
    around += [p for p in clause.positions if p > verb and items[p].text.lower() == "no longer"]
    if any(items[p].has(Op.NO_MORE) for p in around):
        return Polarity.NO_LONGER
    first = [p for p in clause.positions if start < p < verb]
    barred = any(items[p].has(Op.NO) for p in first)
    if barred or any(items[p].has(Op.NOT, Op.REFUSE) for p in around):
        return Polarity.NEGATED
    return Polarity.PLAIN


def _simple_negation(items: list[Item], position: int, verb: int) -> bool:
    ne = any(items[p].text.lower() in {"n", "ne"} for p in range(max(0, verb - 4), verb))
    return ne and items[position].has(Op.NOT, Op.NO_MORE, Op.NO)
