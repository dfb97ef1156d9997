/**
 * What a person wrote and the server does not have yet: for each conversation the draft in the
 * message field, and the message that is on its way.
 *
 * It is kept in this browser, under the person's id, so that it outlives a reload, a session that
 * ended and a server that is away; where storage is switched off it lasts as long as the page. A
 * message keeps its `clientId` until the server has it, and the server takes the same id once
 * only: sending again is safe. What was on its way when the page went is *held*: only the person
 * knows whether it should still be sent. What the server was away for *waits*, and is sent when it is
 * back (`useOutbox.ts`), also after a reload, unless that is a day later.
 */

import type { Turn } from "../api/schema";

export interface Draft {
  text: string;
  /** The model asked for; null is whatever the service is bound to. */
  model: string | null;
  /** Whether no earlier text is to go to the model. */
  fresh: boolean;
  /** The message that this is an edit of; null where it is a new one. */
  insteadOf: string | null;
  /** What stood in the field before the edit began. */
  aside: string;
  /** Whether the conversation that it begins is not to be kept. */
  temporary: boolean;
}

/** Why a message was not sent, in a word for which there is a text. */
export type Why = "away" | "expired" | "generating" | "too-long" | "unknown" | "refused";

/**
 * `after` is the turn that it follows, and `below` the same where that is not the newest; `said`
 * are the server's own words.
 */
export interface Outgoing extends Draft {
  clientId: string;
  after: string | null;
  below: string | null;
  phase: "sending" | "held";
  why: Why | null;
  said: string | null;
  /** When it was sent off, in milliseconds. */
  written: number;
}

/** Whether a message is to be sent by itself, once the server is there. */
export function waits(outgoing: Outgoing | null): outgoing is Outgoing {
  return outgoing?.phase === "held" && outgoing.why === "away";
}

/** What waited longer is not sent by itself after a reload: it may be of no use any more. */
const WAITS_MS = 86_400_000;

export interface Unsent {
  draft: Draft;
  outgoing: Outgoing | null;
}

export const EMPTY: Draft = {
  text: "",
  model: null,
  fresh: false,
  insteadOf: null,
  aside: "",
  temporary: false,
};
const NOTHING: Unsent = { draft: EMPTY, outgoing: null };
/** What of this browser's storage signing out forgets. */
export const UNSENT_PREFIX = "changeover.unsent.";
const NEW = "new";

/** Whether the server has a message already: its words follow the turn that they followed. */
export function arrived(
  { after, text, insteadOf }: Outgoing,
  turns: readonly Turn[],
): boolean {
  return turns.some(
    (turn) =>
      turn.role === "user" &&
      turn.parent === after &&
      turn.text === text &&
      turn.id !== insteadOf,
  );
}

/** What one person has unsent. A conversation of null is one that does not exist yet. */
export class UnsentStore {
  readonly #prefix: string;
  readonly #storage: Storage | null;
  readonly #held = new Map<string, Unsent>();
  readonly #listeners = new Set<() => void>();

  constructor(person: string, storage: Storage | null) {
    this.#prefix = `${UNSENT_PREFIX}${person}.`;
    this.#storage = storage;
  }

  /** The same object until it changes. */
  of(conversation: string | null): Unsent {
    const key = conversation ?? NEW;
    const held = this.#held.get(key) ?? restored(this.#read(key));
    this.#held.set(key, held);
    return held;
  }

  setDraft(conversation: string | null, draft: Partial<Draft>): void {
    const { draft: before, outgoing } = this.of(conversation);
    this.#keep(conversation, { draft: { ...before, ...draft }, outgoing });
  }

  setOutgoing(conversation: string | null, outgoing: Outgoing | null): void {
    this.#keep(conversation, { ...this.of(conversation), outgoing });
  }

  /** What was unsent in a new conversation belongs to `conversation` from now on. */
  adopt(conversation: string): void {
    const held = this.of(null);
    this.#keep(null, NOTHING);
    this.#keep(conversation, held);
  }

  /** The conversations in which a message waits, in a line; null among them is "new". */
  waiting = (): string => {
    const kept = keysOf(this.#storage)
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => key.slice(this.#prefix.length));
    const keys = new Set([...kept, ...this.#held.keys()]);
    return [...keys].filter((key) => waits(this.of(named(key)).outgoing)).join(" ");
  };

  /** What is unsent as this browser keeps it now: another window may have sent it. */
  again(conversation: string | null): Unsent {
    const kept = this.#read(conversation ?? NEW);
    const { outgoing } = this.of(conversation);
    if (this.#storage !== null && restored(kept).outgoing?.clientId !== outgoing?.clientId) {
      this.setOutgoing(conversation, null);
    }
    return this.of(conversation);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #keep(conversation: string | null, unsent: Unsent): void {
    const key = conversation ?? NEW;
    this.#held.set(key, unsent);
    try {
      if (isNothing(unsent)) {
        this.#storage?.removeItem(this.#prefix + key);
      } else {
        this.#storage?.setItem(this.#prefix + key, JSON.stringify(unsent));
      }
    } catch {
      // storage is full or switched off: it lasts as long as the page
    }
    this.#listeners.forEach((listener) => listener());
  }

  #read(key: string): string | null {
    try {
      return this.#storage?.getItem(this.#prefix + key) ?? null;
    } catch {
      return null;
    }
  }
}

/** Removes from this browser what anybody left unsent in it; whether there was any. */
export function forgetUnsent(storage: Storage | null): boolean {
  try {
    const kept = keysOf(storage).filter((key) => key.startsWith(UNSENT_PREFIX));
    kept.forEach((key) => storage?.removeItem(key));
    return kept.length > 0;
  } catch {
    return false;
  }
}

function keysOf(storage: Storage | null): string[] {
  return Array.from({ length: storage?.length ?? 0 }, (_, at) => storage?.key(at) ?? "");
}

/** The conversation of a name in `waiting`. */
export function named(key: string): string | null {
  return key === NEW ? null : key;
}

/** This browser's storage; null where it is switched off. */
export function browserStorage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

function isNothing({ draft, outgoing }: Unsent): boolean {
  const { text, model, fresh, insteadOf, temporary } = draft;
  const plain = model === null && !fresh && insteadOf === null && !temporary;
  return outgoing === null && text === "" && plain;
}

function restored(kept: string | null): Unsent {
  try {
    const unsent = kept === null ? null : (JSON.parse(kept) as Partial<Unsent> | null);
    return {
      draft: readDraft(unsent?.draft),
      outgoing: readOutgoing(unsent?.outgoing),
    };
  } catch {
    return NOTHING;
  }
}

function readDraft(kept: Partial<Draft> | null | undefined): Draft {
  return {
    text: typeof kept?.text === "string" ? kept.text : "",
    model: typeof kept?.model === "string" ? kept.model : null,
    fresh: kept?.fresh === true,
    insteadOf: typeof kept?.insteadOf === "string" ? kept.insteadOf : null,
    aside: typeof kept?.aside === "string" ? kept.aside : "",
    temporary: kept?.temporary === true,
  };
}

function readOutgoing(kept: Partial<Outgoing> | null | undefined): Outgoing | null {
  if (typeof kept?.clientId !== "string" || typeof kept.text !== "string") {
    return null;
  }
  const written = typeof kept.written === "number" ? kept.written : 0;
  const late = kept.why === "away" && Date.now() - written > WAITS_MS;
  const held = kept.phase === "held" && !late;
  return {
    ...readDraft(kept),
    clientId: kept.clientId,
    after: typeof kept.after === "string" ? kept.after : null,
    below: typeof kept.below === "string" ? kept.below : null,
    phase: "held",
    why: held && kept.why != null ? kept.why : "unknown",
    said: held && typeof kept.said === "string" ? kept.said : null,
    written,
  };
}
