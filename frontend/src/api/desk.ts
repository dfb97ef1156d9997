/** The officers' desk: what waits, what it would do, and the three acts. Instants are ISO 8601. */

import { ACT_TIMEOUT_MS, type Client } from "./client";
import { fetchOrders, type Instrument, type InstrumentLine, type Names } from "./orders";
import type * as told from "./schema";

export type { ModelRef, NamedOrder, PreviewChange } from "./schema";

/** An order that can be entered, or was entered and waits for another officer. */
export interface Prepared extends Omit<told.PreparedOrder, "instrument" | "names"> {
  instrument: Instrument;
  /** Names of what its readings mention. */
  names: Names;
}

/** What issuing an order would do. */
export type Preview = Omit<told.Preview, "instrument">;

/** What waits, beside what is on record already, and the clock that both are told by. */
export interface Desk {
  demonstration: boolean;
  now: string;
  zone: string;
  prepared: Prepared[];
  onRecord: InstrumentLine[];
}

const PREPARED = "/api/desk/prepared";

/** Asks for all that waits. Throws `AnswerError`, or an `AbortError` when `signal` aborted. */
export async function fetchDesk(client: Client, signal: AbortSignal): Promise<Desk> {
  const [prepared, orders] = await Promise.all([
    client.get<Prepared[]>(PREPARED, signal),
    fetchOrders(signal),
  ]);
  const { demonstration, now, zone, orders: onRecord } = orders;
  return { demonstration, now, zone, prepared, onRecord };
}

/** An order, and whether it is to take effect at once. */
export interface Subject {
  id: string;
  atOnce: boolean;
}

/** Asks what issuing it would do. Throws as `fetchDesk` does. */
export async function fetchPreview(
  client: Client,
  { id, atOnce }: Subject,
  signal?: AbortSignal,
): Promise<Preview> {
  return await client.get<Preview>(`${pathOf(id)}/preview?at_once=${atOnce}`, signal);
}

export type Act = "enter" | "confirm" | "withdraw";

/**
 * Enters, confirms or withdraws an order; of one that is confirmed, how it came into force.
 * Throws `AnswerError`.
 */
export async function act(
  client: Client,
  kind: Act,
  { id, atOnce }: Subject,
): Promise<told.EnforcementTold | null> {
  switch (kind) {
    case "enter":
      await client.send<told.PreparedOrder>("POST", `${pathOf(id)}/entry`, { at_once: atOnce });
      return null;
    case "confirm":
      return (
        await client.send<told.OrderIssued>(
          "POST",
          `${pathOf(id)}/confirmation`,
          {},
          ACT_TIMEOUT_MS,
        )
      ).enforcement;
    case "withdraw":
      await client.send<told.PreparedOrder>("POST", `${pathOf(id)}/withdrawal`);
      return null;
  }
}

function pathOf(id: string): string {
  return `${PREPARED}/${encodeURIComponent(id)}`;
}
