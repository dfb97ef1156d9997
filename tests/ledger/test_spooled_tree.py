"""Proofs from files are those from leaves in memory, at every size."""

import pytest

from changeover.ledger.spooled_tree import SpooledTree
from changeover.ledger.tree import (
    Subtrees,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
)

LEAVES = [leaf_hash(b"%d" % number) for number in range(37)]


def test_roots_subtrees_and_proofs_are_those_of_the_leaves_at_every_size():
    with SpooledTree() as tree:
        for leaf in LEAVES:
            tree.add(leaf)
        grown = Subtrees()
        for size in range(len(LEAVES) + 1):
            leaves = LEAVES[:size]
            assert tree.root(size) == root(leaves)
            assert tuple(tree.subtrees(size)) == grown.hashes
            for index in range(size):
                assert tree.inclusion(index, size) == inclusion_proof(leaves, index)
                assert tree.consistency(index + 1, size) == consistency_proof(leaves, index + 1)
            if size < len(LEAVES):
                grown.add(LEAVES[size])


def test_what_is_not_in_the_tree_has_no_proof():
    with SpooledTree() as tree:
        tree.add(LEAVES[0])
        with pytest.raises(IndexError):
            tree.inclusion(1, 1)
        with pytest.raises(IndexError):
            tree.consistency(0, 1)
