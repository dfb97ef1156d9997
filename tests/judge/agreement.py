"""Whether the judge and the engine give the same answer, and the smallest record if not.

A record is shrunk greedily: whatever can be left out while the answers still
differ is left out.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from changeover.basics.text import Bilingual
from changeover.orders.decide import decide
from changeover.orders.decision import Citation, Decision
from changeover.orders.model import Issued
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset
from tests.judge.judge import judge
from tests.judge.worlds import Asked, Case


class Disagreement(NamedTuple):
    """A question that judge and engine answer differently."""

    known: Known
    asked: Asked
    judged: Decision
    decided: Decision


def disagreement(case: Case) -> Disagreement | None:
    """The first question of a case that they answer differently, with the record shrunk."""
    for asked in case.asked:
        found = differ(case.known, asked)
        if found is not None:
            return shrunk(found)
    return None


def differ(known: Known, asked: Asked) -> Disagreement | None:
    """Asks the judge, a ruleset compiled at once, and one that grew to the same record."""
    judged = judge(known, asked.call, asked.route, asked.at, asked.readings)
    compiled = compile_ruleset(known, version="judged", readings=asked.readings)
    for ruleset in (compiled, grown(known, asked)):
        decided = decide(ruleset, asked.call, asked.route, asked.at)
        if comparable(judged) != comparable(decided):
            return Disagreement(known, asked, judged, decided)
    return None


def grown(known: Known, asked: Asked) -> Ruleset:
    """The ruleset of the first half of the record, with all that follows added one by one.

    It is asked the question all the while, so that what is laid out for it grows along, and is
    read otherwise than chosen only at the end.
    """
    half = len(known.issued) // 2
    first = msgspec.structs.replace(known, issued=known.issued[:half], releases=(), calls=())
    ruleset = compile_ruleset(first, version="judged")
    for issued in known.issued[half:]:
        for _ in range(3):
            decide(ruleset, asked.call, asked.route, asked.at)
        ruleset = ruleset.with_issued([issued], version="judged", seq=known.seq)
    for release in known.releases:
        ruleset = ruleset.with_release(release, version="judged", seq=known.seq)
    return ruleset.with_calls(known.calls, version="judged").reading(asked.readings)


def comparable(decision: Decision) -> dict[str, Any]:
    """What both must agree on; where the order says nothing, sorted."""
    return {
        "outcome": decision.outcome,
        "because": decision.because,
        "network": decision.network,
        "deadline": decision.deadline,
        "held_by": sorted(set(decision.held_by)),
        "silent": sorted(set(decision.silent)),
        "questions": sorted(
            {
                repr(msgspec.structs.replace(q, by=tuple(sorted(set(q.by)))))
                for q in decision.questions
            }
        ),
        "citations": sorted(repr(_settled(citation)) for citation in decision.citations),
    }


def _settled(citation: Citation) -> Citation:
    return msgspec.structs.replace(
        citation,
        kept_off_by=tuple(sorted(set(citation.kept_off_by))),
        declined_by=tuple(sorted(set(citation.declined_by))),
        awaits=tuple(sorted(citation.awaits)),
    )


def shrunk(found: Disagreement) -> Disagreement:
    """The same disagreement, or another, about the least that shows one."""
    smaller = True
    while smaller:
        smaller = False
        for known in _smaller(found.known, found.asked):
            less = differ(known, found.asked)
            if less is not None:
                found, smaller = less, True
                break
    return found


def _smaller(known: Known, asked: Asked) -> Iterator[Known]:
    """Records that say one thing less, those that say least first."""
    replace = msgspec.structs.replace
    for n, issued in enumerate(known.issued):
        rest = known.issued[:n] + known.issued[n + 1 :]
        gone = issued.instrument.id
        yield replace(known, issued=tuple(_not_naming(other, gone) for other in rest))
        for less in _smaller_issued(issued):
            yield replace(known, issued=(*known.issued[:n], less, *known.issued[n + 1 :]))
    for field in ("releases", "calls"):
        listed = getattr(known, field)
        for n in range(len(listed)):
            yield replace(known, **{field: listed[:n] + listed[n + 1 :]})
    for field in ("stated", "services", "routes"):
        mapped = getattr(known, field)
        for key in mapped:
            yield replace(known, **{field: {k: v for k, v in mapped.items() if k != key}})
    bindings = known.directory.bindings
    for n in range(len(bindings)):
        fewer = replace(known.directory, bindings=bindings[:n] + bindings[n + 1 :])
        yield replace(known, directory=fewer)
    yield from _without_the_unnamed(known, asked)


def _without_the_unnamed(known: Known, asked: Asked) -> Iterator[Known]:
    """Records without something of the directory that nothing names."""
    replace = msgspec.structs.replace
    for field in ("routes", "models", "services", "networks", "issuers", "vendors", "parties"):
        listed = getattr(known.directory, field)
        for gone in listed:
            rest = {key: value for key, value in listed.items() if key != gone}
            less = replace(known, directory=replace(known.directory, **{field: rest}))
            if f"'{gone}'" not in repr((less, asked)):
                yield less


def _not_naming(issued: Issued, gone: str) -> Issued:
    """The same without what it does to an instrument that is left out."""
    replace = msgspec.structs.replace
    acts = []
    for act in issued.instrument.acts:
        left = tuple(on for on in act.instruments if on != gone)
        if left:
            acts.append(replace(act, instruments=left))
    return replace(issued, instrument=replace(issued.instrument, acts=tuple(acts)))


def _smaller_issued(issued: Issued) -> Iterator[Issued]:
    replace = msgspec.structs.replace
    instrument = issued.instrument
    for field in ("clauses", "acts", "rebindings"):
        listed = getattr(instrument, field)
        for n in range(len(listed)):
            fewer = replace(instrument, **{field: listed[:n] + listed[n + 1 :]})
            yield replace(issued, instrument=fewer)
    if instrument.provisional_until is not None:
        yield replace(issued, instrument=replace(instrument, provisional_until=None))


def in_words(found: Disagreement) -> str:
    """The question, both answers and the record, to read."""
    judged, decided = comparable(found.judged), comparable(found.decided)
    lines = ["Asked:", f"  {_brief(found.asked.call)}"]
    lines += [f"  on {found.asked.route} at {found.asked.at} (readings: {found.asked.readings})"]
    for field, answer in judged.items():
        if answer != decided[field]:
            lines += [f"{field}:", f"  judge:  {_listed(answer)}"]
            lines += [f"  engine: {_listed(decided[field])}"]
    lines += ["The record:"]
    for issued in found.known.issued:
        lines.append(f"  {issued.instrument.id}, recorded {issued.recorded}:")
        lines += [f"    {part}" for part in _parts(issued)]
    for field in ("releases", "calls", "stated", "services", "routes"):
        if getattr(found.known, field):
            lines.append(f"  {field}: {_brief(getattr(found.known, field))}")
    lines += ["The directory:"]
    directory = found.known.directory
    for field in ("parties", "issuers", "networks", "models", "routes", "services"):
        lines += [f"  {_brief(value)}" for value in getattr(directory, field).values()]
    lines += [f"  {_brief(binding)}" for binding in directory.bindings]
    return "\n".join(lines)


def _parts(issued: Issued) -> Iterator[str]:
    instrument = issued.instrument
    given = ("kind", "issuer", "published", "effective", "provisional_until")
    yield ", ".join(f"{f} {getattr(instrument, f)}" for f in given if getattr(instrument, f))
    yield from (_brief(clause) for clause in instrument.clauses)
    yield from (_brief(act) for act in instrument.acts)
    yield from (_brief(rebinding) for rebinding in instrument.rebindings)


_UNTOLD = {"capabilities", "words"}


def _listed(answer: Any) -> str:
    return "\n          ".join(answer) if isinstance(answer, list) else str(answer)


def _brief(value: Any) -> str:
    """A value without the fields that say nothing beyond their default."""
    if not isinstance(value, msgspec.Struct):
        return repr(value)
    said = []
    for field in msgspec.structs.fields(value):
        given = getattr(value, field.name)
        if (
            given != field.default
            and field.name not in _UNTOLD
            and not isinstance(given, Bilingual)
        ):
            said.append(f"{field.name}={_brief_all(given)}")
    return f"{type(value).__name__}({', '.join(said)})"


def _brief_all(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_brief_all(each) for each in value) + "]"
    return _brief(value) if isinstance(value, msgspec.Struct) else str(value)
