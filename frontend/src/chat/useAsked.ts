import { useCallback, useEffect, useState } from "react";

import { askCollections, fetchAsked } from "../api/collections";
import type { AskedCollection } from "../api/schema";
import { useSession } from "../session/context";

export interface AskedHere {
  collections: readonly AskedCollection[];
  /** Has the conversation ask these and no others, by their ids. */
  ask: (ids: readonly string[]) => Promise<void>;
}

/** The collections that a conversation asks; `begin` makes it, where there is none yet. */
export function useAsked(
  conversation: string | null,
  reading: boolean,
  begin: () => Promise<string>,
): AskedHere {
  const { client } = useSession();
  const [kept, setKept] = useState<{ of: string; collections: readonly AskedCollection[] } | null>(
    null,
  );
  useEffect(() => {
    if (conversation === null || !reading) {
      return;
    }
    const gone = new AbortController();
    fetchAsked(client, conversation, gone.signal).then(
      (collections) => setKept({ of: conversation, collections }),
      () => undefined,
    );
    return () => gone.abort();
  }, [client, conversation, reading]);
  const ask = useCallback(
    async (ids: readonly string[]) => {
      const of = conversation ?? (await begin());
      setKept({ of, collections: await askCollections(client, of, ids) });
    },
    [client, conversation, begin],
  );
  const collections = kept !== null && kept.of === conversation ? kept.collections : [];
  return { collections, ask };
}
