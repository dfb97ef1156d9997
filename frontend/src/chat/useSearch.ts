import { useCallback, useEffect, useState } from "react";

import { searchConversations } from "../api/chat";
import type { FoundPlace } from "../api/schema";
import { useSession } from "../session/context";

/** People are still typing while keys come faster than this. */
const TYPING_MS = 250;

export interface Search {
  query: string;
  setQuery: (query: string) => void;
  /** `none` without a query; what was found before stays while the next is looked for. */
  phase: "none" | "looking" | "ready" | "failed";
  found: readonly FoundPlace[];
  total: number;
  more: boolean;
  /** Looks for the next ones; after a failure, once more. */
  goOn: () => void;
}

interface Answer {
  phase: Search["phase"];
  found: readonly FoundPlace[];
  total: number;
  more: boolean;
}

const NOTHING: Answer = { phase: "none", found: [], total: 0, more: false };

/** Looks for what a person types in their own conversations. */
export function useSearch(): Search {
  const { client } = useSession();
  const [query, change] = useState("");
  const [skip, setSkip] = useState(0);
  const [tries, setTries] = useState(0);
  const [answer, setAnswer] = useState<Answer>(NOTHING);
  const sought = query.trim();

  useEffect(() => {
    if (sought === "") {
      setAnswer(NOTHING);
      return;
    }
    const gone = new AbortController();
    setAnswer((known) => ({ ...known, phase: "looking" }));
    const timer = setTimeout(
      () => {
        searchConversations(client, sought, skip, gone.signal).then(
          ({ found, total, more }) =>
            setAnswer((known) => ({
              phase: "ready",
              found: skip === 0 ? found : [...known.found, ...found],
              total,
              more,
            })),
          () => {
            if (!gone.signal.aborted) {
              setAnswer((known) => ({ ...known, phase: "failed" }));
            }
          },
        );
      },
      skip === 0 && tries === 0 ? TYPING_MS : 0,
    );
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [client, sought, skip, tries]);

  const setQuery = useCallback((wanted: string) => {
    setSkip(0);
    setTries(0);
    change(wanted);
  }, []);
  const { phase, found, total, more } = answer;
  const goOn = useCallback(() => {
    if (phase === "failed") {
      setTries((count) => count + 1);
    } else {
      setSkip(found.length);
    }
  }, [phase, found.length]);
  return { query, setQuery, phase, found, total, more, goOn };
}
