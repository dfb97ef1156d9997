"""The fields of an act: whose it is, whom it binds and what it is about.

Whom: under a command, those commanded; in a party's act about itself, the
party. The subject of an embedded clause may be a pronoun (*it*) or stand for the
speaker's own party (*his department*). Bodies that a named party regulates are
named apart, because *part of* does not reach them. Whose: the issuer who is the
subject, else the speaker whose party it is, else the one office that binds it.
"""

import msgspec

from changeover.intake.acts import Deed, phrase_end
from changeover.intake.clauses import Clause
from changeover.intake.discourse import Discourse
from changeover.intake.items import Item
from changeover.intake.lexicon import Op
from changeover.intake.voices import Voice

Span = tuple[int, int]
_SPOKEN_OF = (Op.PRODUCT, Op.VENDOR, Op.USE)
_STANDING_IN = frozenset({"en", "y", "l", "le", "la", "les"})
"""French pronouns before a verb that stand for what is used."""

_CONTRACTORS = frozenset(
    {"contractor", "contractors", "subcontractor", "subcontractors", "sous-traitant",
     "sous-traitants", "prestataire", "prestataires"}
)  # fmt: skip


class Scene(msgspec.Struct, frozen=True):
    """One sentence as read so far, with the discourse around it."""

    items: list[Item]
    clauses: list[Clause]
    voices: list[Voice]
    discourse: Discourse

    def item(self, position: int) -> Item:
        return self.items[position]


class Whom(msgspec.Struct, frozen=True):
    """Parties reached; `others` when the text adds *and others* to those named.

    `contractors` when it names those who work for the parties.
    """

    parties: tuple[str, ...] = ()
    regulated: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    issuer: str | None = None
    others: bool = False
    contractors: bool = False
    span: Span | None = None


class What(msgspec.Struct, frozen=True):
    """Vendors and models that an act is about, and those a change leads away from."""

    makers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    inferred: bool = False
    span: Span | None = None


# -- whom -----------------------------------------------------------------------------


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
    outward = head.op in {Op.BAN, Op.PERMIT, Op.WAIVE, Op.AGREEMENT, Op.SUSPEND, Op.RESUME}
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


# -- what -----------------------------------------------------------------------------


def what(scene: Scene, deed: Deed) -> What:
    """The vendors and models that the act is about."""
    clause = scene.clauses[deed.clause]
    head = deed.head
    before = [p for p in clause.positions if p < head.position]
    end = phrase_end(scene.items, clause, head.position)
    after = [p for p in clause.positions if head.position < p <= end]
    order = [before, after] if head.passive else [after, before]
    if head.op is Op.SWITCH and _takes_the_place(scene, deed, before):
        found, left = _read_what(scene, before), _read_what(scene, after)
        return msgspec.structs.replace(found, away=_makers(scene, left))
    if head.op is Op.SWITCH or deed.action == "rebind":
        return _switched(scene, after)
    if head.op is Op.GRADUAL and not head.passive:
        order = [list(clause.positions)]
    for place, positions in enumerate(order):
        if place == 1 and not (head.passive or head.op in {Op.AGREEMENT, Op.GRADUAL}):
            continue
        found = _read_what(scene, positions)
        if found.makers or found.models:
            return found
    if shared := _shared(scene, clause, after):
        return shared
    if head.op is Op.GRADUAL:
        return _recalled(scene, deed, [*after, *before])
    return _recalled(scene, deed, after if not head.passive else before)


def _shared(scene: Scene, clause: Clause, after: list[int]) -> What | None:
    """*shall not use, or permit others to use, X*: verbs side by side share what follows."""
    if not after or any(scene.items[p].text[0].isalnum() for p in after[:-1]):
        return None
    if not (scene.items[after[-1]].has(Op.AND) or scene.items[after[-1]].comma):
        return None
    found = _read_what(scene, [p for p in clause.positions if p > after[-1]])
    return found if found.makers or found.models else None


def _read_what(scene: Scene, positions: list[int]) -> What:
    makers: dict[str, int] = {}
    models: dict[str, int] = {}
    spans: list[Span] = []
    for position in positions:
        name = scene.items[position].name
        if name is None:
            continue
        model, maker = name.get("model"), name.get("vendor", "product")
        if model:
            models[model] = position
        elif maker:
            makers.setdefault(maker, position)
        else:
            continue
        spans.append((scene.items[position].start, scene.items[position].end))
    span = (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None
    return What(*_narrowed(scene, makers, models), span=span)


def _narrowed(
    scene: Scene, makers: dict[str, int], models: dict[str, int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """*X's model M* is M alone; *X's products, including M* are all of X's."""
    kept = dict(makers)
    for model, position in models.items():
        maker = scene.discourse.directory.models[model].maker
        if maker not in makers:
            continue
        low, high = sorted((position, makers[maker]))
        between = scene.items[low + 1 : high]
        if not any(i.has(Op.INCLUDING, Op.AND) or i.comma for i in between):
            kept.pop(maker, None)
    alone = tuple(m for m in models if scene.discourse.directory.models[m].maker not in kept)
    return tuple(kept), alone


def _takes_the_place(scene: Scene, deed: Deed, before: list[int]) -> bool:
    """*Y replaces X*: the new one is the subject."""
    replaces = scene.item(deed.head.position).text.lower().startswith(("replac", "remplac"))
    named = _read_what(scene, before)
    return replaces and not deed.head.passive and bool(named.makers or named.models)


def _makers(scene: Scene, left: What) -> tuple[str, ...]:
    models = scene.discourse.directory.models
    return left.makers or tuple(models[m].maker for m in left.models)


def _switched(scene: Scene, after: list[int]) -> What:
    """A change *from X to Y*, or *X by/with Y*: what it leads to, and away from."""
    named = [
        p for p in after
        if (n := scene.items[p].name) and n.get("vendor", "model", "product")
    ]  # fmt: skip
    groups: list[list[int]] = []
    away: list[int] = []
    for position in named:
        towards = _preposition(scene, position)
        if towards is Op.FROM and (not groups or _replaced(scene, position)):
            away.append(position)
        else:
            groups.append([position])
    if len(groups) > 1 and not away and _replaces(scene, groups):
        away, groups = groups[0], groups[1:]
    found = _read_what(scene, [p for group in groups for p in group])
    left = _read_what(scene, away)
    if not (found.makers or found.models):
        return What()
    return What(found.makers, found.models, _makers(scene, left), span=found.span)


def _replaces(scene: Scene, groups: list[list[int]]) -> bool:
    first, second = groups[0][0], groups[1][0]
    between = scene.items[first + 1 : second]
    return any(i.has(Op.INTO, Op.BY) for i in between)


def _replaced(scene: Scene, position: int) -> bool:
    """Whether *instead of* stands before: what follows is left, wherever it is said."""
    return any(
        len(scene.items[back].text.split()) > 1 and scene.items[back].has(Op.FROM)
        for back in range(max(0, position - 4), position)
    )


def _preposition(scene: Scene, position: int) -> Op | None:
    for back in range(position - 1, max(-1, position - 5), -1):
        item = scene.items[back]
        if item.has(Op.FROM):
            return Op.FROM
        if item.has(Op.INTO, Op.BY):
            return Op.INTO
        if item.name or item.verb or item.comma:
            return None
    return None


def _recalled(scene: Scene, deed: Deed, positions: list[int]) -> What:
    """*its products*, *the company*, *it*: the vendor last spoken of."""
    subject = next(
        (n.get("vendor") for p in scene.clauses[deed.clause].positions
         if p < deed.head.position and (n := scene.items[p].name) and n.get("vendor")),
        None,
    )  # fmt: skip
    hanging = _read_what(scene, _hanging(scene, deed))
    if hanging.makers or hanging.models:
        return hanging
    vendor = subject or scene.discourse.vendor
    if vendor is None:
        return What()
    head = scene.items[deed.head.position]
    if {"it", "them"} & set(head.text.lower().split()):  # *brought it back*
        return What((vendor,), inferred=True, span=(head.start, head.end))
    before = scene.items[deed.head.position - 1] if deed.head.position else None
    if before is not None and before.text.lower() in _STANDING_IN and deed.head.op is Op.USE:
        return What((vendor,), inferred=True, span=(before.start, before.end))
    # *may use it* speaks of the vendor; *may use other tools*, *approved tools* need not.
    nouns = () if deed.action == "permit" and deed.head.op is Op.USE else _SPOKEN_OF
    for position in positions:
        item = scene.items[position]
        other = position > 0 and scene.items[position - 1].has(Op.OTHER)
        relates = (bool(nouns) and item.noun(*nouns) and not other) or item.has(Op.PRONOUN)
        if relates or item.text.lower() in {"them", "eux", "y"}:
            return What((vendor,), inferred=True, span=(item.start, item.end))
    told_by_itself = {"rescind", "stay", "wind-down"}
    return What((vendor,), inferred=True) if deed.action in told_by_itself else What()


def _hanging(scene: Scene, deed: Deed) -> list[int]:
    """Positions of the relative clauses that hang on the act's clause."""
    following = scene.clauses[deed.clause + 1 :]
    return [p for c in following[:1] if c.opener in {Op.WHO, Op.IF} for p in c.positions]
