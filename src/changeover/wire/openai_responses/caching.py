"""What of the input a vendor may keep in its prompt cache.

Source: OpenAI's guide "Prompt caching". The vendor caches by itself; since GPT-5.6 a part
of the input may also carry `prompt_cache_breakpoint`, and a request
`prompt_cache_options`, both with a least lifetime of 30 minutes or 12 hours.

* Older models refuse a breakpoint, and so may a host of another vendor (Azure does not
  document them). There the marks are left out, which is reported; the vendor's own
  caching goes on.
* Parts of an answer, calls and tools take no breakpoint.
* Lifetimes elsewhere are five minutes and one hour. 30 minutes are read as an hour, which
  is the shortest that keeps the promise; an hour is written as 30 minutes, five minutes as
  no lifetime, for which the vendor takes 30 minutes too, and 12 hours are read as one. The
  last three are reported.
* A key for what is alike among requests has at most 64 characters; a longer one is sent as
  its digest, which names the same.
"""

import hashlib
from typing import Any, Literal

import msgspec

from changeover.conversation.model import CacheMark, ChatRequest, Loss

_LONGEST_KEY = 64
MODEL_LOSS = Loss(
    field="cache", why="This model takes no marks for its cache; its vendor caches by itself."
)
PLACE_LOSS = Loss(field="cache", why="Responses takes no mark for its cache at this place.")
HOUR_LOSS = Loss(field="cache.ttl", why="Responses keeps 30 minutes or 12 hours; 30 are asked.")
SHORT_LOSS = Loss(field="cache.ttl", why="Responses keeps 30 minutes or more; five were asked.")
LONG_LOSS = "No vendor promises to keep it for 12 hours but this one; an hour is asked of others."


class WireBreakpoint(msgspec.Struct):
    """The `prompt_cache_breakpoint` of a part."""

    mode: Literal["explicit"]
    ttl: Literal["30m", "12h"] | None = None


class WireCacheOptions(msgspec.Struct):
    """A request's `prompt_cache_options`."""

    mode: Literal["implicit", "explicit"] | None = None
    ttl: Literal["30m", "12h"] | None = None


def read_mark(
    given: WireBreakpoint | WireCacheOptions | None, place: str, losses: list[Loss]
) -> CacheMark | None:
    """The mark of a part or of the whole input; None where there is none."""
    if given is None or (isinstance(given, WireCacheOptions) and given.mode != "implicit"):
        return None
    if given.ttl == "12h":
        losses.append(Loss(field=f"{place}.ttl", why=LONG_LOSS))
    return CacheMark(ttl=None if given.ttl is None else "1h")


class Marks:
    """Writes marks for one model, and finds what of them is lost."""

    def __init__(self, losses: dict[Loss, None], *, taken: bool) -> None:
        self._losses = losses
        self.taken = taken

    def of_part(self, mark: CacheMark | None) -> dict[str, Any]:
        """The field of a part of the input."""
        if mark is None:
            return {}
        if not self.taken:
            self._losses[MODEL_LOSS] = None
            return {}
        return {"prompt_cache_breakpoint": {"mode": "explicit", **self._lifetime(mark)}}

    def nowhere(self, mark: CacheMark | None) -> None:
        """A mark on what takes none."""
        if mark is not None:
            self._losses[PLACE_LOSS if self.taken else MODEL_LOSS] = None

    def of_request(self, request: ChatRequest) -> dict[str, Any]:
        """The fields of the request. That all of the input be kept, the vendor sees to unasked."""
        fields: dict[str, Any] = {}
        if request.cache is not None and self.taken:
            lifetime = self._lifetime(request.cache)
            fields["prompt_cache_options"] = {"mode": "implicit", **lifetime}
        elif request.cache is not None and request.cache.ttl == "1h":
            self._losses[MODEL_LOSS] = None
        if request.cache_key:
            fields["prompt_cache_key"] = short_name(request.cache_key, _LONGEST_KEY)
        return fields

    def _lifetime(self, mark: CacheMark) -> dict[str, str]:
        if mark.ttl != "1h":
            if mark.ttl is not None:
                self._losses[SHORT_LOSS] = None
            return {}
        self._losses[HOUR_LOSS] = None
        return {"ttl": "30m"}


def short_name(name: str, longest: int) -> str:
    """The name, or a digest of it where it is longer than the vendor takes."""
    if len(name) <= longest:
        return name
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:longest]
