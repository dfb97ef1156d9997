"""One sentence as read so far, and what its acts are told to reach and to be about."""

import msgspec

from changeover.intake.acts import Deed
from changeover.intake.clauses import Clause
from changeover.intake.discourse import Discourse
from changeover.intake.items import Item
from changeover.intake.lexicon import Op
from changeover.intake.voices import Voice

Span = tuple[int, int]


class Scene(msgspec.Struct, frozen=True):
    """One sentence as read so far, with the discourse around it."""

    items: list[Item]
    clauses: list[Clause]
    voices: list[Voice]
    discourse: Discourse

    def item(self, position: int) -> Item:
        return self.items[position]


def told_from(scene: Scene, deed: Deed) -> int:
    """Where what is told of a text begins: the relative clause, or the verb that says it."""
    clause = scene.clauses[deed.clause]
    return clause.positions[0] if clause.opener is Op.WHO else deed.head.position


class Whom(msgspec.Struct, frozen=True):
    """Parties reached; `others` when the text adds *and others* to those named.

    `contractors` when it names those who work for the parties.
    """

    parties: tuple[str, ...] = ()
    regulated: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    issuer: str | None = None
    others: bool = False
    contractors: bool = False
    span: Span | None = None


class What(msgspec.Struct, frozen=True):
    """Vendors and models that an act is about, and those a change leads away from."""

    makers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    inferred: bool = False
    span: Span | None = None
