"""The clauses that instruments write: their own, and those that amendments put in their place."""

from collections.abc import Iterable, Iterator

from changeover.orders.model import Amend, Clause, Instrument, Issued

Path = tuple[str | int, ...]


def written(instrument: Instrument) -> Iterator[tuple[Path, Clause]]:
    """Every clause that the instrument's text holds, and where in it."""
    for clause in instrument.clauses:
        yield ("clauses", clause.id), clause
    for index, act in enumerate(instrument.acts):
        if isinstance(act, Amend) and act.becomes is not None:
            yield ("acts", index, "becomes"), act.becomes


def versions(instrument: Instrument, record: Iterable[Issued]) -> Iterator[Clause]:
    """The instrument's clauses as it wrote them, and as amendments on record rewrote them."""
    yield from instrument.clauses
    for entry in record:
        for act in entry.instrument.acts:
            if isinstance(act, Amend) and act.becomes and instrument.id in act.instruments:
                yield act.becomes
