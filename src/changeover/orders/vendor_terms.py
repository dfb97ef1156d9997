"""Whose terms an instrument states (rule 8).

Terms are a layer of their own: clauses of instruments of kind `terms` or
`agreement` that a vendor's office issued. Whoever else issues an agreement
issues an order.
"""

from collections.abc import Iterable

from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.orders.decision import Citation
from changeover.orders.model import Instrument
from changeover.orders.powers import states_terms


def vendor_of(directory: Directory, instrument: Instrument) -> str | None:
    """The vendor whose terms the instrument states; None where it states none."""
    if not states_terms(directory, instrument):
        return None
    return directory.issuers[instrument.issuer].vendor


def merely_permits(directory: Directory, instrument: Instrument, citation: Citation) -> bool:
    """Whether the instrument was cited only because a vendor's terms permit the call.

    Nearly every call has such a citation, and people are not told of it.
    """
    return citation.effect == "permits" and vendor_of(directory, instrument) is not None


def vendor_names(directory: Directory, issuers: Iterable[str]) -> tuple[Bilingual, ...]:
    """The vendors whose offices these issuers are, named, each once.

    An office that left the directory, or is no vendor's, goes by its own name or id.
    """
    found: dict[str, Bilingual] = {}
    for issuer in issuers:
        office = directory.issuers.get(issuer)
        if office is None:
            found[issuer] = Bilingual(en=issuer, fr=issuer)
        elif office.vendor is None or office.vendor not in directory.vendors:
            found[issuer] = office.name
        else:
            found[office.vendor] = directory.vendors[office.vendor].name
    return tuple(found.values())
