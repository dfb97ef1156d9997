import type { Order, Standing } from "../../api/orders";

/** A status and the instant that goes with it: until when it winds down, since when it holds. */
export interface Point {
  status: string;
  at: string | null;
}

/** How a clause stands at `now`. */
export function clausePoint(standing: Standing, now: string): Point {
  const { status } = standing;
  switch (status) {
    case "pending":
      return { status, at: standing.timeline[0]?.at ?? null };
    case "winding-down":
      return { status, at: standing.deadline };
    default:
      return { status, at: standing.timeline[currentChange(standing, now)]?.at ?? null };
  }
}

/** How an order stands: as its gravest clause, or by its own effect where it has none. */
export function orderPoint({ summary, standings, now }: Order): Point {
  const gravest = standings
    .filter(({ status }) => status === summary.status)
    .map((standing) => clausePoint(standing, now))
    .sort((a, b) => Date.parse(a.at ?? now) - Date.parse(b.at ?? now));
  return gravest[0] ?? { status: summary.status, at: summary.takes_effect };
}

/** The place in the timeline of the change that made the status of `now`; -1 before the first. */
export function currentChange({ timeline }: Standing, now: string): number {
  return timeline.findLastIndex(({ at }) => Date.parse(at) <= Date.parse(now));
}
