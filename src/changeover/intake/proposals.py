"""Acts of one sentence as proposals: who does what to whom, and from when."""

from datetime import date

import msgspec

from changeover.intake.acts import Deed
from changeover.intake.discourse import Discourse
from changeover.intake.lexicon import Form, Op
from changeover.intake.model import Action, Nature
from changeover.intake.scene import Scene, Span, What, Whom, told_from
from changeover.intake.timing import When, when
from changeover.intake.voices import Voice
from changeover.intake.what import what
from changeover.intake.whom import whom

_ASKING = ("demand", "sollicit", "request", "ask", "seek", "invit")
"""Verbs that command only in the mouth of somebody who may."""
_NEAR = 12
"""Words before a relative clause among which the author of a text is named."""
_BINDING = frozenset({"prohibit", "permit", "wind-down", "require", "designate", "rebind"})
_SELF = frozenset({"prohibit", "permit", "rescind", "wind-down", "require", "rebind"})


class Proposal(msgspec.Struct, frozen=True):
    """One act as one sentence tells it, before it is a draft."""

    action: Action
    nature: Nature
    head: Op
    issuer: str | None
    actor: str | None
    whom: Whom
    what: What
    when: When
    voices: tuple[Voice, ...]
    span: Span
    action_span: Span
    issuer_named: bool = False
    issuer_span: Span | None = None
    heading: bool = False
    provisional: bool = False
    grace: Whom | None = None
    follows: tuple[str, ...] = ()
    also: tuple[Span, ...] = ()

    def makers(self, discourse: Discourse) -> frozenset[str]:
        models = discourse.directory.models
        return frozenset(self.what.makers) | {models[m].maker for m in self.what.models}

    @property
    def key(self) -> Action:
        return "prohibit" if self.action == "wind-down" else self.action


def propose(scene: Scene, deed: Deed, *, heading: bool) -> list[Proposal]:
    """The proposals of one deed: one for each party that acts for itself."""
    voices = tuple(voice for voice in scene.voices if deed.clause in voice.governs)
    if any(voice.op is Op.DENY for voice in voices):
        return []
    nature = _nature(scene, deed, voices)
    target = what(scene, deed)
    if nature is None or not _complete(deed, target) or _advice(scene, deed):
        return []
    if _requested(scene, deed):
        return []
    subject, bound = whom(scene, deed)
    if _of_vendor(scene, deed, subject) or _petitions(scene, deed, subject):
        return []
    ahead = nature == "announcement" or scene.discourse.formal
    base = Proposal(
        action=deed.action,
        nature=nature,
        head=deed.head.op,
        issuer=None,
        actor=None,
        whom=bound,
        what=target,
        when=when(scene, deed, ahead=ahead),
        voices=voices,
        span=_span(scene, deed, voices),
        action_span=_action_span(scene, deed),
        heading=heading,
        provisional=any(item.has(Op.FOR_NOW) for item in scene.items),
        follows=_follows(scene, deed),
    )
    base = _with_services(scene, deed, base)
    if deed.head.op is Op.USE and deed.action == "rebind" and not base.whom.services:
        return []
    return [
        _with_issuer(scene, deed, msgspec.structs.replace(base, whom=part), subject)
        for part in _parts(deed, subject, base.whom)
    ]


def _complete(deed: Deed, target: What) -> bool:
    return bool(target.makers or target.models) or deed.action in {"rescind", "stay"}


def _requested(scene: Scene, deed: Deed) -> bool:
    """*They had asked that it be banned*, *offices confirm that it ended*: nothing is ordered."""
    clause = scene.clauses[deed.clause]
    before = scene.clauses[deed.clause - 1] if deed.clause else None
    if clause.opener is not Op.THAT or before is None or before.main is None:
        return False
    verb = scene.items[before.main.index]
    asked = verb.has(Op.TELL) and verb.text.lower().startswith(("ask", "demand"))
    return asked or (scene.discourse.formal and verb.has(Op.CONFIRM, Op.REPORT))


def _petitions(scene: Scene, deed: Deed, subject: Whom) -> bool:
    """*The federation asks the judge to suspend it*: who holds no office only asks."""
    if deed.head.command is None or subject.issuer or subject.parties:
        return False
    return scene.items[deed.head.command].text.lower().startswith(_ASKING)


def _advice(scene: Scene, deed: Deed) -> bool:
    """A bare imperative commands in an issuer's own text and merely advises elsewhere."""
    verb = deed.head.predicate
    bare = verb is not None and verb.first == verb.index == scene.clauses[deed.clause].positions[0]
    imperative = bare and verb is not None and verb.forms <= {Form.PLAIN, Form.INFINITIVE}
    return imperative and not scene.discourse.formal


def _of_vendor(scene: Scene, deed: Deed, subject: Whom) -> bool:
    """A vendor that ends or begins something of its own gives nobody an order."""
    vendor = subject.issuer in scene.discourse.directory.vendors
    return vendor and deed.head.op is not Op.AGREEMENT and deed.head.command is None


def _nature(scene: Scene, deed: Deed, voices: tuple[Voice, ...]) -> Nature | None:
    predicate = deed.head.predicate
    ahead = deed.told and any(p.future for p in scene.clauses[max(0, deed.clause - 1)].predicates)
    designates = deed.action == "designate" and predicate is not None and predicate.future
    if ahead or designates:
        return "announcement"
    if scene.discourse.formal and not voices:
        return "report of an act" if deed.told else "act"
    governing = deed.head.governor if deed.head.command is not None else predicate
    governing = governing or deed.head.governor
    if governing is None or deed.head.op is Op.GRADUAL or any(v.speaker == "paper" for v in voices):
        return "report of an act"
    words = scene.items[governing.first : governing.index + 1]
    conditional = any(w.text.lower() in {"would", "d"} for w in words) or (
        Form.CONDITIONAL in governing.forms
    )
    if conditional and not voices:
        return None
    intends = any(
        scene.items[p.index].has(Op.INTEND) for p in scene.clauses[deed.clause].predicates
    )
    if governing.future or intends:
        return "announcement"
    return "report of an act"


def _span(scene: Scene, deed: Deed, voices: tuple[Voice, ...]) -> Span:
    clauses = {deed.clause}
    starts = [v.start for v in voices]
    ends = [max(v.end, v.verb_end) for v in voices] + [t.end for v in voices for t in v.times]
    for index, clause in enumerate(scene.clauses):
        spoken = {scene.items[p].start for p in clause.positions} & set(starts)
        if spoken and index < deed.clause:
            clauses.add(index)
    for index in clauses:
        positions = list(scene.clauses[index].positions)
        while len(positions) > 1 and _leads(scene, positions[0]):
            positions.pop(0)
        starts.append(scene.items[positions[0]].start)
        ends.append(scene.items[max(positions)].end)
    return min(starts), max(ends)


def _leads(scene: Scene, position: int) -> bool:
    """Whether an item only leads into its clause: a conjunction or a mark."""
    item = scene.items[position]
    return item.has(Op.AND, Op.AFTER, Op.WHILE) or not item.text[0].isalnum()


def _action_span(scene: Scene, deed: Deed) -> Span:
    head = deed.head
    first = head.predicate.first if head.predicate else head.position
    if head.command is not None and head.command < first:
        first = head.command
    return scene.items[first].start, scene.items[head.position].end


def _with_services(scene: Scene, deed: Deed, base: Proposal) -> Proposal:
    if base.action != "rebind":
        return base
    named = (scene.items[p].name for p in scene.clauses[deed.clause].positions)
    services = tuple(dict.fromkeys(s for n in named if n and (s := n.get("service"))))
    by_itself = base.head is Op.USE or (base.head is Op.SWITCH and scene.discourse.formal)
    if not services and by_itself and scene.discourse.service is not None:
        services = (scene.discourse.service,)
    parties = base.whom.parties or tuple(
        dict.fromkeys(scene.discourse.directory.services[s].party for s in services)
    )
    return msgspec.structs.replace(
        base, whom=msgspec.structs.replace(base.whom, services=services, parties=parties)
    )


def _parts(deed: Deed, subject: Whom, bound: Whom) -> list[Whom]:
    """Parties that each act for themselves, apart; those that one act binds, together."""
    own = deed.head.command is None and bound.parties == subject.parties
    if not own or bound.issuer or len(bound.parties) < 2 or deed.head.op is Op.GRADUAL:
        return [bound]
    if bound.regulated:
        return [bound]
    return [msgspec.structs.replace(bound, parties=(party,)) for party in bound.parties]


def _with_issuer(scene: Scene, deed: Deed, proposal: Proposal, subject: Whom) -> Proposal:
    discourse = scene.discourse
    bound = proposal.whom
    own = deed.head.command is None and bound.parties and set(bound.parties) <= {
        *subject.parties, *_owners(proposal, discourse)
    }  # fmt: skip
    acting = bound.parties if own or deed.head.passive else subject.parties
    if deed.head.passive and not acting:
        acting = subject.parties
    named = subject.issuer or _author(scene, deed)
    if named is None and discourse.formal:
        named = _another(scene, deed, subject) or discourse.speaker(binding=deed.action in _BINDING)
    if named is None:
        named = _speaking_office(proposal, discourse, acting or bound.parties)
    issuer = named
    if issuer is None and len(acting) == 1 and deed.head.op is not Op.GRADUAL:
        issuer = discourse.office_of(acting[0])
    actor = acting[0] if acting and deed.head.op is not Op.GRADUAL else issuer
    if issuer is None and deed.head.op is Op.GRADUAL and proposal.follows:
        issuer = proposal.follows[0]  # *have until May to stop under an order of X*
    if issuer is None and _by_staff(scene, deed, proposal):
        issuer = discourse.actor if discourse.actor in discourse.directory.issuers else None
    if not bound.parties and deed.action in {"rescind", "stay"}:
        bound = msgspec.structs.replace(bound, parties=_of_text(scene, deed, issuer))
    if not bound.parties and bound.networks:
        owners = tuple(discourse.directory.networks[n].owner for n in bound.networks)
        bound = msgspec.structs.replace(bound, parties=tuple(dict.fromkeys(owners)))
    elif not bound.parties:
        bound = _own_scope(discourse, bound, issuer)
    return msgspec.structs.replace(
        proposal,
        issuer=issuer,
        actor=actor,
        whom=bound,
        issuer_named=named is not None,
        issuer_span=subject.span if subject.issuer else None,
    )


def _author(scene: Scene, deed: Deed) -> str | None:
    """*the injunction entered by the District Court on 12 June, which …*: whose text is told of."""
    if not deed.told:
        return None
    start = told_from(scene, deed)
    named = (scene.items[p].name for p in range(max(0, start - _NEAR), start))
    offices = [office for name in named if name and (office := name.get("issuer"))]
    return offices[-1] if offices else None


def _another(scene: Scene, deed: Deed, subject: Whom) -> str | None:
    """The office of a party that acts in another's text: *the Agency banned it* in a judgement."""
    verb = deed.head.governor if deed.head.command is not None else deed.head.predicate
    own = scene.discourse.directory.issuers.get(scene.discourse.issuer or "")
    if verb is None or verb.passive or own is None or own.binds or len(subject.parties) != 1:
        return None
    return scene.discourse.office_of(subject.parties[0])


def _owners(proposal: Proposal, discourse: Discourse) -> set[str]:
    services = discourse.directory.services
    return {services[s].party for s in proposal.whom.services}


def _speaking_office(
    proposal: Proposal, discourse: Discourse, parties: tuple[str, ...]
) -> str | None:
    """The speaker, where the speaker may bind what the act binds."""
    for voice in proposal.voices:
        issuer = discourse.directory.issuers.get(voice.identity or "")
        if issuer is None or voice.speaker != "office" or not issuer.binds:
            continue
        if not parties or all(any(discourse.within(p, b) for b in issuer.binds) for p in parties):
            return issuer.id
    return None


def _by_staff(scene: Scene, deed: Deed, proposal: Proposal) -> bool:
    """*Staff may use it again*: those of whoever acted last."""
    verb = deed.head.predicate
    if verb is None or not proposal.what.inferred or deed.action != "permit":
        return False
    before = [p for p in scene.clauses[deed.clause].positions if p < verb.first]
    return any(scene.items[p].noun(Op.PERSON) for p in before)


def _of_text(scene: Scene, deed: Deed, issuer: str | None) -> tuple[str, ...]:
    """*the decision of the minister*: what is ended or stayed bound the minister's own."""
    following = scene.clauses[deed.clause + 1 :]
    hanging = [c for c in following[:1] if c.opener is Op.WHO]
    for position in (p for c in (scene.clauses[deed.clause], *hanging) for p in c.positions):
        name = scene.items[position].name
        office = name.get("issuer") if name else None
        if office is None or office == issuer:
            continue
        binds = scene.discourse.directory.issuers[office].binds
        if binds:
            return binds
    named = (scene.items[p].name for c in hanging for p in c.positions)
    parties = tuple(dict.fromkeys(party for n in named if n and (party := n.get("party"))))
    return parties or scene.discourse.reached_before(issuer)


def _own_scope(discourse: Discourse, bound: Whom, issuer: str | None) -> Whom:
    if discourse.formal and discourse.addressed:
        return msgspec.structs.replace(bound, parties=discourse.addressed)
    office = discourse.directory.issuers.get(issuer or "")
    if office is not None and office.binds:
        return msgspec.structs.replace(bound, parties=office.binds)
    own = discourse.party_of(issuer)
    return msgspec.structs.replace(bound, parties=(own,)) if own else bound


def _follows(scene: Scene, deed: Deed) -> tuple[str, ...]:
    """Issuers whose acts the sentence says this one comes after or carries out."""
    found: dict[str, None] = {}
    for index, clause in enumerate(scene.clauses):
        commands = any(scene.items[p.index].has(Op.COMMAND) for p in clause.predicates)
        carried = clause.opener is Op.AFTER or (clause.opener is Op.WHILE and commands)
        if not carried or index == deed.clause:
            continue
        hanging = scene.clauses[index + 1 : index + 2]
        for part in [clause, *(c for c in hanging if c.opener is Op.WHO)]:
            for position in part.positions:
                name = scene.items[position].name
                if name and (issuer := name.get("issuer")):
                    found[issuer] = None
    return tuple(found)


def dated(proposal: Proposal, fallback: date | None) -> date | None:
    """The day from which the act stands; an announcement has one only if it names it."""
    if proposal.nature == "announcement":
        named = proposal.when.since if proposal.when.since_span else None
        spoken = any(
            time.start == (proposal.when.since_span or (0, 0))[0]
            for voice in proposal.voices
            for time in voice.times
        )
        return None if spoken else named
    return proposal.when.since or (None if proposal.when.unresolved else fallback)
