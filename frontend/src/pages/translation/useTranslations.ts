import { useCallback, useEffect, useState } from "react";

import { fetchTranslations } from "../../api/translations";
import type { TranslationShelf } from "../../api/schema";
import { useSession } from "../../session/context";

const LOOK_MS = 2_000;

/** One's translations; asked for again while any is being made. */
export function useTranslations() {
  const { client } = useSession();
  const [shelf, setShelf] = useState<TranslationShelf | null>(null);
  const [lost, setLost] = useState(false);
  const load = useCallback(
    (signal?: AbortSignal) =>
      fetchTranslations(client, signal).then(
        (found) => {
          setShelf(found);
          setLost(false);
        },
        () => setLost(signal?.aborted !== true),
      ),
    [client],
  );
  const moving = shelf?.translations.some(({ state }) => state === "running") === true;
  useEffect(() => {
    const gone = new AbortController();
    void load(gone.signal);
    const timer = moving || lost ? setInterval(() => void load(gone.signal), LOOK_MS) : undefined;
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [load, moving, lost]);
  return { shelf, lost, again: useCallback(() => load(), [load]) };
}
