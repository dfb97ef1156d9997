/**
 * What the server says of itself, and how to ask it.
 *
 * Instants are ISO 8601 in UTC. The shape is checked here, once; pages trust it.
 */

import type { Language } from "./i18n/language";

export type Bilingual = Record<Language, string>;

export interface Ruleset {
  version: string;
  instruments: number;
}

export interface Route {
  id: string;
  model: string;
  maker: string;
  host: string;
  stand_in: boolean;
  reachable: boolean;
}

export interface Binding {
  slot: string;
  models: string[];
  provisional: boolean;
}

export interface Service {
  id: string;
  name: Bilingual;
  party: string;
  network: string;
  bindings: Binding[];
}

export interface Instrument {
  id: string;
  title: Bilingual;
  issuer: string;
  status: string;
  takes_effect: string | null;
}

export interface Status {
  version: string;
  demonstration: boolean;
  now: string;
  zone: string;
  /** None before a directory was recorded. */
  ruleset: Ruleset | null;
  ledger: { size: number; root: string };
  routes: Route[];
  services: Service[];
  instruments: Instrument[];
  keys: number;
}

/** Why no status came: the server is away, refused with a status, or sent something else. */
export type Failure =
  | { kind: "away" }
  | { kind: "refused"; status: number }
  | { kind: "unreadable" };

export class StatusError extends Error {
  constructor(readonly failure: Failure) {
    super(JSON.stringify(failure));
  }
}

const TIMEOUT_MS = 4_000;

/** Asks for the status. Throws `StatusError`, or an `AbortError` when `signal` aborted. */
export async function fetchStatus(signal: AbortSignal): Promise<Status> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  let body: string;
  try {
    const response = await fetch("/api/status", {
      headers: { Accept: "application/json" },
      signal: either,
    });
    if (!response.ok) {
      throw new StatusError({ kind: "refused", status: response.status });
    }
    body = await response.text();
  } catch (error) {
    if (error instanceof StatusError || signal.aborted) {
      throw error;
    }
    throw new StatusError({ kind: "away" });
  }
  return readStatus(body);
}

/** Reads the answer's text; `StatusError` when it is not a status. */
export function readStatus(text: string): Status {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StatusError({ kind: "unreadable" });
  }
  if (!isStatus(value)) {
    throw new StatusError({ kind: "unreadable" });
  }
  return value;
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const count: Check = (value) => Number.isInteger(value);
const flag: Check = (value) => typeof value === "boolean";
const instant: Check = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
const zone: Check = (value) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: String(value) });
    return text(value);
  } catch {
    return false;
  }
};
const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const bilingual = record({ en: text, fr: text });
const status = record({
  version: text,
  demonstration: flag,
  now: instant,
  zone,
  ruleset: nullable(record({ version: text, instruments: count })),
  ledger: record({ size: count, root: text }),
  routes: list(
    record({ id: text, model: text, maker: text, host: text, stand_in: flag, reachable: flag }),
  ),
  services: list(
    record({
      id: text,
      name: bilingual,
      party: text,
      network: text,
      bindings: list(record({ slot: text, models: list(text), provisional: flag })),
    }),
  ),
  instruments: list(
    record({
      id: text,
      title: bilingual,
      issuer: text,
      status: text,
      takes_effect: nullable(instant),
    }),
  ),
  keys: count,
});

function isStatus(value: unknown): value is Status {
  return status(value);
}
