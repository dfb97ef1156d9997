"""Whether an act is within its issuer's authority (rules 4 and 10).

An issuer may prohibit or require for the parties it binds and all that is part
of them, and for bodies that a party in its `regulates` regulates. To reach
contractors too (`Scope.contracts`) it must bind every party named and have the
contracts of every one of them in its `contracts_of`, because such a scope
reaches both. A scope of networks alone reaches everybody there, so it needs
their ownership, whatever the modality; an admission always does. It may change
the models of services of the parties it binds. What it may do to other
instruments is in `acting.py`.

A freeing act (a permit, a rescission, a supersession, a stay, a vacatur, a waiver,
a finding that an instrument falls) needs its source's digest and a second
officer; a restricting one does not, because barring by mistake is undone in a
minute and freeing by mistake is not. Two names are one person's when they read
alike: letter case, width, spacing and invisible characters do not count.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from changeover.basics.errors import NotAuthorisedError
from changeover.directory.model import Directory
from changeover.orders.acting import against_acts
from changeover.orders.model import (
    Act,
    Find,
    Instrument,
    Issued,
    Reading,
    Rescind,
    Stay,
    Supersede,
    Vacate,
    Waive,
)
from changeover.orders.powers import Powers, powers_of
from changeover.orders.references import check_references


def check_authority(
    directory: Directory, standing: Mapping[str, Issued], instrument: Instrument
) -> None:
    """Raises `NotAuthorisedError` with every reason why the issuer may not do this.

    `InvalidInputError` when the instrument refers to what does not exist.
    """
    check_references(directory, instrument)
    issuer = directory.issuers[instrument.issuer]
    powers = powers_of(directory, issuer)
    readings = [reading for clause in instrument.clauses for reading in clause.readings]
    reasons = [
        *(r for reading in readings for r in _scope(directory, powers, reading)),
        *against_acts(directory, standing, instrument),
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
        case Rescind() | Stay() | Vacate() | Supersede() | Find(result="falls"):
            return True
        case Waive():
            return not act.requested
        case _:
            return False


def check_entry(instrument: Instrument, entered_by: str, confirmed_by: str | None) -> None:
    """Raises `NotAuthorisedError` when a freeing act lacks a source or a second officer."""
    check_person(entered_by)
    if not is_freeing(instrument):
        return
    if not instrument.sources:
        raise NotAuthorisedError(
            f"{instrument.id} gives permission back and names no source.",
            means="A freeing act needs the digest of the text that it rests on.",
            do="Give the text with --source FILE.",
        )
    if _as_read(confirmed_by or "") in {"", _as_read(entered_by)}:
        raise NotAuthorisedError(
            f"{instrument.id} gives permission back and needs a second officer.",
            means="Nothing was recorded.",
            do="Have another person confirm it with --confirmed-by NAME.",
        )


def check_person(name: str) -> None:
    """Raises `NotAuthorisedError` when the name of the person who acts reads as nothing."""
    if not _as_read(name):
        raise NotAuthorisedError(
            "An act needs the name of the person who enters it.", means="Nothing was recorded."
        )


def _as_read(name: str) -> str:
    """A name as a reader takes it in; empty when there is nothing to read."""
    visible = (
        character
        for character in unicodedata.normalize("NFKC", name)
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    return " ".join("".join(visible).casefold().split())


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
