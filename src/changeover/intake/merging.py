"""Proposals that tell the same act as one.

A report tells an act more than once: in its headline, in its lead, and where it
gives the details. Two proposals are one act when they do the same, by the same
issuer, to the same maker, and one's parties include the other's. The fuller one
is kept and takes from the other what it lacks. A wind-down told by itself joins
the prohibition that it belongs to. In a text in the issuer's own voice every
clause that names what it is about stands for itself; wind-downs and echoes are joined.
"""

from itertools import pairwise

import msgspec

from changeover.intake.discourse import Discourse
from changeover.intake.lexicon import Op
from changeover.intake.model import Nature
from changeover.intake.proposals import Proposal
from changeover.intake.timing import When
from changeover.intake.voices import Voice


def is_hollow(proposal: Proposal) -> bool:
    """Whether neither who acts, nor whom it binds, nor what it is about is said by name.

    What is only restored, by nobody, is back in order: *service was restored*.
    """
    about = proposal.what
    unnamed = about.inferred or not (about.makers or about.models)
    unsaid = _vague(proposal) and (unnamed or proposal.head is Op.RESUME)
    return unsaid and proposal.action in {"permit", "prohibit", "require", "rescind", "stay"}


def merge(proposals: list[Proposal], discourse: Discourse) -> list[Proposal]:
    """The acts told, each once, in the order of the fullest telling.

    One of which nothing is said by name is only an echo of another, or none.
    """
    kept: list[Proposal] = []
    ranked = sorted(proposals, key=lambda p: (_windy(p), is_hollow(p), _vague(p), p.heading))
    for proposal in ranked:
        place = next((i for i, other in enumerate(kept) if _same(other, proposal, discourse)), None)
        if place is None:
            if not (proposal.heading and kept):
                kept.append(proposal)
        else:
            kept[place] = _joined(kept[place], proposal)
    return sorted((p for p in kept if not is_hollow(p)), key=lambda p: p.span)


def _vague(proposal: Proposal) -> bool:
    """Whether nobody the directory knows is said to act or to be bound."""
    return proposal.issuer is None and not proposal.whom.parties


def _windy(proposal: Proposal) -> bool:
    return proposal.head is Op.GRADUAL


def _same(one: Proposal, other: Proposal, discourse: Discourse) -> bool:
    if one.key != other.key or not one.makers(discourse) & other.makers(discourse):
        return False
    if _windy(other):
        same_issuer = other.issuer is None or other.issuer == one.issuer
        return same_issuer and _covers(one, other, discourse)
    if discourse.formal:
        return other.what.inferred and one.issuer == other.issuer
    if one.issuer != other.issuer:
        return _vague(other)
    if one.action == "rebind":
        services = set(one.whom.services), set(other.whom.services)
        return not all(services) or bool(services[0] & services[1])
    return _covers(one, other, discourse) or _covers(other, one, discourse)


def _covers(one: Proposal, other: Proposal, discourse: Discourse) -> bool:
    return all(
        any(discourse.within(party, above) for above in one.whom.parties)
        for party in other.whom.parties
    )


def _weight(proposal: Proposal) -> tuple[bool, bool, bool, bool, int, int]:
    return (
        not _vague(proposal),
        not proposal.heading,
        bool(proposal.what.models),
        proposal.when.since_named,
        len(proposal.whom.regulated) + len(proposal.whom.services) + len(proposal.voices),
        -proposal.span[0],
    )


def _joined(one: Proposal, other: Proposal) -> Proposal:
    if _windy(other):
        span = one.when.until_span or other.when.until_span
        time = msgspec.structs.replace(
            one.when,
            period=one.when.period or other.when.period,
            deadline=one.when.deadline or other.when.deadline,
            until_span=span,
        )
        narrower = other.whom if other.whom.parties else None
        grace = msgspec.structs.replace(narrower, span=other.span) if narrower else other.whom
        return msgspec.structs.replace(
            one,
            when=time,
            grace=one.grace or msgspec.structs.replace(grace, span=other.span),
            voices=_distinct((*one.voices, *other.voices)),
            also=(*one.also, other.span),
        )
    main, side = (one, other) if _weight(one) >= _weight(other) else (other, one)
    real = "announcement" if main.nature == side.nature == "announcement" else None
    moved = main.what if main.what.away else msgspec.structs.replace(
        main.what, away=side.what.away
    )  # fmt: skip
    reach = main.whom
    if not reach.services and side.whom.services:
        reach = msgspec.structs.replace(reach, services=side.whom.services)
    return msgspec.structs.replace(
        main,
        nature=main.nature if real else _stronger(main.nature, side.nature),
        what=moved,
        whom=reach,
        when=_times(main.when, side.when),
        voices=_distinct((*main.voices, *side.voices)),
        provisional=main.provisional or side.provisional,
        grace=main.grace or side.grace,
        follows=tuple(dict.fromkeys((*main.follows, *side.follows))),
        also=tuple(sorted({*main.also, *side.also, side.span})),
    )


def _times(main: When, side: When) -> When:
    """The times of two tellings: the day of effect, once named, and any end that is told."""
    later = side.effective and not main.effective
    kept = side if side.since is not None and (later or main.since is None) else main
    other = main if kept is side else side
    return msgspec.structs.replace(
        kept,
        until=kept.until or other.until,
        deadline=kept.deadline or other.deadline,
        period=kept.period or other.period,
        until_span=kept.until_span or other.until_span,
    )


def _stronger(one: Nature, other: Nature) -> Nature:
    return one if other == "announcement" else other


def _distinct(voices: tuple[Voice, ...]) -> tuple[Voice, ...]:
    ordered = sorted(voices, key=lambda v: (v.start, v.end))
    return tuple(
        v for before, v in pairwise([None, *ordered])
        if v is not None and (before is None or (before.start, before.end) != (v.start, v.end))
    )  # fmt: skip
