/** Where instants stand on the board's timelines: a stretch of time laid over a width. */

import type { BoardRow } from "../../../api/schema";

export type Zoom = "quarter" | "year" | "all";
export const ZOOMS: readonly Zoom[] = ["quarter", "year", "all"];
export const WIDTH = 1000;

/** A stretch of time in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

export interface Bar {
  x: number;
  width: number;
  status: BoardRow["status"];
  since: string;
  until: string | null;
}

const DAY = 86_400_000;

/** The stretch that is shown: around an instant, or over all that the rows tell. */
export function spanOf(zoom: Zoom, at: string, rows: readonly BoardRow[]): Span {
  const now = Date.parse(at);
  if (zoom !== "all") {
    const [before, after] = zoom === "quarter" ? [30, 60] : [120, 245];
    return { from: now - before * DAY, to: now + after * DAY };
  }
  const told = rows.flatMap(({ phases, dates }) => [
    ...phases.flatMap(({ since, until }) => (until == null ? [since] : [since, until])),
    ...dates.map((date) => date.at),
  ]);
  const instants = [now, ...told.map((instant) => Date.parse(instant))];
  const from = Math.min(...instants);
  const to = Math.max(...instants);
  const room = Math.max((to - from) * 0.05, DAY);
  return { from: from - room, to: to + room };
}

/** Where an instant stands, from 0 to `WIDTH` within the span; beyond it outside. */
export function place({ from, to }: Span, instant: string): number {
  return ((Date.parse(instant) - from) / (to - from)) * WIDTH;
}

/** The phases of an order that are within the span, as bars cut at its ends. */
export function barsOf(span: Span, row: BoardRow): Bar[] {
  return row.phases.flatMap(({ since, until, status }) => {
    const start = Math.max(place(span, since), 0);
    const end = until == null ? WIDTH : Math.min(place(span, until), WIDTH);
    return end > start
      ? [{ x: start, width: Math.max(end - start, 2), status, since, until: until ?? null }]
      : [];
  });
}

/** The months that begin within the span; of many only every third, or every year. */
export function months(span: Span): string[] {
  const found: string[] = [];
  const first = new Date(span.from);
  let month = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1));
  const step = (span.to - span.from) / DAY > 900 ? 12 : (span.to - span.from) / DAY > 200 ? 3 : 1;
  while (month.getTime() < span.to) {
    if (month.getUTCMonth() % step === 0) {
      found.push(month.toISOString());
    }
    month = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
  }
  return found;
}
