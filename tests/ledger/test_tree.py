"""The reference vectors are those of the certificate-transparency project's merkle tests."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.ledger.tree import (
    EMPTY_ROOT,
    Subtrees,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in INPUTS]
ROOTS = [
    bytes.fromhex(digest)
    for digest in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
ONE = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
TWO = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
LAST_FOUR = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
FOUR = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LAST_TWO = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
FOUR_AND_FIVE = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [
    (0, 1, []),
    (0, 8, [ONE, TWO, LAST_FOUR]),
    (5, 8, [FOUR, LAST_TWO, ROOTS[4].hex()]),
    (2, 3, [ROOTS[2].hex()]),
    (1, 5, [ROOTS[1].hex(), TWO, FOUR]),
]
CONSISTENCY = [
    (1, 1, []),
    (1, 8, [ONE, TWO, LAST_FOUR]),
    (6, 8, [FOUR_AND_FIVE, LAST_TWO, ROOTS[4].hex()]),
    (2, 5, [TWO, FOUR]),
]

leaf_lists = st.integers(1, 70).map(lambda n: [leaf_hash(b"%d" % i) for i in range(n)])


@pytest.mark.parametrize("size", range(9))
def test_reference_roots(size: int):
    assert root(LEAVES[:size]) == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_reference_inclusion_proofs(index: int, size: int, proof: list[str]):
    path = inclusion_proof(LEAVES[:size], index)
    assert [node.hex() for node in path] == proof
    assert verify_inclusion(index, size, LEAVES[index], path, ROOTS[size])


@pytest.mark.parametrize(("first", "second", "proof"), CONSISTENCY)
def test_reference_consistency_proofs(first: int, second: int, proof: list[str]):
    path = consistency_proof(LEAVES[:second], first)
    assert [node.hex() for node in path] == proof
    assert verify_consistency((first, second), (ROOTS[first], ROOTS[second]), path)


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node_hash(recursive_root(leaves[:k]), recursive_root(leaves[k:]))


@given(leaf_lists)
@settings(max_examples=70)
def test_appending_one_by_one_gives_the_defined_root(leaves: list[bytes]):
    tree = Subtrees()
    for size, leaf in enumerate(leaves, 1):
        tree.add(leaf)
        assert tree.root() == recursive_root(leaves[:size])
        assert len(tree.hashes) == size.bit_count()


@given(leaf_lists, st.data())
@settings(max_examples=50)
def test_a_tree_goes_on_from_its_subtrees(leaves: list[bytes], data: st.DataObject):
    size = data.draw(st.integers(0, len(leaves)))
    begun = Subtrees()
    for leaf in leaves[:size]:
        begun.add(leaf)
    tree = Subtrees(begun.size, begun.hashes)
    for leaf in leaves[size:]:
        tree.add(leaf)
    assert (tree.size, tree.root()) == (len(leaves), root(leaves))


@given(leaf_lists, st.data())
@settings(max_examples=100)
def test_inclusion_is_shown_for_that_leaf_at_that_place_only(
    leaves: list[bytes], data: st.DataObject
):
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(index, size, leaves[index], proof, root(leaves))
    assert not verify_inclusion(index, size, leaf_hash(b"other"), proof, root(leaves))
    assert not verify_inclusion(index, size, leaves[index], proof, EMPTY_ROOT)
    assert not verify_inclusion(index, size, leaves[index], [*proof, EMPTY_ROOT], root(leaves))
    for other in range(size):
        if other != index:
            assert not verify_inclusion(other, size, leaves[index], proof, root(leaves))
    for at in range(len(proof)):
        shorter, swapped = proof[:at] + proof[at + 1 :], list(proof)
        swapped[at] = leaf_hash(b"other")
        assert not verify_inclusion(index, size, leaves[index], shorter, root(leaves))
        assert not verify_inclusion(index, size, leaves[index], swapped, root(leaves))


@given(leaf_lists, st.data())
@settings(max_examples=100)
def test_consistency_is_shown_for_those_two_trees_only(leaves: list[bytes], data: st.DataObject):
    first, second = data.draw(st.integers(1, len(leaves))), len(leaves)
    sizes, roots = (first, second), (root(leaves[:first]), root(leaves))
    proof = consistency_proof(leaves, first)
    assert verify_consistency(sizes, roots, proof)
    assert not verify_consistency(sizes, (leaf_hash(b"other"), roots[1]), proof)
    assert not verify_consistency(sizes, (roots[0], leaf_hash(b"other")), proof)
    assert not verify_consistency(sizes, roots, [*proof, EMPTY_ROOT])
    for at in range(len(proof)):
        swapped = list(proof)
        swapped[at] = leaf_hash(b"other")
        assert not verify_consistency(sizes, roots, swapped)
        assert not verify_consistency(sizes, roots, proof[:at] + proof[at + 1 :])


def test_an_altered_history_has_no_consistency_proof():
    altered = [leaf_hash(b"altered"), *LEAVES[1:]]
    proof = consistency_proof(altered, 6)
    assert not verify_consistency((6, 8), (ROOTS[6], root(altered)), proof)


def test_the_empty_tree_begins_every_tree():
    assert verify_consistency((0, 8), (EMPTY_ROOT, ROOTS[8]), [])
    assert verify_consistency((0, 0), (EMPTY_ROOT, EMPTY_ROOT), [])
    assert not verify_consistency((0, 8), (ROOTS[1], ROOTS[8]), [])
    assert not verify_consistency((0, 8), (EMPTY_ROOT, ROOTS[8]), [ROOTS[1]])


@pytest.mark.parametrize(("first", "second"), [(2, 1), (-1, 1)])
def test_sizes_that_make_no_sense_show_nothing(first: int, second: int):
    assert not verify_consistency((first, second), (ROOTS[1], ROOTS[1]), [])
    assert not verify_inclusion(second, first, LEAVES[0], [], ROOTS[1])


def test_proofs_outside_the_tree_are_refused():
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 0)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)


@pytest.mark.parametrize(
    ("size", "hashes"), [(1, []), (3, [ROOTS[1]]), (-1, [ROOTS[1]]), (1, [b"short"])]
)
def test_subtrees_that_fit_no_tree_are_refused(size: int, hashes: list[bytes]):
    with pytest.raises(ValueError, match=r"subtrees|bytes"):
        Subtrees(size, hashes)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_many_leaves_at_once_are_as_each_after_the_other(parts: list[int]):
    one_by_one, at_once, made = Subtrees(), Subtrees(), 0
    for part in parts:
        leaves = [leaf_hash(b"%d" % number) for number in range(made, made + part)]
        made += part
        for leaf in leaves:
            one_by_one.add(leaf)
        at_once.extend(leaves)
        assert (at_once.size, at_once.hashes) == (one_by_one.size, one_by_one.hashes)
