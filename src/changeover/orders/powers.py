"""What an issuer's authorities come to, once *part of* is descended.

One rule for everyone who asks: `authority.py` when an instrument is issued, and
the ruleset when it decides whose admissions open a network (rule 7). What an
issuer may do to a party it may do to all that is part of it; a network's
admissions come from the issuers that bind its owner.
"""

from collections.abc import Iterable

import msgspec

from changeover.directory.model import Directory, Issuer
from changeover.directory.rules import ancestors, descendants
from changeover.orders.model import Instrument


class Powers(msgspec.Struct, frozen=True, kw_only=True):
    """The parties it binds, the bodies it may bind as regulated, and the networks it may admit to.

    `contracting` are the parties whose contractors it may bind under their contracts.
    """

    binds: frozenset[str]
    regulated: frozenset[str]
    contracting: frozenset[str]
    networks: frozenset[str]


def powers_of(directory: Directory, issuer: Issuer) -> Powers:
    """The issuer's powers in this directory."""
    binds = _with_parts(directory, issuer.binds)
    return Powers(
        binds=binds,
        regulated=frozenset(
            party.id
            for party in directory.parties.values()
            for relation in party.relations
            if relation.kind == "regulated-by" and relation.to in issuer.regulates
        ),
        contracting=_with_parts(directory, issuer.contracts_of),
        networks=frozenset(n.id for n in directory.networks.values() if n.owner in binds),
    )


def is_above(directory: Directory, issuer: Issuer, other: Issuer) -> bool:
    """Whether an issuer stands above another.

    It does when its office is of a party above that of the other's, which it binds.
    """
    if issuer.party is None or other.party is None or issuer.party == other.party:
        return False
    return (
        issuer.party in ancestors(directory, other.party)
        and other.party in powers_of(directory, issuer).binds
    )


def states_terms(directory: Directory, instrument: Instrument) -> bool:
    """Whether the instrument is a vendor's own terms, or its agreement on them (rule 8).

    They may be for anybody, and bind nobody otherwise than by what is the vendor's.
    """
    issuer = directory.issuers.get(instrument.issuer)
    of_vendor = issuer is not None and issuer.vendor is not None
    return of_vendor and instrument.kind in {"terms", "agreement"}


def _with_parts(directory: Directory, parties: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(descendants(directory, party) for party in parties))
