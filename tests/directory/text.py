"""A small whole directory in YAML, for tests to break."""

WHOLE = """\
zone: America/New_York
parties:
  government: {name: {en: Government, fr: Gouvernement}}
  state: {name: State, part_of: government}
  bureau: {name: Bureau, part_of: state}
  bank:
    name: Bank
    relations: [{kind: regulated-by, to: state, basis: Act 1}]
  firm:
    name: Firm
    relations: [{kind: contracted-to, to: state, basis: Act 2, contract: D-1}]
issuers:
  president: {name: President, party: government, binds: [government]}
  court: {name: Court, may_act_on: [president]}
networks:
  open: {name: Open network, level: unclassified, default: allow, owner: state}
vendors:
  alpha: {name: Alpha}
  beta: {name: Beta}
models:
  alpha/one:
    name: One
    aliases: [one, One-Latest]
    capabilities: {context: 1000}
  beta/tuned:
    name: Tuned
    derived_from: [alpha/one]
    capabilities: {context: 1000}
    retires: 2026-10-14
  beta/vectors: {name: Vectors, kind: embedding, capabilities: {context: 500}}
routes:
  alpha/one@alpha: {protocol: anthropic-messages, upstream_model: one-1}
  alpha/one@beta: {protocol: openai-chat, upstream_model: one-1}
  alpha/one@beta:europe: {protocol: openai-chat, upstream_model: one-1, reseller: alpha}
  beta/tuned@beta: {protocol: openai-chat, upstream_model: tuned}
  beta/vectors@beta: {protocol: openai-chat, upstream_model: vectors}
services:
  desk:
    name: {en: Desk, fr: Bureau}
    party: state
    network: open
    slots: {chat: help, title: titles}
    created: 2025-01-01
  shop:
    name: Shop
    party: firm
    network: open
    slots: {chat: sales}
    created: 2025-01-01
    contract: D-1
bindings:
  - {service: desk, slots: [chat, title], models: [alpha/one@alpha, beta/tuned], since: 2025-01-01}
  - {service: desk, slot: chat, models: [beta/tuned], since: 2026-03-02T12:00}
  - {service: shop, slot: chat, models: [alpha/one], since: 2025-01-01T00:00:00-05:00}
"""
