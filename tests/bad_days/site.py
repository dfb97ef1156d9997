"""A server in production before a vendor that misbehaves, and callers that judge what they get."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import msgspec

from changeover.directory.source import load
from changeover.identity.model import KeyRequest
from changeover.wiring.installation import open_installation
from tests.bad_days.vendor import BadVendor
from tests.end_to_end.running import Server

CHAT = "/v1/chat/completions"
_WAIT = 20.0
_DIRECTORY = """\
zone: UTC
parties:
  office: {name: Office}
networks:
  open: {name: Open, level: unclassified, default: allow, owner: office}
vendors:
  alpha: {name: Alpha}
  beta: {name: Beta}
models:
  alpha/one: {name: One, aliases: [one], capabilities: {context: 10000}}
  beta/two: {name: Two, aliases: [two], capabilities: {context: 10000}}
routes:
  alpha/one@alpha: {protocol: openai-chat, upstream_model: one}
  beta/two@beta: {protocol: openai-chat, upstream_model: two}
services:
  strict:
    name: Strict
    party: office
    network: open
    slots: {chat: work}
    created: 2025-01-01
    waits: {total: 2}
  lenient:
    name: Lenient
    party: office
    network: open
    slots: {chat: work}
    created: 2025-01-01
    when_barred: replace
    waits: {total: 2}
bindings:
  - {service: strict, slot: chat, models: [alpha/one], since: 2025-01-01}
  - {service: lenient, slot: chat, models: [alpha/one, beta/two], since: 2025-01-01}
"""


class Judged(msgspec.Struct, frozen=True):
    """What came of a call: `answered`, `refused` in the protocol's shape, or `lost`, and why."""

    outcome: str
    why: str
    seconds: float


class Row(msgspec.Struct):
    """A line of the table: how calls ended under a fault, and how soon all was well again."""

    fault: str
    ended: Counter[str] = msgspec.field(default_factory=Counter)
    recovered: float = 0.0
    memory: float = 0.0


def told(rows: Iterable[Row]) -> str:
    """The table."""
    heads = ("fault", "answered", "refused", "lost", "well after", "memory")
    lines = ["{:34}{:>10}{:>10}{:>7}{:>13}{:>12}".format(*heads)]
    for row in rows:
        counts = "".join(
            f"{row.ended[each]:>{width}}"
            for each, width in (("answered", 10), ("refused", 10), ("lost", 7))
        )
        lines.append(f"{row.fault:34}{counts}{row.recovered:>11.2f} s{row.memory:>+9.0f} MB")
    return "\n".join(lines) + "\n"


class Site:
    """A server whose vendors are `vendor`'s hosts, with a key of each service."""

    def __init__(self, folder: Path, vendor: BadVendor) -> None:
        self.vendor = vendor
        self.keys: dict[str, str] = {}
        options = ("--stand-ins", "--stand-in-url", vendor.url, "--patience", "0.4")
        self.server = Server(folder, *options, demo=False)
        record = load({"all.yaml": _DIRECTORY})
        with open_installation(self.server.data, {}, demo=False) as installation:
            installation.office.apply(record, by="a.officer")
            for service in ("strict", "lenient"):
                made = installation.keys.create(
                    record, KeyRequest(service=service, slot="chat"), by="a.officer"
                )
                self.keys[service] = made.secret.reveal()
        self.client = httpx2.Client(timeout=_WAIT)

    def call(self, service: str = "strict", *, stream: bool = False) -> Judged:
        """Calls once, and judges what comes."""
        began = time.monotonic()
        try:
            found = self._judge(service, stream=stream)
        except httpx2.HTTPError as error:
            found = "lost", type(error).__name__
        return Judged(*found, time.monotonic() - began)

    def _judge(self, service: str, *, stream: bool) -> tuple[str, str]:
        messages = [{"role": "user", "content": "When is the report due?"}]
        body = json.dumps({"model": "one", "messages": messages, "stream": stream})
        headers = {"authorization": f"Bearer {self.keys[service]}"}
        url = self.server.url.rstrip("/") + CHAT
        with self.client.stream("POST", url, content=body, headers=headers) as answer:
            received = answer.read()
        try:
            text = received.decode()
        except UnicodeDecodeError:
            return "lost", "not UTF-8"
        if answer.status_code != 200:
            return _refusal(answer.status_code, text)
        return _streamed(text) if stream else _whole(text)

    @property
    def memory(self) -> float:
        """Megabytes that the server's process holds."""
        pages = int(Path(f"/proc/{self.server.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2

    @property
    def unexpected(self) -> list[str]:
        """Lines of the server's log that tell of a fault of its own."""
        return [
            line
            for line in self.server.log.splitlines()
            if "Traceback" in line or '"level": "error"' in line or '"status": 500' in line
        ]


def _refusal(status: int, text: str) -> tuple[str, str]:
    try:
        code = json.loads(text)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return "lost", f"HTTP {status} without an error of the protocol"
    return "refused", f"{status} {code}"


def _whole(text: str) -> tuple[str, str]:
    said = json.loads(text)["choices"][0]["message"]["content"]
    whole = said.strip() == "The report is due on Thursday."
    return ("answered", "") if whole else ("lost", f"another answer: {said[:40]!r}")


def _streamed(text: str) -> tuple[str, str]:
    """A stream is answered with all its words and its end, refused with an error at its end."""
    data = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
    if data and data[-1] == "[DONE]":
        pieces = [json.loads(piece) for piece in data[:-1]]
        chosen = [choice for piece in pieces for choice in piece["choices"]]
        said = "".join(choice["delta"].get("content") or "" for choice in chosen)
        return _whole(json.dumps({"choices": [{"message": {"content": said}}]}))
    if data and "error" in json.loads(data[-1]):
        return "refused", f"in the stream: {json.loads(data[-1])['error'].get('code')}"
    return "lost", "a stream without an end"


@contextmanager
def standing(folder: Path) -> Iterator[Site]:
    """A site that runs, its vendor sound and known to answer."""
    with BadVendor() as vendor:
        site = Site(folder, vendor)
        with site.server, site.client:
            assert site.call("strict").outcome == "answered"
            yield site
