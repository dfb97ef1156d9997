"""Logs of a proxy and of a network sensor: who connected to a vendor's name.

Squid's native log (https://wiki.squid-cache.org/Features/LogFormat): a tunnel
(`CONNECT api.openai.com:443`) or a request. Zeek's `ssl.log` and `dns.log`
(https://docs.zeek.org/en/current/logs/index.html), as its tab-separated text or as JSON lines.

A connection carries any number of calls, so that neither requests nor tokens are known: what
they show is that somebody was there. Lines of the gateway's own addresses are its calls', and
are left out by `--gateway`.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from changeover.evidence.reconciling.model import Line
from changeover.evidence.reconciling.places import Places
from changeover.evidence.reconciling.text import File

_SQUID = re.compile(
    rb"\s*(?P<at>\d{9,10}\.\d{3})\s+-?\d+\s+(?P<client>\S+)\s+(?P<result>\w+)/(?P<status>\d{3})"
    rb"\s+\d+\s+(?P<method>[A-Z_]+)\s+(?P<url>\S+)"
)
_DENIED = (b"TCP_DENIED", b"NONE_NONE")
_NAMES = ("server_name", "query")


def squid(file: File, places: Places) -> Iterator[Line | None]:
    """Tunnels and requests to vendors in Squid's log."""
    for number, line in file.lines():
        found = _SQUID.match(line)
        if found is None:
            raise file.damaged(number, "it is no line of Squid's native log")
        url = found["url"].decode("utf-8", "replace")
        tunnel = found["method"] == b"CONNECT"
        name = url.rpartition(":")[0] if tunnel else urlsplit(url).hostname or ""
        host = places.at(name)
        if host is None or found["result"].startswith(_DENIED):
            yield None
            continue
        at = _microseconds(found["at"].decode())
        yield Line(at=at, until=at, host=host, who=found["client"].decode("utf-8", "replace"))


class _Json(msgspec.Struct, frozen=True):
    ts: float | str
    client: str = msgspec.field(name="id.orig_h", default="")
    server_name: str | None = None
    query: str | None = None
    uid: str = ""


def zeek(file: File, places: Places) -> Iterator[Line | None]:
    """Names of vendors in Zeek's TLS and DNS logs."""
    decoder = msgspec.json.Decoder(_Json)
    fields: list[str] = []
    for number, line in file.lines():
        if line.startswith(b"{"):
            seen = file.decoded(decoder, number, line)
            row = {"ts": str(seen.ts), "id.orig_h": seen.client, "uid": seen.uid}
            row["server_name"] = seen.server_name or seen.query or ""
        elif line.startswith(b"#"):
            if line.startswith(b"#fields\t"):
                fields = line.decode().split("\t")[1:]
            continue
        else:
            cells = line.decode("utf-8", "replace").split("\t")
            if len(cells) != len(fields):
                raise file.damaged(number, "it has not the columns that #fields names")
            row = dict(zip(fields, cells, strict=True))
        yield _seen(file, number, row, places)


def _seen(file: File, number: int, row: dict[str, str], places: Places) -> Line | None:
    name = next((row[name] for name in _NAMES if row.get(name)), "")
    host = places.at(name)
    if host is None:
        return None
    stamp = row.get("ts", "")
    at = file.instant(number, stamp) if "T" in stamp else _microseconds(stamp)
    return Line(
        at=at, until=at, host=host, who=row.get("id.orig_h", ""), id=f"zeek {row.get('uid')} {at}"
    )


def _microseconds(seconds: str) -> int:
    whole, _, part = seconds.partition(".")
    return int(whole) * 1_000_000 + int((part + "000000")[:6])
