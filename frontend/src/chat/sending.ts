/** Why a message was not sent, from what the server said, or from its silence. */

import { refusedWith } from "../api/asking";
import { headOf, type Log } from "./log";
import type { Draft, Outgoing, Why } from "./unsent";

/** A message about to go, under a new id: at the end of what is shown, or as an edit in it. */
export function outgoing(draft: Draft, log: Log, clientId: string): Outgoing {
  const edited = log.turns.find(({ id }) => id === draft.insteadOf);
  const end = headOf(log);
  const after = edited === undefined ? end : edited.parent;
  const below = edited === undefined && !log.newest ? end : null;
  const insteadOf = edited?.id ?? null;
  const written = Date.now();
  return { ...draft, insteadOf, after, below, clientId, phase: "sending", why: null, said: null, written };
}

/** An id that no other message has. `crypto.randomUUID` is missing where a page came by HTTP. */
export function newClientId(): string {
  if (typeof crypto.randomUUID === "function") {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The message as one that was not sent. */
export function held(message: Outgoing, error: unknown): Outgoing {
  return { ...message, phase: "held", ...reason(error) };
}

function reason(error: unknown): { why: Why; said: string | null } {
  const refused = refusedWith(error);
  if (refused === null) {
    return { why: "away", said: null };
  }
  switch (refused.detail?.code) {
    case "generating":
      return { why: "generating", said: null };
    case "too-long":
      return { why: "too-long", said: null };
  }
  if (refused.status === 401) {
    return { why: "expired", said: null };
  }
  const { what, means, do: todo } = refused.detail ?? { what: "", means: "", do: "" };
  const said = [what, means, todo].filter((words) => words !== "").join(" ");
  return { why: "refused", said: said === "" ? null : said };
}
