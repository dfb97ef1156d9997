import { useCallback, useEffect, useRef, useState } from "react";

import { isNotFound } from "../api/asking";
import { conversationEvents, fetchConversation, fetchNews, type ChatEvent } from "../api/chat";
import type { Delta } from "../api/schema";
import { useSession } from "../session/context";
import { follow } from "./following";
import { fold, opened, writing, type Log } from "./log";

export interface Known {
  /** `none` for a conversation that does not exist yet. */
  phase: "none" | "loading" | "ready" | "missing" | "lost";
  log: Log;
  /** Whether news arrives. */
  connected: boolean;
  /** Whether it is asked for, since no stream comes through. */
  polled: boolean;
}

const EMPTY: Log = {
  title: "",
  turns: [],
  newest: true,
  branchings: [],
  seams: [],
  stale: false,
  temporaryUntil: null,
};
const KINDS = ["turn", "delta", "title", "end", "mark"] as const;
/** What comes first is drawn at once, as an answer's first words are; what follows, together. */
const GATHER_MS = 40;
const AGAIN_MS = 3_000;

interface Held extends Known {
  id: string | null;
}

interface Deeds {
  /** Folds in what an answer to the page's own request told already. */
  tell: (...events: ChatEvent[]) => void;
  /** Shows the path through a turn, until something new comes on it. */
  look: (turn: string) => void;
}

/** A conversation and what happens in it, as long as `reading`. */
export function useConversation(id: string | null, reading: boolean): Known & Deeds {
  const { client, check } = useSession();
  const [held, setHeld] = useState<Held>({ id: null, phase: "none", log: EMPTY, connected: true, polled: false });
  const latest = useRef(held);
  const change = useCallback((next: Held) => {
    latest.current = next;
    setHeld(next);
  }, []);
  const reload = useRef<() => void>(() => undefined);
  const through = useRef<string | null>(null);

  const tell = useCallback(
    (...events: ChatEvent[]) => {
      const now = latest.current;
      if (now.phase !== "ready") {
        return;
      }
      const log = events.reduce(fold, now.log);
      if (log.newest && !now.log.newest) {
        through.current = null;
      }
      if (log !== now.log) {
        change({ ...now, log });
        if (log.stale && !now.log.stale) {
          reload.current();
        }
      }
    },
    [change],
  );

  const look = useCallback((turn: string) => {
    through.current = turn;
    reload.current();
  }, []);

  useEffect(() => {
    through.current = null;
  }, [id]);
  useEffect(() => {
    if (id === null || !reading) {
      return;
    }
    const gone = new AbortController();
    let stop = () => {};
    let waiting: ChatEvent[] = [];
    let gathering: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;

    const connection = (connected: boolean) => {
      if (latest.current.connected !== connected) {
        change({ ...latest.current, connected });
      }
    };
    const flush = () => {
      const events = waiting;
      waiting = [];
      tell(...events);
      gathering = setTimeout(() => {
        gathering = undefined;
        if (waiting.length > 0) {
          flush();
        }
      }, GATHER_MS);
    };
    const event = (kind: string, data: unknown) => {
      if (kind !== "mark") {
        waiting.push(data as ChatEvent);
        if (gathering === undefined || begins(kind, data)) {
          clearTimeout(gathering);
          flush();
        }
      }
    };
    let loading = 0;
    const load = async () => {
      const asked = ++loading;
      stop();
      clearTimeout(retry);
      waiting = [];
      try {
        const conversation = await fetchConversation(client, id, through.current, gone.signal);
        if (asked !== loading) {
          return; // another turn was asked for meanwhile
        }
        change({ id, phase: "ready", log: opened(conversation), connected: true, polled: false });
        stop = follow(
          {
            path: conversationEvents(id),
            after: `${conversation.last_event}`,
            kinds: KINDS,
            news: (after) => fetchNews(client, id, after),
            awaits: () => writing(latest.current.log) !== null,
          },
          {
            event,
            opened: () => connection(true),
            lost: () => connection(false),
            refused: check,
            held: () => change({ ...latest.current, polled: true }),
          },
        );
      } catch (error) {
        if (!gone.signal.aborted) {
          missed(error);
        }
      }
    };
    const missed = (error: unknown) => {
      const known = latest.current.id === id ? latest.current : { id, log: EMPTY, polled: false };
      if (isNotFound(error)) {
        change({ ...known, id, phase: "missing", connected: true });
        return;
      }
      change({ ...known, id, phase: latest.current.phase === "ready" ? "ready" : "lost", connected: false });
      retry = setTimeout(() => void load(), AGAIN_MS);
    };

    if (latest.current.id !== id) {
      change({ id, phase: "loading", log: EMPTY, connected: true, polled: false });
    }
    reload.current = () => void load();
    void load();
    return () => {
      gone.abort();
      stop();
      clearTimeout(gathering);
      clearTimeout(retry);
      reload.current = () => undefined;
    };
  }, [id, reading, client, check, change, tell]);

  if (id === null) {
    return { phase: "none", log: EMPTY, connected: true, polled: false, tell, look };
  }
  if (held.id !== id) {
    return { phase: "loading", log: EMPTY, connected: true, polled: false, tell, look };
  }
  const { phase, log, connected, polled } = held;
  return { phase, log, connected, polled, tell, look };
}

/** Whether an event brings an answer's first words. */
function begins(kind: string, data: unknown): boolean {
  return kind === "delta" && (data as Delta).at === 0;
}
