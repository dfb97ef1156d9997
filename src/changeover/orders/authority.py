"""Whether an act is within its issuer's authority (rules 4 and 10).

An issuer may prohibit or require for the parties it binds and all that is part
of them, for bodies that a party in its `regulates` regulates, and for
contractors of the parties in its `contracts_of`. It may admit to a network
whose owner it binds. It may rescind its own instruments and nobody else's. It
may change the models of services of the parties it binds.

A freeing act (a permit, a rescission) needs its source's digest and a second
officer; a restricting one does not, because barring by mistake is undone in a
minute and freeing by mistake is not.
"""

from collections.abc import Iterable, Mapping

from changeover.basics.errors import InvalidInputError, NotAuthorisedError
from changeover.directory.model import Directory, Issuer
from changeover.directory.rules import descendants
from changeover.orders.model import (
    Clause,
    Implement,
    Instrument,
    Issued,
    Reading,
    Rescind,
)


def check_authority(
    directory: Directory, standing: Mapping[str, Issued], instrument: Instrument
) -> None:
    """Raises `NotAuthorisedError` with every reason why the issuer may not do this.

    `InvalidInputError` when the instrument refers to what does not exist.
    """
    issuer = directory.issuers.get(instrument.issuer)
    if issuer is None:
        raise InvalidInputError(
            f"There is no issuer {instrument.issuer!r} in the directory.",
            do="Add it with `changeover apply`, or name one that stands there.",
        )
    reasons = [
        *(r for clause in instrument.clauses for r in _clause(directory, issuer, clause)),
        *_acts(standing, instrument),
        *_rebindings(directory, issuer, instrument),
    ]
    if reasons:
        raise NotAuthorisedError(
            f"{issuer.name.en} cannot issue {instrument.id}: " + "; ".join(reasons) + ".",
            means="Nothing was recorded.",
            do="Correct the scope, or name the issuer whose authority covers it.",
        )


def is_freeing(instrument: Instrument) -> bool:
    """Whether the instrument gives permission back."""
    return any(isinstance(act, Rescind) for act in instrument.acts) or any(
        reading.modality == "permit" for clause in instrument.clauses for reading in clause.readings
    )


def check_entry(instrument: Instrument, entered_by: str, confirmed_by: str | None) -> None:
    """Raises `NotAuthorisedError` when a freeing act lacks a source or a second officer."""
    if not entered_by.strip():
        raise NotAuthorisedError("An act needs the name of the person who enters it.")
    if not is_freeing(instrument):
        return
    if not instrument.sources:
        raise NotAuthorisedError(
            f"{instrument.id} gives permission back and names no source.",
            means="A freeing act needs the digest of the text that it rests on.",
            do="Give the text with --source FILE.",
        )
    if confirmed_by is None or confirmed_by.strip().casefold() == entered_by.strip().casefold():
        raise NotAuthorisedError(
            f"{instrument.id} gives permission back and needs a second officer.",
            means="Nothing was recorded.",
            do="Have another person confirm it with --confirmed-by NAME.",
        )


def _bound(directory: Directory, roots: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(descendants(directory, party) for party in roots))


def _clause(directory: Directory, issuer: Issuer, clause: Clause) -> Iterable[str]:
    for reading in clause.readings:
        yield from _scope(directory, issuer, reading)


def _scope(directory: Directory, issuer: Issuer, reading: Reading) -> Iterable[str]:
    scope = reading.scope
    binds = _bound(directory, issuer.binds)
    beyond = [p for p in scope.parties if p not in binds]
    if scope.contracts:
        beyond = [p for p in beyond if p not in issuer.contracts_of]
        if not set(scope.parties) & _bound(directory, issuer.contracts_of):
            yield "it has no authority over these contracts"
    if beyond:
        yield "it may not bind " + ", ".join(beyond)
    regulated = {
        party.id
        for party in directory.parties.values()
        for relation in party.relations
        if relation.kind == "regulated-by" and relation.to in issuer.regulates
    }
    unregulated = [p for p in scope.regulated if p not in regulated | binds]
    if unregulated:
        yield "it does not regulate " + ", ".join(unregulated)
    if reading.modality == "permit":
        foreign = [n for n in scope.networks if directory.networks[n].owner not in binds]
        if foreign:
            yield "it does not own " + ", ".join(foreign)
    if not (scope.parties or scope.regulated or scope.services or scope.networks):
        yield "its scope names no party, network or service"
    services = [s for s in scope.services if directory.services[s].party not in binds]
    if services and not scope.parties:
        yield "it may not bind the owners of " + ", ".join(services)


def _acts(standing: Mapping[str, Issued], instrument: Instrument) -> Iterable[str]:
    for act in instrument.acts:
        missing = [i for i in act.instruments if i not in standing]
        if missing:
            raise InvalidInputError(
                f"{instrument.id} refers to {', '.join(missing)}, which is not on record.",
                do="See `changeover orders list` for what is.",
            )
        match act:
            case Rescind():
                foreign = [
                    i for i in act.instruments if standing[i].instrument.issuer != instrument.issuer
                ]
                if foreign:
                    yield "it did not issue " + ", ".join(foreign)
            case Implement():
                pass


def _rebindings(directory: Directory, issuer: Issuer, instrument: Instrument) -> Iterable[str]:
    binds = _bound(directory, issuer.binds)
    for change in instrument.rebindings:
        service = directory.services.get(change.service)
        if service is None:
            raise InvalidInputError(f"There is no service {change.service!r} in the directory.")
        if service.party not in binds:
            yield f"it may not change the models of {service.id}"
