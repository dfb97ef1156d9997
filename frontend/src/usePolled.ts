import { useCallback, useEffect, useRef, useState } from "react";

import { answered, failed, type Polled } from "./polling";

/**
 * Asks `load` at once and then every `everyMs` milliseconds while the page is visible.
 * `again` asks at once. `load` must keep its identity between renders.
 */
export function usePolled<T>(
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number,
): { polled: Polled<T>; again: () => void } {
  const [polled, setPolled] = useState<Polled<T>>({ phase: "loading" });
  const askNow = useRef<() => void>(() => undefined);

  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;
    let lastAnswer = new Date();

    const ask = async () => {
      clearTimeout(timer);
      if (asking) {
        return;
      }
      asking = true;
      try {
        const value = await load(gone.signal);
        lastAnswer = new Date();
        setPolled((before) => answered(before, value));
      } catch (error) {
        if (!gone.signal.aborted) {
          setPolled((before) => failed(before, error, lastAnswer));
        }
      } finally {
        asking = false;
      }
      if (!gone.signal.aborted && !document.hidden) {
        timer = setTimeout(() => void ask(), everyMs);
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
