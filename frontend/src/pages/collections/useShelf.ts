import { useCallback, useEffect, useState } from "react";

import { fetchCollections } from "../../api/collections";
import type { CollectionShelf } from "../../api/schema";
import { useSession } from "../../session/context";

const LOOK_MS = 2_000;

export interface ShelfHere {
  shelf: CollectionShelf | null;
  lost: boolean;
  again: () => Promise<void>;
}

/** The collections that are open to the reader; asked again while anything is on its way. */
export function useShelf(): ShelfHere {
  const { client } = useSession();
  const [shelf, setShelf] = useState<CollectionShelf | null>(null);
  const [lost, setLost] = useState(false);
  const load = useCallback(
    (signal?: AbortSignal) =>
      fetchCollections(client, signal).then(
        (found) => {
          setShelf(found);
          setLost(false);
        },
        () => setLost(signal?.aborted !== true),
      ),
    [client],
  );
  const moving =
    shelf !== null &&
    (shelf.collections.some(({ counts }) => counts.unread > 0) ||
      shelf.meaning?.state === "building");
  useEffect(() => {
    const gone = new AbortController();
    void load(gone.signal);
    const timer = moving || lost ? setInterval(() => void load(gone.signal), LOOK_MS) : undefined;
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [load, moving, lost]);
  const again = useCallback(() => load(), [load]);
  return { shelf, lost, again };
}
