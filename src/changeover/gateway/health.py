"""How routes are doing, as this process sees it: which rest, and which may be tried again.

The breaker of a route (Michael Nygard, *Release It!*, "Circuit Breaker"):

1. A route rests when its vendor failed so many calls in a row, or half of the last twenty.
   Failed is what reached nobody, was answered too late or with no usable answer, with 401,
   402, 403 (our own credentials), 408, 425, 429 or 5xx. Any other answer is sound: it
   shows that the vendor works, also where it refuses a request.
2. It rests for some seconds, each time twice as long as the last, up to a minute; longer
   where the vendor said when to come again, and never just as long, so that processes do
   not come back in step.
3. While it rests, other candidates are asked. Then one call is let through. Its answer
   ends the rest, and its failure begins the next.
4. A call that nobody else can serve is not refused for it: it may ask one resting route.
   A few such calls run at once; those beyond are refused at once, so that a vendor that
   hangs does not pile them up.

Trying the same route again (Google's *Site Reliability Engineering*, "Handling Overload"):
each call puts a share of a retry aside for its route, up to ten, so that retries never are
more than that share of the load.
"""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

import msgspec

from changeover.basics.clock import monotonic

State = Literal["sound", "resting", "trying"]
_LAST = 20
_HALF = 10
_MOST_SAVED = 10.0
_ONE = 1 - 1e-9
_PROBE_SECONDS = 30.0
_WINDOW = 300.0
_MOST_SEEN = 512


class HealthTerms(msgspec.Struct, frozen=True, kw_only=True):
    """`failures` in a row have a route rest (0: none ever does) for `rest` seconds at first.

    `retries` is the share of a route's calls that may be tried again. `at_once` calls that
    nobody else serves may ask one resting route.
    """

    failures: int = 5
    rest: float = 5.0
    longest_rest: float = 60.0
    retries: float = 0.1
    at_once: int = 4


class Seen(msgspec.Struct, frozen=True):
    """One end of a call: when, on the clock that never goes back, and how long it took."""

    at: float
    sound: bool
    seconds: float


class RouteHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How a route is doing: calls and times are of the last five minutes.

    `rests_for` is what is left of its rest; `why` is what failed last. Times are to the
    first event of a stream, or to the end of a whole answer, in milliseconds.
    """

    route: str
    state: State
    rests_for: float
    why: str
    calls: int
    failed: int
    median_ms: int | None
    slow_ms: int | None


class _Condition:
    """What is remembered of one route."""

    def __init__(self) -> None:
        self.row = 0
        self.last: deque[bool] = deque(maxlen=_LAST)
        self.seen: deque[Seen] = deque(maxlen=_MOST_SEEN)
        self.until: float | None = None
        self.rests = 0
        self.probe: float | None = None
        self.at_rest = 0
        self.saved = 0.0
        self.why = ""


class Health:
    """The health of routes. For one thread, that of the event loop."""

    def __init__(
        self,
        terms: HealthTerms | None = None,
        now: Callable[[], float] = monotonic,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._terms = terms or HealthTerms()
        self._now = now
        self._draw = draw
        self._routes: dict[str, _Condition] = {}

    def take(self, terms: HealthTerms) -> None:
        """Goes by other terms from now on."""
        self._terms = terms

    def admits(self, route: str) -> bool:
        """Whether a call may ask the route now. It takes the one place of a route at trial."""
        found = self._routes.get(route)
        if found is None or found.until is None:
            return True
        now = self._now()
        if now < found.until or (found.probe is not None and now < found.probe + _PROBE_SECONDS):
            return False
        found.probe = now
        return True

    def rests_for(self, route: str) -> float:
        """Seconds until a call may ask the route."""
        found = self._routes.get(route)
        if found is None or found.until is None:
            return 0.0
        return max(0.0, found.until - self._now())

    @contextmanager
    def last_resort(self, route: str) -> Iterator[bool]:
        """Whether a call that nobody else serves may ask the resting route in this block."""
        found = self._of(route)
        if found.at_rest >= self._terms.at_once:
            yield False
            return
        found.at_rest += 1
        try:
            yield True
        finally:
            found.at_rest -= 1

    def succeeded(self, route: str, seconds: float) -> None:
        """The route's vendor answered; what it answers with may be an error of the request."""
        found = self._of(route)
        found.row, found.until, found.probe, found.rests = 0, None, None, 0
        found.saved = min(found.saved + self._terms.retries, _MOST_SAVED)
        self._note(found, Seen(self._now(), sound=True, seconds=seconds))

    def failed(self, route: str, why: str, *, after: float | None = None) -> None:
        """The route's vendor failed a call; `after` is when it says to come again, in seconds."""
        found, now = self._of(route), self._now()
        found.row += 1
        found.why = why
        self._note(found, Seen(now, sound=False, seconds=0.0))
        if found.until is not None and now < found.until:
            return  # it rests: one that was under way, or a last resort
        if found.until is not None or self._is_down(found):
            self._rest(found, now, after)

    def take_retry(self, route: str) -> bool:
        """Whether a call may try the route again; it takes what was put aside for it."""
        found = self._routes.get(route)
        if found is None or found.until is not None or found.saved < _ONE:
            return False
        found.saved -= 1
        return True

    def jitter(self, least: float, most: float) -> float:
        """Seconds between the two, other ones each time."""
        return self._draw(least, most)

    def told(self, routes: Iterable[str] | None = None) -> list[RouteHealth]:
        """How those of `routes` are doing, or all that were asked; from any thread."""
        names = list(self._routes) if routes is None else routes
        return [self._told(name, self._routes.get(name) or _Condition()) for name in names]

    def _of(self, route: str) -> _Condition:
        return self._routes.setdefault(route, _Condition())

    def _note(self, found: _Condition, seen: Seen) -> None:
        found.last.append(seen.sound)
        found.seen.append(seen)

    def _is_down(self, found: _Condition) -> bool:
        if not self._terms.failures:
            return False
        half = len(found.last) == _LAST and sum(found.last) <= _HALF
        return half or found.row >= self._terms.failures

    def _rest(self, found: _Condition, now: float, after: float | None) -> None:
        terms = self._terms
        seconds = min(terms.rest * 2.0**found.rests, terms.longest_rest)
        if after is not None:
            seconds = max(seconds, min(after, terms.longest_rest))
        found.until = now + seconds * self._draw(1.0, 1.2)
        found.rests += 1
        found.probe = None
        found.last.clear()

    def _told(self, route: str, found: _Condition) -> RouteHealth:
        now = self._now()
        recent = [seen for seen in list(found.seen) if seen.at > now - _WINDOW]
        times = sorted(seen.seconds for seen in recent if seen.sound)
        state: State = "sound"
        if found.until is not None:
            state = "resting" if now < found.until else "trying"
        return RouteHealth(
            route=route,
            state=state,
            rests_for=round(max(0.0, (found.until or now) - now), 1),
            why=found.why if state != "sound" or len(times) < len(recent) else "",
            calls=len(recent),
            failed=len(recent) - len(times),
            median_ms=_milliseconds(times, 0.5),
            slow_ms=_milliseconds(times, 0.95),
        )


def _milliseconds(times: list[float], part: float) -> int | None:
    """The time that `part` of the calls needed at most."""
    if not times:
        return None
    return round(times[min(int(part * len(times)), len(times) - 1)] * 1000)
