"""Whether an act is within its issuer's authority (rules 4 and 10).

An issuer may prohibit or require for the parties it binds and all that is part
of them, and for bodies that a party in its `regulates` regulates. To reach
contractors too (`Scope.contracts`) it must bind every party named and have the
contracts of every one of them in its `contracts_of`, because such a scope
reaches both. A scope of networks alone reaches everybody there, so it needs
their ownership, whatever the modality; an admission always does. It may change
the models of services of the parties it binds. What an amendment writes is judged as
the issuer's own clauses are. What it may do to other instruments is in
`acting.py`; a vendor's terms, which may be for anybody, are in `terms.py`.

A freeing act (a permit, a rescission, a supersession, a stay, a vacatur, a waiver,
an amendment, a finding that an instrument falls or that a use is an existing one)
needs its source's digest and a second officer; a restricting one does not, because
barring by mistake is undone in a minute and freeing by mistake is not. A freeze is
confirmed by another person than the one who entered it, because until then nobody
else answered for it. Two names are one person's when they read alike: letter case,
width, spacing and invisible characters do not count.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime

from changeover.basics.errors import NotAuthorisedError
from changeover.directory.model import Directory
from changeover.orders.acting import against_acts
from changeover.orders.clauses import written
from changeover.orders.contradictions import check_contradictions
from changeover.orders.model import (
    Act,
    Amend,
    Confirm,
    Find,
    Instrument,
    Issued,
    Judge,
    Reading,
    Rescind,
    Stay,
    Supersede,
    Vacate,
    Waive,
)
from changeover.orders.powers import Powers, powers_of, states_terms
from changeover.orders.references import check_references
from changeover.orders.terms import against_terms


def check_authority(
    directory: Directory,
    standing: Mapping[str, Issued],
    instrument: Instrument,
    recorded: datetime,
) -> None:
    """Raises `NotAuthorisedError` with every reason why the issuer may not do this.

    `recorded` is when it would be recorded. `InvalidInputError` when the instrument
    refers to what does not exist, or contradicts itself.
    """
    check_references(directory, instrument)
    check_contradictions(directory, instrument)
    issuer = directory.issuers[instrument.issuer]
    powers = powers_of(directory, issuer)
    reasons = [
        *_clauses(directory, powers, instrument),
        *against_acts(directory, standing, instrument, recorded),
        *_rebindings(directory, powers, instrument),
    ]
    if reasons:
        raise NotAuthorisedError(
            f"{issuer.name.en} cannot issue {instrument.id}: "
            + "; ".join(dict.fromkeys(reasons))
            + ".",
            means="Nothing was recorded.",
            do="Correct the scope, or name the issuer whose authority covers it.",
        )


def is_freeing(instrument: Instrument) -> bool:
    """Whether the instrument gives permission back."""
    return any(map(frees, instrument.acts)) or any(
        reading.modality == "permit" for clause in instrument.clauses for reading in clause.readings
    )


def frees(act: Act) -> bool:
    """Whether the act gives permission back."""
    match act:
        case Rescind() | Stay() | Vacate() | Supersede() | Amend():
            return True
        case Find(result="falls") | Judge(result="existing"):
            return True
        case Waive():
            return not act.requested
        case _:
            return False


def check_entry(
    instrument: Instrument,
    entered_by: str,
    confirmed_by: str | None,
    standing: Mapping[str, Issued],
) -> None:
    """Raises `NotAuthorisedError` when it lacks the persons or the source that it needs.

    A freeing act needs a source and a second officer, a confirmation of a freeze
    another person than the one who entered that.
    """
    check_person(entered_by)
    _check_confirmed(instrument, entered_by, standing)
    if not is_freeing(instrument):
        return
    if not instrument.sources:
        raise NotAuthorisedError(
            f"{instrument.id} gives permission back and names no source.",
            means="A freeing act needs the digest of the text that it rests on.",
            do="Give the text with --source FILE; an instrument in a file names it under sources.",
        )
    if as_read(confirmed_by or "") in {"", as_read(entered_by)}:
        raise NotAuthorisedError(
            f"{instrument.id} gives permission back and needs a second officer.",
            means="Nothing was recorded.",
            do="Have another person confirm it with --confirmed-by NAME.",
        )


def _check_confirmed(
    instrument: Instrument, entered_by: str, standing: Mapping[str, Issued]
) -> None:
    confirmed = {i for a in instrument.acts if isinstance(a, Confirm) for i in a.instruments}
    for name in sorted(confirmed & standing.keys()):
        if as_read(standing[name].entered_by) == as_read(entered_by):
            raise NotAuthorisedError(
                f"{entered_by} entered {name} and cannot confirm it too.",
                means="Nothing was recorded. A freeze lasts when a second person answers for it.",
                do="Have another person enter the confirmation.",
            )


def check_person(name: str) -> None:
    """Raises `NotAuthorisedError` when the name of the person who acts reads as nothing."""
    if not as_read(name):
        raise NotAuthorisedError(
            "An act needs the name of the person who enters it.", means="Nothing was recorded."
        )


def as_read(name: str) -> str:
    """A name as a reader takes it in; empty when there is nothing to read."""
    visible = (
        character
        for character in unicodedata.normalize("NFKC", name)
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    return " ".join("".join(visible).casefold().split())


def _clauses(directory: Directory, powers: Powers, instrument: Instrument) -> Iterable[str]:
    if instrument.kind == "terms" or states_terms(directory, instrument):
        yield from against_terms(directory, instrument)
        return
    for _, clause in written(instrument):
        for reading in clause.readings:
            yield from _scope(directory, powers, reading)


def _scope(directory: Directory, powers: Powers, reading: Reading) -> Iterable[str]:
    scope = reading.scope
    beyond = [p for p in scope.parties if p not in powers.binds]
    if beyond:
        yield "it may not bind " + ", ".join(beyond)
    if scope.contracts:
        yield from _contracts(powers, scope.parties)
    unregulated = [p for p in scope.regulated if p not in powers.regulated | powers.binds]
    if unregulated:
        yield "it does not regulate " + ", ".join(unregulated)
    reached = scope.parties or scope.regulated or scope.contracts
    if not reached:
        services = [s for s in scope.services if directory.services[s].party not in powers.binds]
        if services:
            yield "it may not bind the owners of " + ", ".join(services)
    if reading.modality == "permit" or not (reached or scope.services):
        foreign = [n for n in scope.networks if n not in powers.networks]
        if foreign:
            yield "it does not own " + ", ".join(foreign)
    if not (reached or scope.services or scope.networks):
        yield "its scope names no party, network or service"


def _contracts(powers: Powers, parties: tuple[str, ...]) -> Iterable[str]:
    if not parties:
        yield "its scope names contracts, and no party whose contracts they are"
    foreign = [p for p in parties if p not in powers.contracting]
    if foreign:
        yield "it has no authority over the contracts of " + ", ".join(foreign)


def _rebindings(directory: Directory, powers: Powers, instrument: Instrument) -> Iterable[str]:
    for change in instrument.rebindings:
        if directory.services[change.service].party not in powers.binds:
            yield f"it may not change the models of {change.service}"
