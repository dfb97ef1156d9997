/**
 * How to ask the server. An answer's shape is checked here, once; pages trust it.
 */

import type { ErrorDetail } from "./schema";

/** Why no answer came: the server is away, refused with a status, or sent something else. */
export type Failure =
  | { kind: "away" }
  | { kind: "refused"; status: number; detail?: ErrorDetail; retryAfter?: number }
  | { kind: "unreadable" };

export class AnswerError extends Error {
  constructor(readonly failure: Failure) {
    super(JSON.stringify(failure));
  }
}

const TIMEOUT_MS = 4_000;

/** The text at `path`. Throws `AnswerError`, or an `AbortError` when `signal` aborted. */
export async function ask(path: string, signal: AbortSignal): Promise<string> {
  return await fetched(path, {}, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]), signal);
}

/**
 * The text of the answer to any request. `gone` is the caller's own signal: when that aborted,
 * the `AbortError` is passed on and is no failure of the server.
 */
export async function fetched(
  path: string,
  request: RequestInit & { headers?: Record<string, string> },
  signal: AbortSignal,
  gone?: AbortSignal,
): Promise<string> {
  try {
    const response = await fetch(path, {
      ...request,
      headers: { Accept: "application/json", ...request.headers },
      signal,
    });
    const body = await response.text();
    if (!response.ok) {
      throw new AnswerError(refusal(response, body));
    }
    return body;
  } catch (error) {
    if (error instanceof AnswerError || gone?.aborted === true) {
      throw error;
    }
    throw new AnswerError({ kind: "away" });
  }
}

/** What a refusal says: the status, the server's own words, and when to try again. */
function refusal(response: Response, body: string): Failure {
  const after = Number(response.headers.get("retry-after") ?? Number.NaN);
  const detail = detailOf(body);
  return {
    kind: "refused",
    status: response.status,
    ...(detail === null ? {} : { detail }),
    ...(Number.isFinite(after) ? { retryAfter: after } : {}),
  };
}

function detailOf(body: string): ErrorDetail | null {
  try {
    const detail: unknown = (JSON.parse(body) as { error?: unknown } | null)?.error;
    const words = detail as Record<keyof ErrorDetail, unknown> | null | undefined;
    return typeof words?.code === "string" && typeof words.what === "string"
      ? (detail as ErrorDetail)
      : null;
  } catch {
    return null;
  }
}

/** The JSON of `body`; `AnswerError` when it is none, or not what `is` asks for. */
export function read<T>(body: string, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new AnswerError({ kind: "unreadable" });
  }
  if (!is(value)) {
    throw new AnswerError({ kind: "unreadable" });
  }
  return value;
}

/** The refusal that an error is, if it is one. */
export function refusedWith(error: unknown): Extract<Failure, { kind: "refused" }> | null {
  return error instanceof AnswerError && error.failure.kind === "refused" ? error.failure : null;
}

/** Whether the server answered that what was asked for does not exist. */
export function isNotFound(error: unknown): boolean {
  return refusedWith(error)?.status === 404;
}
