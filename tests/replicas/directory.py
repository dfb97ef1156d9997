"""The directory that the replicas of these tests serve, and the orders issued against it.

Alpha makes `alpha/one`, which it and Beta host, `alpha/flaky`, whose host always fails, and
`alpha/three`, `alpha/four` and `alpha/five`, which Gamma, Delta and Epsilon host by protocols
of their own; orders bar Alpha. Beta makes `beta/two`, which takes their place where a service allows that.
The `many-…` are for tests that bar one after the other. A caller writes `one-017` for
`alpha/one` and the mark `one-017` in its words, so that the ledger (which keeps what was
asked for) and the vendor's log (which keeps the mark) name the same call.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

ALIASES = 500
MANY = 30
ALPHA = "alpha"

_DIRECTORY = """\
zone: UTC
parties:
  office: {{name: Office}}
issuers:
  head: {{name: Head, party: office, binds: [office]}}
networks:
  open: {{name: Open, level: unclassified, default: allow, owner: office}}
vendors:
  alpha: {{name: Alpha}}
  beta: {{name: Beta}}
  failing: {{name: Failing}}
  gamma: {{name: Gamma}}
  delta: {{name: Delta}}
  epsilon: {{name: Epsilon}}
{vendors}
models:
  alpha/one:
    name: One
    aliases: [{one}]
    capabilities: {{context: 10000}}
  alpha/flaky:
    name: Flaky
    aliases: [{flaky}]
    capabilities: {{context: 10000}}
  alpha/three:
    name: Three
    aliases: [{three}]
    capabilities: {{context: 10000}}
  alpha/four:
    name: Four
    aliases: [{four}]
    capabilities: {{context: 10000}}
  alpha/five:
    name: Five
    aliases: [{five}]
    capabilities: {{context: 10000}}
  beta/two:
    name: Two
    aliases: [{two}]
    capabilities: {{context: 10000}}
{models}
routes:
  alpha/one@alpha: {{protocol: anthropic-messages, upstream_model: one}}
  alpha/one@beta: {{protocol: openai-chat, upstream_model: one-at-beta}}
  alpha/flaky@failing: {{protocol: openai-chat, upstream_model: flaky}}
  alpha/three@gamma: {{protocol: openai-responses, upstream_model: three}}
  alpha/four@delta: {{protocol: gemini-generate, upstream_model: four}}
  alpha/five@epsilon: {{protocol: bedrock-converse, upstream_model: five}}
  beta/two@beta: {{protocol: openai-chat, upstream_model: two}}
{routes}
services:
  statechat:
    name: Chat
    party: office
    network: open
    slots: {{chat: staff-assistance, title: titles, summary: summaries}}
    created: 2025-01-01
    when_barred: replace
  lenient:
    {{name: Lenient, party: office, network: open, slots: {{chat: help}}, created: 2025-01-01, when_barred: replace}}
  strict:
    {{name: Strict, party: office, network: open, slots: {{chat: work}}, created: 2025-01-01, when_barred: refuse}}
  patient:
    {{name: Patient, party: office, network: open, slots: {{chat: wait}}, created: 2025-01-01, when_barred: refuse}}
bindings:
  - {{service: statechat, slots: [chat, title, summary], models: [alpha/one@alpha, beta/two], since: 2025-01-01}}
  - {{service: lenient, slot: chat, models: [alpha/one, beta/two], since: 2025-01-01}}
  - {{service: strict, slot: chat, models: [alpha/one], since: 2025-01-01}}
  - {{service: patient, slot: chat, models: [alpha/one], since: 2025-01-01}}
"""

_ORDER = """\
id: {id}
kind: order
issuer: head
title: {{en: {id}, fr: {id}}}
recorded: {recorded}
published: {recorded}
{effective}entered_by: a.officer
clauses:
{clauses}
sources:
  - {{address: "https://example.test/{id}", captured: {recorded}, sha256: "{zeros}"}}
"""

_CLAUSE = """\
  {id}:
    words: It ends.
    chosen_by: a.officer
    modality: prohibit
    targets: [{{makers: [{maker}]}}]
    scope: {{parties: [office], services: [{services}]}}
    in_flight: {in_flight}
"""


def directory() -> str:
    """Its YAML."""
    many = [f"many-{number:02}" for number in range(MANY)]
    rest = "capabilities: {context: 10000}"
    return _DIRECTORY.format(
        one=_aliases("one"),
        flaky=_aliases("flaky"),
        three=_aliases("three"),
        four=_aliases("four"),
        five=_aliases("five"),
        two=_aliases("two"),
        vendors="\n".join(f"  {name}: {{name: {name} inc}}" for name in many),
        models="\n".join(
            f"  {name}/it: {{name: {name} it, aliases: [many-0{name[5:]}], {rest}}}"
            for name in many
        ),
        routes="\n".join(
            f"  {name}/it@{name}: {{protocol: openai-chat, upstream_model: it}}" for name in many
        ),
    )


def _aliases(name: str) -> str:
    return ", ".join([name, *(f"{name}-{number:03}" for number in range(ALIASES))])


def order(
    name: str,
    maker: str,
    *,
    at: int | None = None,
    cut: Iterable[str] = ("statechat", "lenient", "strict"),
    finish: Iterable[str] = ("patient",),
) -> str:
    """An order's YAML: from `at` (microseconds; now, if not given) nobody may use the maker."""
    written = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: TID251 - an officer's
    clauses = [
        _CLAUSE.format(id=f"end-{how}", maker=maker, services=", ".join(services), in_flight=how)
        for how, services in (("cut", tuple(cut)), ("finish", tuple(finish)))
        if services
    ]
    effective = "" if at is None else f"effective: {instant(at)}\n"
    return _ORDER.format(
        id=name, recorded=written, effective=effective, clauses="".join(clauses), zeros="0" * 64
    )


def instant(microseconds: int) -> str:
    """As it is written in an order."""
    at = datetime.fromtimestamp(microseconds / 1e6, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
