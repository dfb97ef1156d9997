"""The Merkle tree of RFC 6962 and RFC 9162, section 2.1.

A leaf hashes as SHA-256(0x00 || data), an inner node as SHA-256(0x01 || left ||
right), the empty tree as SHA-256(""). The prefixes keep a leaf from passing for
a node. A tree of n > 1 leaves splits at k, the largest power of two below n:
its left part is full and never changes again, its right part is the tree of the
other n − k leaves.

So a tree of n leaves is its *full subtrees*, one for each bit set in n, largest
first. They are all that has to be kept to append: a leaf is a full subtree of
one, and merges with the last one as often as n ends in set bits. The root folds
them from the right. Both take O(log n) time and memory.

An *inclusion proof* (9162, 2.1.3) is the list of siblings from a leaf up to the
root. A *consistency proof* (9162, 2.1.4) is the list of nodes that shows one
tree to be the beginning of another. Verification follows the algorithms of
2.1.3.2 and 2.1.4.2 step by step.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_SIZE = 32
RootOf = Callable[[int, int], bytes]
"""The root over the leaves from one index up to another, a part as the tree splits."""
_sha256 = hashlib.sha256
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry's bytes as a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node over two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Subtrees:
    """A growing tree: how many leaves it has, and its full subtrees, largest first.

    Raises `ValueError` when the hashes cannot be those of a tree of that size.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self._size = size
        self._hashes = list(hashes)
        if size < 0 or size.bit_count() != len(self._hashes):
            raise ValueError(f"{len(self._hashes)} hashes are not the subtrees of {size} leaves")
        if any(len(digest) != HASH_SIZE for digest in self._hashes):
            raise ValueError(f"a hash has {HASH_SIZE} bytes")

    @property
    def size(self) -> int:
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        return tuple(self._hashes)

    def add(self, leaf: bytes) -> None:
        """Appends one leaf hash."""
        carried, bits = leaf, self._size
        while bits & 1:
            carried = node_hash(self._hashes.pop(), carried)
            bits >>= 1
        self._hashes.append(carried)
        self._size += 1

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Appends leaf hashes, level by level: as `add` for each, in a third of the time."""
        nodes, bits, kept = list(leaves), self._size, list[bytes]()
        self._size += len(nodes)
        while nodes:
            if bits & 1:
                nodes.insert(0, self._hashes.pop())
            if len(nodes) & 1:
                kept.append(nodes.pop())
            pairs = zip(nodes[::2], nodes[1::2], strict=True)
            nodes = [_sha256(b"\x01" + left + right).digest() for left, right in pairs]
            bits >>= 1
        self._hashes += reversed(kept)

    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self._hashes:
            return EMPTY_ROOT
        folded = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            folded = node_hash(left, folded)
        return folded


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    tree = Subtrees()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def split(size: int) -> int:
    """The largest power of two below `size` (> 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The siblings from the leaf at `index` up to the root; `IndexError` outside the tree."""
    return inclusion_path(_roots(leaves), index, len(leaves))


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """What shows that the tree of the `first` leaves began this one.

    Raises `IndexError` unless 1 ≤ first ≤ len(leaves): nothing has to be shown
    about the empty tree.
    """
    return consistency_path(_roots(leaves), first, len(leaves))


def inclusion_path(root_of: RootOf, index: int, size: int) -> list[bytes]:
    """`inclusion_proof` in a tree whose nodes are at hand: `root_of(start, stop)` is one."""
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    proof: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + split(stop - start)
        if index < middle:
            proof.append(root_of(middle, stop))
            stop = middle
        else:
            proof.append(root_of(start, middle))
            start = middle
    proof.reverse()
    return proof


def consistency_path(root_of: RootOf, first: int, size: int) -> list[bytes]:
    """`consistency_proof` in a tree whose nodes are at hand."""
    if not 1 <= first <= size:
        raise IndexError(f"no proof from {first} to {size} leaves")
    proof: list[bytes] = []
    start, stop, whole = 0, size, True
    while stop != first:
        middle = start + split(stop - start)
        if first <= middle:
            proof.append(root_of(middle, stop))
            stop = middle
        else:
            proof.append(root_of(start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(root_of(start, stop))
    proof.reverse()
    return proof


def _roots(leaves: Sequence[bytes]) -> RootOf:
    return lambda start, stop: root(leaves[start:stop])


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected: bytes
) -> bool:
    """Whether the proof shows `leaf` at `index` in the tree of `size` leaves and that root."""
    if not 0 <= index < size:
        return False
    position, last, folded = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            folded = node_hash(sibling, folded)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            folded = node_hash(folded, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and folded == expected


def verify_consistency(
    sizes: tuple[int, int], roots: tuple[bytes, bytes], proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows the tree of (size, root) one to have begun that of two.

    The empty tree begins every tree, and a tree itself, with an empty proof.
    """
    (first, second), (first_root, second_root) = sizes, roots
    if not 0 <= first <= second:
        return False
    if first in {0, second}:
        begun = EMPTY_ROOT if first == 0 else second_root
        return not proof and first_root == begun
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    return _consistent(path, (position, last), roots)


def _consistent(path: Sequence[bytes], place: tuple[int, int], roots: tuple[bytes, bytes]) -> bool:
    """Steps 4 to 7 of RFC 9162, 2.1.4.2, from the lowest node common to both trees."""
    position, last = place
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, node)
        position, last = position >> 1, last >> 1
    return last == 0 and (old, new) == roots
