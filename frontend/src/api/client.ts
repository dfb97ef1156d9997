/**
 * Asking in the name of whoever is signed in. Answers have the types that the server's OpenAPI
 * document gives them (`schema.ts`, written by `npm run api-types`).
 *
 * 1. Every request that may change something repeats the session's token in `x-csrf-token`.
 * 2. Where the server says that the token is another session's (the person signed in anew in
 *    another window), the session is asked for again and the request is made once more.
 * 3. Where it says that nobody is signed in, `signedOut` is told, and the caller gets the error.
 */

import { AnswerError, fetched, read, refusedWith } from "./asking";

export interface Client {
  get: <T>(path: string, signal?: AbortSignal) => Promise<T>;
  /** `patience` is how long an answer may take, in milliseconds. */
  send: <T>(method: Method, path: string, body?: unknown, patience?: number) => Promise<T>;
}

type Method = "POST" | "PATCH" | "PUT" | "DELETE";

export interface Standing {
  /** The session's token, as last known. */
  csrf: () => string | null;
  /** Asks for the session anew; whether the same person is still signed in. */
  renew: () => Promise<boolean>;
  signedOut: () => void;
}

/** Sending waits for the server to have stored what it was sent. */
const TIMEOUT_MS = 20_000;
/** An act waits for every replica, or for its lease to run out: two minutes at most. */
export const ACT_TIMEOUT_MS = 150_000;

export function createClient(standing: Standing): Client {
  async function asked<T>(method: "GET" | Method, path: string, of: Asked): Promise<T> {
    try {
      return parsed<T>(await request(method, path, of));
    } catch (error) {
      if (refusedWith(error)?.status === 401) {
        standing.signedOut();
      }
      throw error;
    }
  }

  async function request(method: "GET" | Method, path: string, of: Asked): Promise<string> {
    const timeout = AbortSignal.timeout(of.patience ?? TIMEOUT_MS);
    const signal = of.signal === undefined ? timeout : AbortSignal.any([of.signal, timeout]);
    const attempt = () => fetched(path, init(method, of.body, standing.csrf()), signal, of.signal);
    try {
      return await attempt();
    } catch (error) {
      if (refusedWith(error)?.detail?.code === "csrf" && (await standing.renew())) {
        return await attempt();
      }
      throw error;
    }
  }

  return {
    get: (path, signal) => asked("GET", path, signal === undefined ? {} : { signal }),
    send: (method, path, body = {}, patience = TIMEOUT_MS) =>
      asked(method, path, { body, patience }),
  };
}

interface Asked {
  body?: unknown;
  signal?: AbortSignal;
  patience?: number;
}

function init(method: string, body: unknown, csrf: string | null) {
  if (method === "GET") {
    return { method };
  }
  return {
    method,
    body: JSON.stringify(body),
    headers: {
      "Content-Type": "application/json",
      ...(csrf === null ? {} : { "x-csrf-token": csrf }),
    },
  };
}

/** An answer as JSON; an object or a list, else `AnswerError`. */
export function parsed<T>(body: string): T {
  return read(body, (value): value is T => typeof value === "object" && value !== null);
}

/** Whether an error is one that asking can end in, and no fault of the page. */
export function isAnswerError(error: unknown): error is AnswerError {
  return error instanceof AnswerError;
}
