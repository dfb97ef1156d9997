"""What of a record a network may know: nothing of networks that are more secret.

Left out are networks of a greater rank with their services and bindings, and instruments
that are known only on such networks or are about nothing but calls there. What stays and
names what is left out cannot be rewritten without changing what it says; then nothing is
exported, and what to mark is said.
"""

from collections.abc import Iterable, Iterator

import msgspec

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.nearest import advice
from changeover.directory.check import check
from changeover.directory.model import Directory
from changeover.orders.model import Instrument, Issued
from changeover.orders.references import Ids, in_instrument


def known_at(directory: Directory, network: str) -> Directory:
    """The directory as the network may know it; `NotFoundError`."""
    if network not in directory.networks:
        raise NotFoundError(
            f"There is no network {network!r}.", do=advice(network, directory.networks)
        )
    rank = directory.networks[network].rank
    networks = {n.id: n for n in directory.networks.values() if n.rank <= rank}
    services = {s.id: s for s in directory.services.values() if s.network in networks}
    bindings = tuple(b for b in directory.bindings if b.service in services)
    kept: Directory = msgspec.structs.replace(
        directory, networks=networks, services=services, bindings=bindings
    )
    if flaws := check(kept):
        raise ConflictError(f"Without it the directory is not whole: {flaws[0].what}")
    return kept


def is_known(directory: Directory, entry: Issued, network: str) -> bool:
    """Whether a network may know of an instrument."""
    rank = directory.networks[network].rank
    own = entry.instrument.known_on
    if own is not None:
        return directory.networks[own].rank <= rank
    above = {n.id for n in directory.networks.values() if n.rank > rank}
    return not _only_on(above, entry.instrument)


def _only_on(networks: set[str], instrument: Instrument) -> bool:
    """Whether an instrument is about nothing but calls on these networks."""
    scopes = [
        set(reading.scope.networks) for clause in instrument.clauses for reading in clause.readings
    ]
    others = instrument.acts or instrument.rebindings
    return bool(scopes) and not others and all(scope and scope <= networks for scope in scopes)


def check_names_nothing(
    kept: Directory, entries: Iterable[Issued], left_out: Iterable[str]
) -> None:
    """Raises `ConflictError` where an instrument that stays names what is left out."""
    ids, gone = Ids(kept), frozenset(left_out)
    found = list(_naming(ids, entries, gone))
    if found:
        raise ConflictError(
            f"{'; '.join(found)}.",
            means="Nothing was exported: these may not be named on that network.",
            do="Mark the order as known on the more secret network (`known_on`), or issue one "
            "for each network.",
        )


def _naming(ids: Ids, entries: Iterable[Issued], gone: frozenset[str]) -> Iterator[str]:
    for entry in entries:
        instrument = entry.instrument
        words = [reference.words() for reference in ids.unknown(in_instrument(instrument))]
        words += [name for act in instrument.acts for name in act.instruments if name in gone]
        words += [f"network {n!r}" for n in (instrument.known_on,) if n in gone]
        if words:
            yield f"{instrument.id} names {', '.join(dict.fromkeys(words))}"
