/** Why an act was not done, in the page's words and, where it says more, the server's. */

import { isAnswerError } from "../../api/client";
import type { ErrorDetail } from "../../api/schema";

export type Problem =
  | { kind: "away" | "unsent" | "unreadable" | "overtaken" | "gone" }
  | { kind: "signedOut" | "stale" | "role" }
  | { kind: "forbidden" | "conflict" | "refused"; detail: ErrorDetail | null }
  | { kind: "failed"; status: number };

/** The problem behind an error. `sent` is whether the act itself was on its way. */
export function problemOf(error: unknown, sent: boolean): Problem {
  if (!isAnswerError(error)) {
    throw error;
  }
  switch (error.failure.kind) {
    case "away":
      return { kind: sent ? "away" : "unsent" };
    case "unreadable":
      return { kind: "unreadable" };
    case "refused":
      return refusal(error.failure.status, error.failure.detail ?? null);
  }
}

function refusal(status: number, detail: ErrorDetail | null): Problem {
  switch (status) {
    case 401:
      return { kind: "signedOut" };
    case 403:
      return forbidden(detail);
    case 404:
      return { kind: "gone" };
    case 409:
      return { kind: "conflict", detail };
    default:
      return status < 500 ? { kind: "refused", detail } : { kind: "failed", status };
  }
}

function forbidden(detail: ErrorDetail | null): Problem {
  switch (detail?.code) {
    case "csrf":
      return { kind: "stale" };
    case "role":
      return { kind: "role" };
    default:
      return { kind: "forbidden", detail };
  }
}
