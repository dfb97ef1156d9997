/** How an order stands on the desk, and what this officer may do about it. */

import type { Act, Desk, Prepared } from "../../api/desk";
import type { InstrumentLine } from "../../api/orders";
import type { Person } from "../../api/schema";

/** Who acts, by the name that the record keeps. */
export type Officer = Pick<Person, "name">;

export type Standing =
  | { kind: "waits"; prepared: Prepared }
  | { kind: "on-record"; order: InstrumentLine }
  | { kind: "missing" };

/** Where an order is: on the desk, on record, or neither. */
export function standingOf({ prepared, onRecord }: Desk, id: string): Standing {
  const waits = prepared.find((each) => each.id === id);
  if (waits !== undefined) {
    return { kind: "waits", prepared: waits };
  }
  const order = onRecord.find((each) => each.id === id);
  return order === undefined ? { kind: "missing" } : { kind: "on-record", order };
}

/** Whether this officer entered it. */
export function isOwn({ entered_by }: Prepared, { name }: Officer): boolean {
  return entered_by === name;
}

/** What this officer may do: enter, or confirm what another entered, or withdraw what waits. */
export function actsFor(prepared: Prepared, officer: Officer): Act[] {
  if (prepared.state === "prepared") {
    return ["enter"];
  }
  return isOwn(prepared, officer) ? ["withdraw"] : ["confirm", "withdraw"];
}

/** Whether it is to take effect at once: as it was entered, else as is chosen, if it has a date. */
export function timingOf({ at_once, takes_effect }: Prepared, chosen: boolean): boolean {
  return at_once ?? (chosen && takes_effect !== null);
}
