import { createContext, useContext } from "react";

import type { Client } from "../api/client";
import type { Person, SessionAnswer } from "../api/schema";

/** Roles that open a part of the site. */
export type Role = Person["roles"][number];

/**
 * Who is signed in, as far as the page knows.
 *
 * `loading` before the first answer and `lost` when there was none. `out`: nobody; `left` says
 * that they signed out themselves. `in`: somebody; `expired` says that the server no longer
 * knows the session, while the page keeps what they had before them.
 */
export type Standing =
  | { phase: "loading" }
  | { phase: "lost"; error: unknown }
  | { phase: "out"; answer: SessionAnswer; left: boolean }
  | { phase: "in"; answer: SessionAnswer; person: Person; expired: boolean };

export interface Session {
  standing: Standing;
  client: Client;
  /** Signs in; throws `AnswerError` when that is refused. */
  signIn: (login: string, password: string) => Promise<void>;
  /**
   * Signs out, and gives the address to sign out at the identity provider too, if there is one.
   * Throws `AnswerError` when the server is away.
   */
  signOut: () => Promise<string | null>;
  /** Asks the server again who is signed in. */
  check: () => void;
}

const nobody: Session = {
  standing: { phase: "loading" },
  client: {
    get: () => Promise.reject(new Error("There is no session.")),
    send: () => Promise.reject(new Error("There is no session.")),
  },
  signIn: () => Promise.resolve(),
  signOut: () => Promise.resolve(null),
  check: () => undefined,
};

export const SessionContext = createContext<Session>(nobody);

export function useSession(): Session {
  return useContext(SessionContext);
}

/** The person signed in, or null. */
export function personOf(standing: Standing): Person | null {
  return standing.phase === "in" ? standing.person : null;
}

/** Whether a person has a role; nobody has none. */
export function hasRole(standing: Standing, role: Role): boolean {
  return personOf(standing)?.roles.includes(role) ?? false;
}

/** What stands after the server said who is signed in. */
export function told(before: Standing, answer: SessionAnswer): Standing {
  const { person } = answer;
  if (person !== null) {
    return { phase: "in", answer, person, expired: false };
  }
  if (before.phase === "in") {
    return { ...before, answer: { ...answer, person: before.person }, expired: true };
  }
  return { phase: "out", answer, left: false };
}
