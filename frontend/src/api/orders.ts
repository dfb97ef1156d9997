/** Orders as the server tells of them. Instants are ISO 8601 in UTC. */

import { ask, read } from "./asking";
import {
  bilingual,
  byId,
  count,
  flag,
  instant,
  list,
  nullable,
  oneOf,
  record,
  text,
  zone,
  type Bilingual,
} from "./shape";

export interface InstrumentLine {
  id: string;
  kind: string;
  issuer: string;
  issuer_name: Bilingual;
  title: Bilingual;
  status: string;
  takes_effect: string | null;
  deadline: string | null;
  recorded: string;
}

export interface OrderList {
  demonstration: boolean;
  now: string;
  zone: string;
  orders: InstrumentLine[];
}

/** By lineage; every field given must match, an empty one matches all. */
export interface Target {
  makers: string[];
  models: string[];
  hosts: string[];
  resellers: string[];
  routes: string[];
}

/** Every field given must match, an empty one matches all. */
export interface Scope {
  parties: string[];
  regulated: string[];
  contracts: string[];
  networks: string[];
  services: string[];
  purposes: string[];
  data_classes: string[];
}

export interface Period {
  count: number;
  unit: "months" | "calendar-days" | "business-days" | "court-days";
  after: "signed" | "published" | "effective";
}

export interface Moment {
  at: string;
  period: Period | null;
}

export interface WindDown {
  until: Moment;
  parties: string[];
  recent_days: number;
}

export interface Reading {
  id: string;
  modality: "prohibit" | "permit" | "require";
  targets: Target[];
  scope: Scope;
  since: string | null;
  until: Moment | null;
  wind_down: WindDown | null;
  in_flight: "finish" | "cut";
  note: Bilingual | null;
}

export interface Clause {
  id: string;
  words: string;
  readings: Reading[];
  chosen: string;
  chosen_by: string;
  signed_by_counsel: boolean;
}

export interface Rebinding {
  service: string;
  slots: string[];
  models: string[];
  provisional: boolean;
}

export interface Source {
  address: string;
  captured: string;
  sha256: string;
  account: string | null;
}

export interface Instrument {
  id: string;
  announced: string | null;
  signed: string | null;
  published: string | null;
  effective: string | null;
  served: Record<string, string>;
  clauses: Clause[];
  rebindings: Rebinding[];
  sources: Source[];
}

export interface Issued {
  instrument: Instrument;
  recorded: string;
  entered_by: string;
  confirmed_by: string | null;
  /** Where it was imported from; null where it was entered here. */
  origin: { installation: string; recorded: string; sequence: number } | null;
}

/** The status that a clause has from an instant on. */
export interface Change {
  at: string;
  status: string;
}

/** A clause's status now and its changes by the clock; before the first it is pending. */
export interface Standing {
  clause: string;
  status: string;
  deadline: string | null;
  ended_by: string | null;
  timeline: Change[];
}

export interface Related {
  implements: InstrumentLine[];
  implemented_by: InstrumentLine[];
  rescinds: InstrumentLine[];
  rescinded_by: InstrumentLine[];
}

/** Names by id; what left the directory has none. */
export type NamesById = Record<string, Bilingual>;

export interface Names {
  parties: NamesById;
  vendors: NamesById;
  models: NamesById;
  networks: NamesById;
  services: NamesById;
  addressees: NamesById;
}

export interface Order {
  demonstration: boolean;
  now: string;
  zone: string;
  summary: InstrumentLine;
  issued: Issued;
  standings: Standing[];
  related: Related;
  names: Names;
  deeds: Deed[];
  history: ActOn[];
  phases: Phase[];
  at: string;
}

/** What it does to other orders; details by the field that says them, names as ids. */
export interface Deed {
  act: string;
  orders: { id: string; title: Bilingual }[];
  since: string | null;
  until: string | null;
  details: { field: string; values: string[] }[];
}

/** What another instrument did to it. */
export interface ActOn {
  instrument: string;
  title: Bilingual;
  act: string;
  at: string | null;
}

export interface Phase {
  since: string;
  until: string | null;
  status: string;
}

/** Asks for all orders. Throws `AnswerError`, or an `AbortError` when `signal` aborted. */
export async function fetchOrders(signal: AbortSignal): Promise<OrderList> {
  return readOrders(await ask("/api/orders", signal));
}

/**
 * Asks for one order, as it stands now or on a day. Throws as `fetchOrders` does; see
 * `isNotFound`.
 */
export async function fetchOrder(id: string, at: string, signal: AbortSignal): Promise<Order> {
  const query = at === "" ? "" : `?at=${encodeURIComponent(at)}`;
  return readOrder(await ask(`/api/orders/${encodeURIComponent(id)}${query}`, signal));
}

/** Reads the answer's text; `AnswerError` when it is not a list of orders. */
export function readOrders(body: string): OrderList {
  return read(body, (value): value is OrderList => orderList(value));
}

/** Reads the answer's text; `AnswerError` when it is not an order. */
export function readOrder(body: string): Order {
  return read(body, (value): value is Order => order(value));
}

export const instrumentLine = record({
  id: text,
  kind: text,
  issuer: text,
  issuer_name: bilingual,
  title: bilingual,
  status: text,
  takes_effect: nullable(instant),
  deadline: nullable(instant),
  recorded: instant,
});

const orderList = record({
  demonstration: flag,
  now: instant,
  zone,
  orders: list(instrumentLine),
});

const ids = list(text);
const moment = record({
  at: instant,
  period: nullable(
    record({
      count,
      unit: oneOf("months", "calendar-days", "business-days", "court-days"),
      after: oneOf("signed", "published", "effective"),
    }),
  ),
});
const reading = record({
  id: text,
  modality: oneOf("prohibit", "permit", "require"),
  targets: list(record({ makers: ids, models: ids, hosts: ids, resellers: ids, routes: ids })),
  scope: record({
    parties: ids,
    regulated: ids,
    contracts: ids,
    networks: ids,
    services: ids,
    purposes: ids,
    data_classes: ids,
  }),
  since: nullable(instant),
  until: nullable(moment),
  wind_down: nullable(record({ until: moment, parties: ids, recent_days: count })),
  in_flight: oneOf("finish", "cut"),
  note: nullable(bilingual),
});
const instrument = record({
  id: text,
  announced: nullable(instant),
  signed: nullable(instant),
  published: nullable(instant),
  effective: nullable(instant),
  served: byId(instant),
  clauses: list(
    record({
      id: text,
      words: text,
      readings: list(reading),
      chosen: text,
      chosen_by: text,
      signed_by_counsel: flag,
    }),
  ),
  rebindings: list(record({ service: text, slots: ids, models: ids, provisional: flag })),
  sources: list(
    record({ address: text, captured: instant, sha256: text, account: nullable(text) }),
  ),
});
const namesById = byId(bilingual);
const names = record({
  parties: namesById,
  vendors: namesById,
  models: namesById,
  networks: namesById,
  services: namesById,
  addressees: namesById,
});
const order = record({
  demonstration: flag,
  now: instant,
  zone,
  summary: instrumentLine,
  issued: record({
    instrument,
    recorded: instant,
    entered_by: text,
    confirmed_by: nullable(text),
    origin: nullable(record({ installation: text, recorded: instant, sequence: count })),
  }),
  standings: list(
    record({
      clause: text,
      status: text,
      deadline: nullable(instant),
      ended_by: nullable(text),
      timeline: list(record({ at: instant, status: text })),
    }),
  ),
  related: record({
    implements: list(instrumentLine),
    implemented_by: list(instrumentLine),
    rescinds: list(instrumentLine),
    rescinded_by: list(instrumentLine),
  }),
  names,
  deeds: list(
    record({
      act: text,
      orders: list(record({ id: text, title: bilingual })),
      since: nullable(instant),
      until: nullable(instant),
      details: list(record({ field: text, values: list(text) })),
    }),
  ),
  history: list(
    record({ instrument: text, title: bilingual, act: text, at: nullable(instant) }),
  ),
  phases: list(record({ since: instant, until: nullable(instant), status: text })),
  at: instant,
});
