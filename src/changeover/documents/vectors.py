"""Indexes of passages by meaning: what made their vectors, and how far each is.

* An index knows the model and the version that made it, and how the texts were cut. Vectors of
  two of them lie in two spaces: none is ever compared with another's.
* One index *serves*. When another model is bound, or the vendor answers under another version,
  another is *built* beside it; when that holds every passage it serves in place of the old one,
  which is forgotten in the same unit of work.
* What is built is kept piece by piece, so that who takes it up after a kill goes on from there.

Vectors have length 1 and are kept as little-endian numbers of two bytes (IEEE 754 binary16):
between such vectors the cosine is off by less than a thousandth.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, Protocol

import msgspec

IndexState = Literal["building", "serving"]


class VectorIndex(msgspec.Struct, frozen=True, kw_only=True):
    """An index of all collections. `cut` names how texts are cut, `start` the process at it."""

    id: str
    model: str
    version: str
    cut: str
    state: IndexState
    begun: datetime
    start: str | None = None


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """The vectors of `count` passages of a file, from the `first` on."""

    file: str
    first: int
    count: int
    body: bytes


class Vectors(Protocol):
    """Indexes with their pieces."""

    def all(self) -> list[VectorIndex]:
        """Every index, the last begun last."""
        ...

    def add(self, index: VectorIndex) -> None:
        """Keeps a new index."""
        ...

    def take(self, index: str, start: str, instead_of: str | None) -> bool:
        """Has the process `start` work at an index that `instead_of` was at; once for each."""
        ...

    def serve(self, index: str) -> None:
        """Has an index serve, and forgets every other one with its pieces."""
        ...

    def forget(self, index: str) -> None:
        """Forgets an index and its pieces."""
        ...

    def add_piece(self, index: str, piece: Piece) -> None:
        """Keeps a piece, unless one stands that begins where it does, or its file is gone."""
        ...

    def covered(self, index: str) -> dict[str, int]:
        """How many passages of each file the index holds."""
        ...

    def pieces(self, index: str, names: Collection[str]) -> list[Piece]:
        """The pieces of these files, by file and place."""
        ...
