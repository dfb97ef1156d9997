import { useMemo, useState } from "react";

import { fetchPreview, type Preview } from "../../api/desk";
import { knownValue } from "../../polling";
import { useSession } from "../../session/context";
import { usePolled } from "../../usePolled";
import { fingerprint } from "./changes";

/** A preview compiles the record twice: it is asked for less often than what waits. */
const POLL_MS = 10_000;

export interface Previewing {
  /** Null until the first answer for this order and timing. */
  preview: Preview | null;
  /** Why the last attempt failed, null when it did not. */
  error: unknown;
  /** Since when it tells something else than what was looked at, null when it does not. */
  changed: Date | null;
  /** Takes what is shown as looked at. */
  look: () => void;
  again: () => void;
}

/** What an order would do, asked again and again; nothing is asked while `atOnce` is null. */
export function usePreview(id: string, atOnce: boolean | null): Previewing {
  const { client, standing } = useSession();
  const expired = standing.phase === "in" && standing.expired;
  const load = useMemo(() => {
    if (atOnce === null || expired) {
      return null;
    }
    return async (signal: AbortSignal) => ({
      atOnce,
      preview: await fetchPreview(client, { id, atOnce }, signal),
    });
  }, [client, expired, id, atOnce]);
  const { polled, again } = usePolled(load, POLL_MS);
  const known = knownValue(polled);
  const preview = known !== null && known.atOnce === atOnce ? known.preview : null;
  const { changed, look } = useLookedAt(preview, atOnce);
  return { preview, error: polled.phase === "lost" ? polled.error : null, changed, look, again };
}

/** What an officer looked at, and what is shown now. */
export interface LookedAt {
  atOnce: boolean | null;
  looked: string;
  shown: string;
  changed: Date | null;
}

/** The first preview of a timing counts as looked at, a later one when its reader says so. */
export function shows(
  before: LookedAt | null,
  { atOnce, shown, at }: { atOnce: boolean | null; shown: string; at: Date },
): LookedAt {
  if (before === null || before.atOnce !== atOnce) {
    return { atOnce, looked: shown, shown, changed: null };
  }
  if (before.shown === shown) {
    return before;
  }
  return { ...before, shown, changed: before.looked === shown ? null : at };
}

function useLookedAt(preview: Preview | null, atOnce: boolean | null) {
  const [state, setState] = useState<LookedAt | null>(null);
  if (preview !== null) {
    const next = shows(state, { atOnce, shown: fingerprint(preview), at: new Date() });
    if (next !== state) {
      setState(next);
    }
  }
  const look = () =>
    setState((before) => before && { ...before, looked: before.shown, changed: null });
  return { changed: state?.atOnce === atOnce ? state.changed : null, look };
}
