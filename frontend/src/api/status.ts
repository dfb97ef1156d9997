/** What the server says of itself. Instants are ISO 8601 in UTC. */

import { ask, read } from "./asking";
import { instrumentLine, type InstrumentLine } from "./orders";
import {
  bilingual,
  count,
  flag,
  instant,
  list,
  nullable,
  record,
  text,
  zone,
  type Bilingual,
} from "./shape";

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

export interface Status {
  version: string;
  demonstration: boolean;
  now: string;
  zone: string;
  /** None before a directory was recorded. */
  /** Of when the record is, where it came by import. */
  record: string | null;
  ruleset: Ruleset | null;
  ledger: { size: number; root: string };
  routes: Route[];
  services: Service[];
  instruments: InstrumentLine[];
  keys: number;
}

/** Asks for the status. Throws `AnswerError`, or an `AbortError` when `signal` aborted. */
export async function fetchStatus(signal: AbortSignal): Promise<Status> {
  return readStatus(await ask("/api/status", signal));
}

/** Reads the answer's text; `AnswerError` when it is not a status. */
export function readStatus(body: string): Status {
  return read(body, isStatus);
}

const shape = record({
  version: text,
  demonstration: flag,
  now: instant,
  zone,
  record: nullable(instant),
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
  instruments: list(instrumentLine),
  keys: count,
});

function isStatus(value: unknown): value is Status {
  return shape(value);
}
