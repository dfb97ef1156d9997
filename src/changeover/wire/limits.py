"""How much more a vendor takes: from its headers, and in the client's protocol's own.

Sources: OpenAI's guide "Rate limits", Anthropic's reference "Rate limits", Google's
`google.rpc.RetryInfo`, RFC 9110 section 10.2.3 (`Retry-After`), and the SDKs, which read
`retry-after-ms` before `retry-after`.

* OpenAI tells requests and tokens in `x-ratelimit-limit-requests` and the like; a reset is
  how long it takes, such as `6m0s` or `12ms`. Servers that are compatible with it write
  plain seconds. A limit below 0 is none.
* Anthropic tells them in `anthropic-ratelimit-requests-limit` and the like, tokens in
  all, of the input and of the output; a reset is an instant (RFC 3339), which counts from
  the response's own `Date`.
* Google tells no limits, and when to come again in the error's body: `retryDelay`.

What a vendor says of itself holds for the organisation's account there, not for one
application; it is passed on because an application that knows it can slow down.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import msgspec

from changeover.directory.model import Protocol
from changeover.wire.shapes import UNREADABLE

Of = Literal["requests", "tokens", "input-tokens", "output-tokens"]

_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:(\d+)ms)?")
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,9})?", re.ASCII)
_COUNT = re.compile(r"\d{1,15}", re.ASCII)
_LONGEST = 30 * 24 * 3600.0
_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
_REQUEST_IDS = ("request-id", "x-request-id", "x-amzn-requestid", "apim-request-id")
_OFS: tuple[Of, ...] = ("requests", "tokens", "input-tokens", "output-tokens")


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """How many there may be, how many are left, and in how many seconds all are again."""

    limit: int | None = None
    remaining: int | None = None
    resets_in: float | None = None


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a vendor said; `retry_after` is in how many seconds to come again."""

    allowances: Mapping[Of, Allowance] = {}
    retry_after: float | None = None


def read_limits(headers: Mapping[str, str], now: datetime, body: bytes = b"") -> Limits:
    """What a response says, by whatever protocol's names; what cannot be read says nothing.

    `headers` have lower-case names; `body` is an error's.
    """
    at = _instant(headers.get("date", "")) or now
    found = {of: _openai(headers, of) or _anthropic(headers, of, at) for of in _OFS}
    return Limits(
        allowances={of: one for of, one in found.items() if one is not None},
        retry_after=_retry_after(headers, at, body),
    )


def limit_headers(limits: Limits, client: Protocol, now: datetime) -> dict[str, str]:
    """The headers by which a client's SDK and program know it; Google's know only when."""
    headers: dict[str, str] = {}
    for of, allowance in limits.allowances.items():
        headers |= _told(client, of, allowance, now)
    if limits.retry_after is not None:
        headers["retry-after"] = str(math.ceil(limits.retry_after))
        headers["retry-after-ms"] = str(math.ceil(limits.retry_after * 1000))
    return headers


def with_retry_info(body: bytes, limits: Limits, client: Protocol) -> bytes:
    """An error's body in Google's shape with when to come again; any other as it is."""
    if client != "gemini-generate" or limits.retry_after is None:
        return body
    told: dict[str, Any] = msgspec.json.decode(body)
    delay = f"{math.ceil(limits.retry_after * 1000) / 1000:g}s"
    told["error"].setdefault("details", []).append({"@type": _RETRY_INFO, "retryDelay": delay})
    return msgspec.json.encode(told)


def vendor_request(headers: Mapping[str, str]) -> str | None:
    """The vendor's own name of the call, by which its support finds it."""
    return next((headers[name] for name in _REQUEST_IDS if headers.get(name)), None)


# Reading


def _openai(headers: Mapping[str, str], of: Of) -> Allowance | None:
    return _allowance(
        headers.get(f"x-ratelimit-limit-{of}"),
        headers.get(f"x-ratelimit-remaining-{of}"),
        _seconds(headers.get(f"x-ratelimit-reset-{of}", "")),
    )


def _anthropic(headers: Mapping[str, str], of: Of, at: datetime) -> Allowance | None:
    start = f"anthropic-ratelimit-{of}"
    reset = _instant(headers.get(f"{start}-reset", ""))
    return _allowance(
        headers.get(f"{start}-limit"),
        headers.get(f"{start}-remaining"),
        None if reset is None else max((reset - at).total_seconds(), 0.0),
    )


def _allowance(limit: str | None, remaining: str | None, reset: float | None) -> Allowance | None:
    found = Allowance(limit=_count(limit), remaining=_count(remaining), resets_in=reset)
    return found if found.limit is not None or found.remaining is not None else None


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and _COUNT.fullmatch(text) else None


def _retry_after(headers: Mapping[str, str], at: datetime, body: bytes) -> float | None:
    thousandths = headers.get("retry-after-ms", "")
    if _PLAIN.fullmatch(thousandths):
        return _bounded(float(thousandths) / 1000)
    written = headers.get("retry-after", "")
    if _PLAIN.fullmatch(written):
        return _bounded(float(written))
    then = _instant(written)
    if then is not None:
        return _bounded(max((then - at).total_seconds(), 0.0))
    return _retry_delay(body) if _RETRY_INFO.encode() in body else None


def _retry_delay(body: bytes) -> float | None:
    try:
        told: Any = msgspec.json.decode(body)
    except UNREADABLE:
        return None
    if isinstance(told, list) and told:
        told = told[0]
    error = told.get("error") if isinstance(told, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict) and detail.get("@type") == _RETRY_INFO:
            return _seconds(str(detail.get("retryDelay", "")))
    return None


def _seconds(text: str) -> float | None:
    """A time such as `6m0s`, `12ms` or `34.07s`, or plain seconds."""
    if _PLAIN.fullmatch(text):
        return _bounded(float(text))
    found = _DURATION.fullmatch(text) if text and len(text) < 40 else None
    if found is None:
        return None
    try:
        days, hours, minutes, seconds, thousandths = (float(part or 0) for part in found.groups())
    except ValueError:
        return None
    return _bounded(((days * 24 + hours) * 60 + minutes) * 60 + seconds + thousandths / 1000)


def _bounded(seconds: float) -> float | None:
    return seconds if seconds <= _LONGEST else None


def _instant(text: str) -> datetime | None:
    """An instant as RFC 3339 or an HTTP date has it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
    return found if found.tzinfo is not None else None


# Writing


def _told(client: Protocol, of: Of, allowance: Allowance, now: datetime) -> dict[str, str]:
    match client:
        case "openai-chat" | "openai-responses" if of in {"requests", "tokens"}:
            names = [f"x-ratelimit-{what}-{of}" for what in ("limit", "remaining", "reset")]
            reset = _duration(allowance.resets_in)
        case "anthropic-messages":
            names = [f"anthropic-ratelimit-{of}-{what}" for what in ("limit", "remaining", "reset")]
            reset = _then(allowance.resets_in, now)
        case _:
            return {}
    told = (_number(allowance.limit), _number(allowance.remaining), reset)
    return {name: text for name, text in zip(names, told, strict=True) if text is not None}


def _number(count: int | None) -> str | None:
    return None if count is None else str(count)


def _duration(seconds: float | None) -> str | None:
    """As Go writes one, and OpenAI with it."""
    if seconds is None:
        return None
    if 0 < seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    above = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{above}{rest}s"


def _then(seconds: float | None, now: datetime) -> str | None:
    if seconds is None:
        return None
    return (now + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
