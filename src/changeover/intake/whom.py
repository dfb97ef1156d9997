"""Whose an act is, and whom it binds.

Under a command, those commanded; in a party's act about itself, the party. The
subject of an embedded clause may be a pronoun (*it*) or stand for the speaker's own
party (*his department*). Bodies that a named party regulates are named apart,
because *part of* does not reach them.
"""

import msgspec

from changeover.intake.acts import Deed
from changeover.intake.clauses import Clause
from changeover.intake.lexicon import Op
from changeover.intake.scene import Scene, Span, Whom

_YOURS = frozenset({"your", "votre", "vos"})
_OUTWARD = frozenset({Op.BAN, Op.PERMIT, Op.WAIVE, Op.AGREEMENT, Op.SUSPEND, Op.RESUME, Op.APPLY})
"""Acts of which those that they are for stand behind the verb."""
_CONTRACTORS = frozenset(
    {"contractor", "contractors", "subcontractor", "subcontractors", "sous-traitant",
     "sous-traitants", "prestataire", "prestataires"}
)  # fmt: skip


def whom(scene: Scene, deed: Deed) -> tuple[Whom, Whom]:
    """The act's subject, and whom it binds."""
    clause = scene.clauses[deed.clause]
    subject = _subject(scene, deed, clause)
    head = deed.head
    if head.command is not None:
        commanding = head.governor
        passive = commanding is not None and commanding.passive
        if passive:
            by = _read_whom(scene, _by_agent(scene, clause, head.command), deed)
            return by, subject
        # *ordered X to stop*, but also *ordered to be stopped in X*
        span = [p for p in clause.positions if head.command < p < head.position]
        bound = _read_whom(scene, span, deed)
        if not bound.parties:
            bound = _read_whom(scene, [p for p in clause.positions if p > head.position], deed)
        return subject, bound
    if head.passive:
        by = _read_whom(scene, _by_agent(scene, clause, head.position), deed)
        return by, _passive_scope(scene, deed)
    after = _read_whom(scene, [p for p in clause.positions if p > head.position], deed)
    outward = head.op in _OUTWARD
    if outward and (after.parties or after.networks):
        return subject, after
    return subject, subject


def _subject(scene: Scene, deed: Deed, clause: Clause) -> Whom:
    head = deed.head
    verb = head.governor if head.governor is not None else head.predicate
    limit = verb.first if verb is not None else head.position
    before = [p for p in clause.positions if p < limit]
    if not before and head.op is Op.GRADUAL:
        before = [p for p in clause.positions if p < head.position]
    found = _read_whom(scene, before, deed)
    if found.span is not None:
        return found
    if head.op is Op.GRADUAL and (wide := _read_whom(scene, list(clause.positions), deed)).span:
        return wide
    return _inherited(scene, deed)


def _inherited(scene: Scene, deed: Deed) -> Whom:
    """*X stopped A and banned B*: the second verb has the first one's subject."""
    clause = scene.clauses[deed.clause]
    first = scene.items[clause.positions[0]]
    if deed.clause == 0 or clause.opener not in {None, Op.AND, Op.THAT}:
        return Whom()
    if not deed.head.ordered and (scene.discourse.formal or not (first.has(Op.AND) or first.verb)):
        return Whom()
    earlier = scene.clauses[deed.clause - 1]
    main = earlier.main
    if main is None:
        return Whom()
    return _read_whom(scene, [p for p in earlier.positions if p < main.first], deed)


def _by_agent(scene: Scene, clause: Clause, verb: int) -> list[int]:
    """Who does what is said in the passive; *use by staff is not permitted* names no such."""
    positions = list(clause.positions)
    for place, position in enumerate(positions):
        if position > verb and scene.items[position].has(Op.BY):
            return positions[place + 1 : place + 7]
    return []


def _passive_scope(scene: Scene, deed: Deed) -> Whom:
    clause = scene.clauses[deed.clause]
    by = set(_by_agent(scene, clause, deed.head.position))
    return _read_whom(scene, [p for p in clause.positions if p not in by], deed)


def _read_whom(scene: Scene, positions: list[int], deed: Deed) -> Whom:
    parties: dict[str, None] = {}
    networks: dict[str, None] = {}
    services: dict[str, None] = {}
    issuer: str | None = None
    others = False
    spans: list[Span] = []
    for position in positions:
        item = scene.items[position]
        if item.name is not None:
            office, party = item.name.get("issuer"), item.name.get("party")
            network, service = item.name.get("network"), item.name.get("service")
            issuer = issuer or (None if party else office)
            if not (office or party or network or service):
                continue
            if party:
                parties[party] = None
            if network:
                networks[network] = None
            if service:
                services[service] = None
        elif found := _stand_in(scene, position, deed):
            who = found
            if who in scene.discourse.directory.issuers:
                issuer = issuer or who
            else:
                parties[who] = None
        elif item.has(Op.OTHER):
            others = others or _other_parties(scene, position)
            continue
        else:
            continue
        spans.append((item.start, item.end))
    reached = _whom(scene, (parties, networks, services), issuer, others=others, spans=spans)
    working = any(scene.items[p].text.lower() in _CONTRACTORS for p in positions)
    return msgspec.structs.replace(reached, contractors=working and bool(parties))


def _whom(
    scene: Scene,
    found: tuple[dict[str, None], dict[str, None], dict[str, None]],
    issuer: str | None,
    *,
    others: bool,
    spans: list[Span],
) -> Whom:
    parties, networks, services = found
    own = scene.discourse.party_of(issuer)
    if issuer and own in parties and len(parties) == 1:
        # *the director of the agency*: the party only says whose office it is.
        parties = {}
    regulators = {own, *parties} - {None}
    regulated = tuple(p for p in parties if regulators & set(scene.discourse.regulators_of(p)))
    return Whom(
        parties=tuple(p for p in parties if p not in regulated),
        regulated=regulated,
        networks=tuple(networks),
        services=tuple(services),
        issuer=issuer,
        others=others,
        span=(spans[0][0], spans[-1][1]) if spans else None,
    )


def _stand_in(scene: Scene, position: int, deed: Deed) -> str | None:
    """Whom a pronoun, *his department* or *the department* stands for."""
    item = scene.items[position]
    speaker = next(
        (v.identity for v in scene.voices if deed.clause in v.governs and v.identity), None
    )
    actor = speaker or scene.discourse.actor
    if item.has(Op.PRONOUN):
        return actor
    if not item.noun(Op.PARTY) or position == 0:
        return None
    before = scene.items[position - 1]
    if before.text.lower() in _YOURS:
        return scene.discourse.addressed[0] if scene.discourse.addressed else None
    if before.has(Op.POSSESSIVE):
        return scene.discourse.party_of(actor)
    if before.text.lower() in {"the", "le", "l", "this", "ce", "cette", "la"}:
        own = scene.discourse.party_of(speaker or scene.discourse.issuer)
        return own or scene.discourse.party
    return None


def _other_parties(scene: Scene, position: int) -> bool:
    following = scene.items[position + 1 : position + 3]
    return any(
        i.noun(Op.PARTY) or i.text.lower() in {"agencies", "departments", "agences", "ministères",
                                              "départements", "administrations"}
        for i in following
    )  # fmt: skip
