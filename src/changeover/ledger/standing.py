"""How a ledger stands as a whole, so that two copies of it can be compared."""

import msgspec

from changeover.ledger.checkpoint import VerifierKey
from changeover.ledger.leaves import entry_leaf
from changeover.ledger.ports import LedgerStore
from changeover.ledger.tree import Subtrees
from changeover.ledger.verification import verify


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries there are, the root over their bytes in hex, and what does not hold.

    `fault` names the first one; None where everything holds, or where no key was
    known to verify with.
    """

    size: int
    root: str
    fault: str | None = None


def standing(store: LedgerStore, key: VerifierKey | None) -> Standing:
    """How the ledger in the store stands, verified where the key is known."""
    fault = None
    if key is not None:
        found = verify(store, key)
        if found.fault is None:
            return Standing(size=found.size, root=found.root.hex())
        fault = f"{found.fault.where}: {found.fault.what}"
    tree = Subtrees()
    for entry in store.entries():
        tree.add(entry_leaf(entry.body))
    return Standing(size=tree.size, root=tree.root().hex(), fault=fault)
