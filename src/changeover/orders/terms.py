"""What a vendor's office may say in its terms, and in its agreements on them (rule 8).

Terms bind nobody as an order does: they say what the vendor allows to be done with
what it makes, hosts or resells. So they may be for anybody, and each target must
be the vendor's: by one field at least it must hold nothing but the vendor itself,
models that it made or that derive from such, or routes that it makes, hosts or
resells.
"""

from collections.abc import Iterator

from changeover.directory.model import Directory
from changeover.directory.rules import derivation, lineage
from changeover.orders.clauses import written
from changeover.orders.model import Instrument, Target


def against_terms(directory: Directory, instrument: Instrument) -> Iterator[str]:
    """The reasons why an issuer may not state these terms, if they are any."""
    vendor = directory.issuers[instrument.issuer].vendor
    if vendor is None:
        if instrument.kind == "terms":
            yield "terms are stated only by a vendor's own office"
        return
    for _, clause in written(instrument):
        foreign = any(
            not _is_of(directory, vendor, target)
            for reading in clause.readings
            for target in reading.targets
        )
        if foreign:
            yield f"clause {clause.id} is on what {vendor} neither makes nor hosts nor resells"


def _is_of(directory: Directory, vendor: str, target: Target) -> bool:
    """Whether the target reaches nothing but what is the vendor's."""
    held = (target.makers, target.hosts, target.resellers)
    made = [_makers(directory, model) for model in target.models]
    lines = [lineage(directory, route) for route in target.routes]
    return (
        any(set(names) == {vendor} for names in held)
        or (bool(made) and all(vendor in makers for makers in made))
        or (bool(lines) and all(vendor in {*x.makers, x.host, x.reseller} for x in lines))
    )


def _makers(directory: Directory, model: str) -> frozenset[str]:
    """The makers of a model and of what it derives from."""
    return frozenset(directory.models[one].maker for one in derivation(directory, model))
