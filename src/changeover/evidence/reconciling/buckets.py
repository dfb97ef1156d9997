"""How time is divided: spans of one width from midnight UTC, cut at the instants that matter."""

from bisect import bisect_right

import msgspec


class Buckets(msgspec.Struct, frozen=True):
    """Microseconds since 1970: the window [since, until), the width, and where it is cut."""

    since: int
    until: int
    width: int
    cuts: tuple[int, ...] = ()

    def span(self, at: int) -> int:
        """Where the undivided span begins that an instant lies in."""
        return at - at % self.width

    def begins(self, at: int) -> int:
        """Where the bucket begins that an instant lies in: its span's beginning, or a cut in it."""
        span = self.span(at)
        place = bisect_right(self.cuts, at)
        return max(span, self.cuts[place - 1]) if place else span

    def ends(self, begins: int) -> int:
        """Where the bucket that begins there ends."""
        end = self.span(begins) + self.width
        place = bisect_right(self.cuts, begins)
        return min(end, self.cuts[place]) if place < len(self.cuts) else end

    def inside(self, span: int) -> tuple[int, ...]:
        """The cuts strictly inside an undivided span."""
        return tuple(cut for cut in self.cuts if span < cut < span + self.width)
