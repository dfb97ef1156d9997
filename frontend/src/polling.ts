/**
 * What a page knows of something that it asks for again and again.
 *
 * `loading` before the first answer; `ready` with the last one; `lost` when the last attempt
 * failed, with the value that was known before, if any. An answer equal to the last one keeps
 * the state's identity, so that nothing on the page changes and nothing is announced.
 */
export type Polled<T> =
  | { phase: "loading" }
  | { phase: "ready"; value: T }
  | { phase: "lost"; error: unknown; known: { value: T; until: Date } | null };

export function answered<T>(before: Polled<T>, value: T): Polled<T> {
  if (before.phase === "ready" && JSON.stringify(before.value) === JSON.stringify(value)) {
    return before;
  }
  return { phase: "ready", value };
}

/** `lastAnswer` is when the value that stands was last confirmed. */
export function failed<T>(before: Polled<T>, error: unknown, lastAnswer: Date): Polled<T> {
  switch (before.phase) {
    case "loading":
      return { phase: "lost", error, known: null };
    case "ready":
      return { phase: "lost", error, known: { value: before.value, until: lastAnswer } };
    case "lost":
      return String(before.error) === String(error) ? before : { ...before, error };
  }
}

/** The value as last known, whether or not the server still answers. */
export function knownValue<T>(polled: Polled<T>): T | null {
  switch (polled.phase) {
    case "loading":
      return null;
    case "ready":
      return polled.value;
    case "lost":
      return polled.known?.value ?? null;
  }
}
