import { useCallback } from "react";

import type { Client } from "../../api/client";
import type { Polled } from "../../polling";
import { useSession } from "../../session/context";
import { usePolled } from "../../usePolled";
import { answeredBy } from "../desk/answeredBy";

export interface Asked<T> {
  polled: Polled<T>;
  again: () => void;
  /** Seconds between two questions to the server. */
  every: number;
}

/** What a page shows, asked again and again while its reader is signed in. */
export function usePage<T>(
  fetch: (client: Client, signal: AbortSignal) => Promise<T>,
  everyMs: number,
): Asked<T> {
  const { client, standing } = useSession();
  const expired = standing.phase === "in" && standing.expired;
  const load = useCallback((signal: AbortSignal) => fetch(client, signal), [client, fetch]);
  const { polled, again } = usePolled(expired ? null : load, everyMs);
  return { polled: answeredBy(polled), again, every: everyMs / 1000 };
}
