"""Proposals and voices as the drafts and claims that intake gives out."""

import hashlib
from datetime import date

from changeover.directory.model import Directory
from changeover.intake.discourse import Discourse
from changeover.intake.formats.model import page_at
from changeover.intake.lexicon import Op
from changeover.intake.model import (
    Attribution,
    Claim,
    Draft,
    Quote,
    RebindingDraft,
    Standing,
    WindDownDraft,
    WindDownReading,
)
from changeover.intake.proposals import Proposal, dated
from changeover.intake.scene import Span
from changeover.intake.times import count
from changeover.intake.voices import Voice
from changeover.orders.model import Kind, Scope, Target

_SPOKEN_FOR = ("spokes", "porte")


class Quoter:
    """Quotes of one document."""

    def __init__(self, text: str, sha256: str, pages: tuple[int, ...] = ()) -> None:
        self._text = text
        self._sha256 = sha256
        self._pages = pages

    def quote(self, span: Span) -> Quote:
        start, end = span
        return Quote(
            document=self._sha256,
            start=start,
            end=end,
            text=self._text[start:end],
            page=page_at(self._pages, start),
        )

    def identify(self, prefix: str, span: Span, *parts: str) -> str:
        """The same words of the same document always get the same id."""
        seed = "\n".join((self._sha256, str(span[0]), str(span[1]), *parts))
        return f"{prefix}-{hashlib.sha256(seed.encode()).hexdigest()[:16]}"


def make_drafts(
    proposals: list[Proposal], discourse: Discourse, quoter: Quoter, silent: frozenset[str]
) -> tuple[Draft, ...]:
    """A draft for each proposal, tied to those of the same document that it implements."""
    ids = [
        quoter.identify("draft", p.span, p.action, p.actor or "", *p.whom.parties)
        for p in proposals
    ]
    return tuple(
        _draft(
            p, ids[place], _implemented(place, proposals, ids, discourse), discourse, quoter, silent
        )
        for place, p in enumerate(proposals)
    )  # fmt: skip


def _implemented(
    place: int, proposals: list[Proposal], ids: list[str], discourse: Discourse
) -> tuple[str, ...]:
    own = proposals[place]
    return tuple(
        ids[index]
        for index, other in enumerate(proposals)
        if index != place
        and other.issuer in own.follows
        and other.issuer != own.issuer
        and other.key == own.key
        and own.makers(discourse) & other.makers(discourse)
    )


def _draft(
    proposal: Proposal,
    identifier: str,
    implements: tuple[str, ...],
    discourse: Discourse,
    quoter: Quoter,
    silent: frozenset[str],
) -> Draft:
    since = dated(proposal, discourse.dated)
    notes = _notes(proposal, discourse, since)
    until = proposal.when.until or _lasting(proposal, since)
    return Draft(
        id=identifier,
        kind=_kind(proposal),
        action=proposal.action,
        nature=proposal.nature,
        issuer=proposal.issuer,
        actor=proposal.actor,
        targets=Target(makers=proposal.what.makers, models=proposal.what.models),
        scope=Scope(
            parties=proposal.whom.parties,
            regulated=proposal.whom.regulated,
            networks=proposal.whom.networks,
            services=proposal.whom.services,
            contracts=("*",) if proposal.whom.contractors else (),
        ),
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        wind_down=_wind_down(proposal, since, quoter),
        rebindings=_rebindings(proposal, discourse),
        implements=implements,
        confirmed=_standing(proposal, discourse, silent),
        attribution=tuple(attribute(voice, quoter) for voice in proposal.voices),
        quote=quoter.quote(proposal.span),
        also=tuple(quoter.quote(span) for span in proposal.also),
        fields=_fields(proposal, quoter),
        notes=notes,
    )


def _lasting(proposal: Proposal, since: date | None) -> date | None:
    """When a permission that is given for a time ends: so long after it began."""
    period = proposal.when.period
    if period is None or since is None or proposal.key == "prohibit":
        return None
    return count(since, period)


def attribute(voice: Voice, quoter: Quoter) -> Attribution:
    return Attribution(who=voice.who, role=voice.role, quote=quoter.quote((voice.start, voice.end)))


def _kind(proposal: Proposal) -> Kind:
    by_action: dict[str, Kind] = {"designate": "designation", "waive": "waiver", "stay": "ruling"}
    if proposal.action in by_action:
        return by_action[proposal.action]
    if proposal.head is Op.AGREEMENT:
        return "agreement"
    if proposal.issuer and "court" in proposal.issuer:
        return "ruling"
    if proposal.action == "rebind":
        return "memo"
    return "authorisation" if proposal.action == "permit" else "order"


def _standing(proposal: Proposal, discourse: Discourse, silent: frozenset[str]) -> Standing:
    own = {proposal.issuer, proposal.actor, discourse.party_of(proposal.issuer)}
    own |= {discourse.office_of(party) for party in discourse.directory.parties if party in own}
    own.discard(None)
    if proposal.nature == "act":
        return "confirmed"
    for voice in proposal.voices:
        speaks_for = voice.speaker == "office" or any(
            word in voice.who.lower() for word in _SPOKEN_FOR
        )
        if voice.identity in own and voice.role == "said" and speaks_for:
            return "confirmed"
    return "no-comment" if own & silent else "unverified"


def _wind_down(proposal: Proposal, since: date | None, quoter: Quoter) -> WindDownDraft | None:
    when = proposal.when
    if when.until_span is None or not (when.deadline or when.period) or proposal.key != "prohibit":
        return None
    deadline = when.deadline
    if deadline is None and when.period is not None and since is not None:
        deadline = count(since, when.period)
    grace = proposal.grace
    return WindDownDraft(
        until=deadline.isoformat() if deadline else None,
        period=when.period,
        readings=_readings(proposal),
        quote=quoter.quote(grace.span if grace and grace.span else when.until_span),
    )


def _readings(proposal: Proposal) -> tuple[WindDownReading, ...]:
    everyone = WindDownReading(
        id="all", parties=(), note="Everyone in scope who uses the products has the time."
    )
    grace = proposal.grace
    named = grace.parties if grace else ()
    if not named or set(named) == set(proposal.whom.parties):
        return (everyone,)
    only = WindDownReading(
        id="named",
        parties=named,
        note="Only the parties named have the time; all others stop at once.",
    )
    return (everyone, only) if grace is not None and grace.others else (only,)


def _rebindings(proposal: Proposal, discourse: Discourse) -> tuple[RebindingDraft, ...]:
    if proposal.action != "rebind":
        return ()
    models = proposal.what.models or tuple(
        m.id
        for m in discourse.directory.models.values()
        if m.maker in proposal.what.makers and m.kind == "chat"
    )
    models = models if len(models) == 1 else ()
    return tuple(
        RebindingDraft(
            service=service,
            slots=slots_of(service, proposal.what.away, discourse.directory),
            models=models,
            provisional=proposal.provisional,
        )
        for service in proposal.whom.services
    )


def slots_of(service: str, away: tuple[str, ...], directory: Directory) -> tuple[str, ...]:
    """The slots that the vendor left behind serves; without one, those that are no embedding."""
    serving: dict[str, str] = {}
    for binding in sorted(directory.bindings, key=lambda b: b.since):
        if binding.service == service and binding.models:
            serving[binding.slot] = binding.models[0].partition("@")[0]
    chosen = []
    for slot in directory.services[service].slots:
        model = directory.models.get(serving.get(slot.name, ""))
        left = model is not None and model.maker in away
        plain = not away and (model is None or model.kind == "chat")
        if left or plain:
            chosen.append(slot.name)
    return tuple(chosen)


def _fields(proposal: Proposal, quoter: Quoter) -> dict[str, Quote]:
    spans = {
        "issuer": proposal.issuer_span,
        "action": proposal.action_span,
        "targets": proposal.what.span,
        "scope": proposal.whom.span,
        "from": proposal.when.since_span,
        "until": proposal.when.until_span,
    }
    found = {name: quoter.quote(span) for name, span in spans.items() if span is not None}
    if proposal.when.until is None and "until" in found:
        found["wind_down"] = found.pop("until")
    for voice in proposal.voices:
        if voice.identity is not None and voice.identity == proposal.issuer:
            found.setdefault("issuer", quoter.quote((voice.start, voice.end)))
    return found


def _notes(proposal: Proposal, discourse: Discourse, since: date | None) -> tuple[str, ...]:
    notes: list[str] = []
    if proposal.nature == "announcement":
        notes.append("Announced only: it binds nobody until the act itself is found.")
    if proposal.issuer is None:
        notes.append("The text and the directory do not tell who the issuer is.")
    elif not proposal.issuer_named:
        notes.append(f"Issuer {proposal.issuer} inferred: the office that binds {proposal.actor}.")
    if proposal.what.inferred:
        notes.append("The target is inferred from what the text spoke of before.")
    if not (proposal.whom.parties or proposal.whom.networks):
        notes.append("Whom it binds is not said.")
    if proposal.whom.contractors:
        notes.append("Contractors are named: whether the party itself is bound, a person must say.")
    notes.extend(_time_notes(proposal, discourse, since))
    if len(_readings(proposal)) > 1 and proposal.when.until_span:
        notes.append("The words on winding down bear two readings; a person must choose.")
    return tuple(notes)


def _time_notes(proposal: Proposal, discourse: Discourse, since: date | None) -> tuple[str, ...]:
    if proposal.nature == "announcement":
        return ()
    if proposal.when.unresolved or (since is None and discourse.dated is None):
        return ("The document has no date, so the act's day cannot be told.",)
    if proposal.when.since is None:
        return ("No day is named: the document's date is taken.",)
    return ()


def make_claims(
    span: Span, voices: list[Voice], about: tuple[str, ...], quoter: Quoter, status: Standing
) -> list[Claim]:
    """The claims of one sentence: one for each who kept silent, else one."""
    if status == "no-comment":
        return [_claim(span, [v], v.who, None, about, quoter, status) for v in voices]
    said = next((v for v in voices if v.role == "said"), None)
    said = said or next((v for v in voices if v.role == "cited"), None)
    relayed = next((v for v in voices if v.role == "relayed" and v.op is not Op.VERIFY), None)
    verifier = next((v for v in voices if v.op is Op.VERIFY), None)
    speaker = verifier or said
    who = speaker.who if speaker else None
    relay = relayed.who if relayed and relayed is not verifier else None
    return [_claim(span, voices, who, relay, about, quoter, status)]


def _claim(  # noqa: PLR0913, PLR0917 - a claim's own parts
    span: Span,
    voices: list[Voice],
    said_by: str | None,
    relayed_by: str | None,
    about: tuple[str, ...],
    quoter: Quoter,
    status: Standing,
) -> Claim:
    quote = quoter.quote(span)
    return Claim(
        id=quoter.identify("claim", span, status, said_by or ""),
        text=quote.text,
        about=about,
        said_by=said_by,
        relayed_by=relayed_by,
        status=status,
        attribution=tuple(attribute(voice, quoter) for voice in voices),
        quote=quote,
    )
