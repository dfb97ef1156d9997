import { useCallback, useEffect, useRef, useState } from "react";

import { answered, failed, type Polled } from "./polling";
import { sparing } from "./sparing";

/** How much longer the pauses are where little is to be loaded. */
const SELDOM = 6;

/**
 * Asks `load` at once and then every `everyMs` milliseconds while the page is visible.
 * `again` asks at once. `load` must keep its identity between renders; while it is null nothing
 * is asked, and what is known stays.
 */
export function usePolled<T>(
  load: ((signal: AbortSignal) => Promise<T>) | null,
  everyMs: number,
): { polled: Polled<T>; again: () => void } {
  const [polled, setPolled] = useState<Polled<T>>({ phase: "loading" });
  const askNow = useRef<() => void>(() => undefined);
  const lastAnswer = useRef(new Date());

  useEffect(() => {
    if (load === null) {
      return;
    }
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;

    const ask = async () => {
      clearTimeout(timer);
      if (asking) {
        return;
      }
      asking = true;
      try {
        const value = await load(gone.signal);
        lastAnswer.current = new Date();
        setPolled((before) => answered(before, value));
      } catch (error) {
        if (!gone.signal.aborted) {
          setPolled((before) => failed(before, error, lastAnswer.current));
        }
      } finally {
        asking = false;
      }
      if (!gone.signal.aborted && !document.hidden) {
        timer = setTimeout(() => void ask(), sparing() ? SELDOM * everyMs : everyMs);
      }
    };
    const onVisibility = () => {
      if (!document.hidden) {
        void ask();
      }
    };

    askNow.current = () => void ask();
    document.addEventListener("visibilitychange", onVisibility);
    void ask();
    return () => {
      gone.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [load, everyMs]);

  return { polled, again: useCallback(() => askNow.current(), []) };
}
