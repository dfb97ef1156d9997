"""The head of an act: the word that it turns on, and what governs that word.

1. The head is the first verb that carries an act; under a command, a beginning or
   a signature it is the act that follows.
2. What is only considered, feared, asked for or possible is no act, so that its
   words are no heads; neither are participles that only say which.
3. An ending that is given a time and nothing by name winds down what was spoken of.
"""

import msgspec

from changeover.intake.clauses import Clause, Predicate
from changeover.intake.items import Item
from changeover.intake.lexicon import Form, Op
from changeover.intake.words import fold

_COMMANDS = (Op.COMMAND, Op.TELL)
ENDING = (Op.CEASE, Op.BAN, Op.SUSPEND)
TEXTS = (Op.INSTRUMENT, Op.BAN, Op.COMMAND)
_HEADS = (
    Op.RESCIND, Op.WAIVE, *ENDING, Op.DESIGNATE, Op.DECLARE, Op.SWITCH, Op.PERMIT, Op.RESUME,
    Op.AGREEMENT, Op.GRADUAL, Op.USE, Op.APPLY,
)  # fmt: skip
_LISTS = frozenset(
    {"list", "register", "registry", "watchlist", "blacklist", "liste", "registre", "repertoire"}
)
_OFFERS = frozenset({"catalogue", "catalog", "schedule", "portfolio", "allowlist", "whitelist"})
_AVAILABLE = frozenset({"available", "accessible", "accessibles", "disponible", "disponibles"})
_REACH = 10
"""Words between a text and the verb that gives its content."""
_GETTING = (
    "obtain",
    "receive",
    "secure",
    "win",
    "won",
    "obten",
    "obtien",
    "obtint",
    "recu",
    "recoi",
)
_COMING = frozenset({"force", "effect", "vigueur", "effet"})
_NOUN_GOVERNORS = (Op.ISSUE, Op.ANNOUNCE)
_NEGATIONS = (Op.NOT, Op.NO_MORE, Op.REFUSE, Op.NO)


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


def next_head(items: list[Item], clause: Clause, taken: int) -> Head | None:
    command: int | None = None
    governor: Predicate | None = None
    for position in clause.positions:
        item = items[position]
        predicate = _predicate_at(clause, position)
        if item.has(*_COMMANDS) and (item.verb or _opens_act(items, clause, position)):
            command = position
            governor = predicate or governor
            continue
        if position > taken and (op := _head_op(items, clause, position)) is not None:
            issued = _issued(items, clause, position) if predicate is None else None
            governor = governor or issued
            held = _held(items, clause, position, predicate, governor, command)
            if held:
                if _winds_down(items, clause, op, governor):
                    op = Op.GRADUAL
                return Head(op, position, predicate, governor, command)
        if predicate is not None and predicate.finite:
            governor = predicate
    return None


def _issued(items: list[Item], clause: Clause, position: int) -> Predicate | None:
    """*A waiver is granted*, *a ban comes into force*: the verb that does what a noun names."""
    main = clause.main
    if main is None or main.first < position:
        return None
    done = main.passive and items[main.index].has(Op.ISSUE)
    if not (done or any(fold(item.text) in _COMING for item in items[main.index : main.index + 4])):
        return None
    # What stands before another such noun only says of what that is: *the approval of a waiver*.
    before = [p for p in clause.positions if p < position]
    return None if any(items[p].noun(*_HEADS) for p in before) else main


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
    texts = any(items[p].noun(*TEXTS, Op.WAIVE) for p in clause.positions)
    return op in {Op.CEASE, Op.SWITCH} and timed and not (named or texts)


def _grants(items: list[Item], verb: Predicate) -> bool:
    """*have six months*, *were given until June*."""
    return items[verb.index].has(Op.HAVE) or (verb.passive and items[verb.index].has(Op.ISSUE))


def _predicate_at(clause: Clause, position: int) -> Predicate | None:
    return next((p for p in clause.predicates if p.index == position), None)


def _opens_act(items: list[Item], clause: Clause, position: int) -> bool:
    """*an order to stop* commands what follows; in *the order to stop was lifted* it does not."""
    later = [p for p in clause.predicates if p.index > position]
    if any(p.finite and items[p.index].has(Op.RESCIND, *ENDING) for p in later):
        return False
    opened = [p for p in later if not p.finite]
    return bool(opened) and opened[0].index - position <= 6 and items[opened[0].index].has(*_HEADS)


def _head_op(items: list[Item], clause: Clause, position: int) -> Op | None:
    item = items[position]
    op = next((entry.op for entry in item.entries if entry.op in _HEADS), None)
    if op is None:
        return _without_entry(items, clause, position)
    if op is Op.DECLARE:
        return listing([items[p] for p in clause.positions if p > position])
    if op is Op.USE and not item.verb:
        return op if _none_of_it(items, clause, position) else None
    names_status = op is Op.DESIGNATE and item.noun(Op.DESIGNATE)
    return None if names_status else op


def _without_entry(items: list[Item], clause: Clause, position: int) -> Op | None:
    """*will no longer be available*, *were denied the use of X*: what other words do."""
    item = items[position]
    if fold(item.text) in _AVAILABLE:
        return Op.PERMIT if _is_coming(items, clause, position) else None
    refuses = item.verb and item.has(Op.DENY)
    used = any(i.noun(Op.USE) for i in items[position + 1 : position + 4])
    return Op.BAN if refuses and used else None


def _is_coming(items: list[Item], clause: Clause, position: int) -> bool:
    """*will no longer be available to staff*: what will be, or is no more."""
    main = clause.main
    if main is None or not items[main.index].has(Op.BE) or main.index > position:
        return False
    return main.future or any(items[p].has(Op.NO_MORE) for p in clause.positions if p < position)


def listing(later: list[Item]) -> Op | None:
    """What it does to be declared a risk, or placed on a list, as the words after say."""
    listed = any(fold(item.text) in _LISTS for item in later)
    allowed = any(item.has(Op.PERMIT) for item in later)
    if any(item.noun(Op.RISK) for item in later) or (listed and not allowed):
        return Op.DESIGNATE
    offered = any(fold(item.text) in _OFFERS for item in later)
    return Op.PERMIT if listed or offered else None


def _none_of_it(items: list[Item], clause: Clause, position: int) -> bool:
    """*There shall be no further use of X*."""
    before = [items[p] for p in clause.positions if p < position]
    return any(i.has(Op.NO) for i in before[-3:]) and any(i.text.lower() == "there" for i in before)


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
    finite = predicate is not None and (predicate.finite or gives_content(items, predicate))
    if command is not None or items[position].has(Op.GRADUAL) or finite:
        return True
    if governor is None:
        return False
    verb = items[governor.index]
    if predicate is None:
        gets = items[position].noun(Op.WAIVE) and fold(verb.text).startswith(_GETTING)
        named = gets or verb.has(*_NOUN_GOVERNORS) or governor.first > position
        is_so = items[position].noun(Op.USE) or fold(items[position].text) in _AVAILABLE
        return verb.has(Op.BE) if is_so else named
    plain = verb.has(Op.BEGIN, Op.INTEND, Op.BE, Op.MUST, Op.HAVE, *_NEGATIONS)
    return plain or _grants(items, governor)


def gives_content(items: list[Item], predicate: Predicate) -> bool:
    """*the circular of 2 March banning X*: whether a verb says what a text before it does."""
    if Form.GERUND not in predicate.forms or predicate.finite:
        return False
    for item in reversed(items[max(0, predicate.first - _REACH) : predicate.first]):
        if item.noun(Op.INSTRUMENT):
            return True
        if item.verb and Form.PARTICIPLE not in item.forms:
            return False
    return False


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
    only_may = predicate is not None and Op.MAY in predicate.helpers
    if only_may and items[position].has(*ENDING, Op.RESCIND):
        return True  # *may be withdrawn at any time*
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
