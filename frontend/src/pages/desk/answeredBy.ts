import { refusedWith } from "../../api/asking";
import type { Polled } from "../../polling";

/** A session that has ended is no failure of the server: signing in again goes on from there. */
export function answeredBy<T>(polled: Polled<T>): Polled<T> {
  if (polled.phase !== "lost" || refusedWith(polled.error)?.status !== 401) {
    return polled;
  }
  return polled.known === null
    ? { phase: "loading" }
    : { phase: "ready", value: polled.known.value };
}
