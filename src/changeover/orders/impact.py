"""What one act does to one instrument: the values that `impacts.py` works out.

An impact ends an instrument, stays or waives it, or lifts its own stays and waivers:
from an instant on, for everyone or for whom it names. It may be off, for a call at an
instant, by impacts on the instrument that made it.

Instants are whole microseconds since 1970.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from changeover.orders.decision import Call
from changeover.orders.model import Amend, Issued, Judge

ImpactKind = Literal["ended", "stayed", "waived", "lifted"]
Descend = Callable[[Iterable[str]], frozenset[str]]
"""Parties with all that is part of them."""


NOBODY = frozenset[int]()


class Whom(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whom a stay or waiver frees: calls that match every field that is given."""

    parties: frozenset[str] | None = None
    services: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()

    def holds(self, call: Call, route: str) -> bool:
        return (
            (self.parties is None or call.party in self.parties)
            and (not self.services or call.service in self.services)
            and (not self.routes or route in self.routes)
            and (not self.purposes or call.purpose in self.purposes)
        )


class Whoms:
    """Several of them, numbered, found by what a call is of: there may be hundreds of waivers."""

    def __init__(self, whoms: Iterable[Whom]) -> None:
        self._by_service: dict[str, list[tuple[int, Whom]]] = defaultdict(list)
        self._by_party: dict[str, list[tuple[int, Whom]]] = defaultdict(list)
        self._others: list[tuple[int, Whom]] = []
        self.all = tuple(dict.fromkeys(whoms))
        for number, whom in enumerate(self.all):
            if whom.services:
                for service in whom.services:
                    self._by_service[service].append((number, whom))
            elif whom.parties is not None:
                for party in whom.parties:
                    self._by_party[party].append((number, whom))
            else:
                self._others.append((number, whom))

    def __bool__(self) -> bool:
        return bool(self.all)

    def holding(self, call: Call, route: str) -> frozenset[int]:
        """The numbers of those that hold for a call."""
        of_service, of_party = self._by_service.get(call.service), self._by_party.get(call.party)
        if of_service is None and of_party is None and not self._others:
            return NOBODY
        lists = (of_service or (), of_party or (), self._others)
        return frozenset(n for some in lists for n, whom in some if whom.holds(call, route))


class Impact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one act does to one instrument.

    `since` is when it begins in law, `kept` when it began to be kept. `whom` is
    None where everyone is meant. `vacates` is whether a vacatur made it, `off` what
    puts it off.
    """

    by: str
    kind: ImpactKind
    since: int
    kept: int
    until: int | None = None
    whom: Whom | None = None
    extends: bool = False
    vacates: bool = False
    off: tuple["Impact", ...] = ()

    @property
    def depth(self) -> int:
        """How long the longest chain is of what puts off what puts it off, itself included."""
        return 1 + max((one.depth for one in self.off), default=0)

    def covers(self, at: int, call: Call | None, route: str, *, kept: bool = False) -> bool:
        """Whether it holds for the call at an instant, in law or (`kept`) as it was kept.

        Without a call: whether it holds for everyone.
        """
        return (
            (self.kept if kept else self.since) <= at
            and (self.until is None or at < self.until)
            and (self.whom is None or (call is not None and self.whom.holds(call, route)))
            and not any(one.covers(at, call, route, kept=kept) for one in self.off)
        )

    def boundaries(self, *, kept: bool = False) -> Iterator[int]:
        """The instants at which it may begin or cease to hold for somebody, by itself."""
        yield self.kept if kept else self.since
        if self.until is not None:
            yield self.until
        for one in self.off:
            yield from one.boundaries(kept=kept)

    def for_call(self, call: Call, route: str) -> "Impact | None":
        """What is left of it for one call: for everyone, or None where it is not meant."""
        return self.left(lambda whom: whom.holds(call, route))

    def for_others(self) -> "Impact | None":
        """What is left of it for calls that it does not name, nor what puts it off."""
        return self.left(lambda _: False)

    def left(self, holds: Callable[[Whom], bool]) -> "Impact | None":
        """What is left of it, for everyone, where these of its `whoms` hold and no others."""
        if self.whom is not None and not holds(self.whom):
            return None
        off = tuple(left for one in self.off if (left := one.left(holds)) is not None)
        resolved: Impact = msgspec.structs.replace(self, whom=None, off=off)
        return resolved

    def whoms(self) -> Iterator[Whom]:
        """Whatever decides for whom it holds."""
        if self.whom is not None:
            yield self.whom
        for one in self.off:
            yield from one.whoms()


class Amendment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An amendment of an instrument's clause: the act, who made it, from when on.

    `ending` is what it does to the text that it replaces; `on` is what becomes of
    the amending instrument (its stays and vacaturs), and so of the new text.
    """

    act: Amend
    entry: Issued
    ending: Impact
    on: tuple[Impact, ...]


class Declined(msgspec.Struct, frozen=True, gc=False):
    """A ruling that declined to stay an instrument, and when that took effect."""

    by: str
    since: int


class Judgement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A person's judgement whether a use is an existing one: from when on, and what puts it off."""

    act: Judge
    since: int
    off: tuple[Impact, ...]

    def decides(self, call: Call, route: str, at: int) -> bool:
        act = self.act
        return (
            self.since <= at
            and call.service == act.service
            and (not act.purposes or call.purpose in act.purposes)
            and (not act.routes or route in act.routes)
            and not any(one.covers(at, call, route) for one in self.off)
        )
