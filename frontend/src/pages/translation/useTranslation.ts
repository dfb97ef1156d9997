import { useCallback, useEffect, useRef, useState } from "react";

import { refusedWith } from "../../api/asking";
import type { JobSeen, Segment } from "../../api/schema";
import { fetchTranslation } from "../../api/translations";
import { useSession } from "../../session/context";

const LOOK_MS = 1_000;
const LOOK_AT_REST_MS = 15_000;

export interface TranslationHere {
  seen: JobSeen | null;
  segments: readonly Segment[];
  missing: boolean;
  lost: boolean;
  /** Takes what an act was answered with. */
  take: (seen: JobSeen) => void;
}

/** A translation as it stands; while it is being made, what changes comes every second. */
export function useTranslation(id: string): TranslationHere {
  const { client } = useSession();
  const [seen, setSeen] = useState<JobSeen | null>(null);
  const [segments, setSegments] = useState<readonly Segment[]>([]);
  const [missing, setMissing] = useState(false);
  const [lost, setLost] = useState(false);
  // Only what was asked for in order counts as known: an act's answer tells of one segment.
  const known = useRef(-1);
  const take = useCallback((next: JobSeen) => {
    setSeen((before) => (before !== null && before.version > next.version ? before : next));
    setSegments((before) => merged(before, next.segments));
  }, []);
  const load = useCallback(
    async (signal: AbortSignal) => {
      try {
        const next = await fetchTranslation(client, id, known.current, signal);
        known.current = Math.max(known.current, next.version);
        take(next);
        setLost(false);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        setMissing(refusedWith(error)?.status === 404);
        setLost(true);
      }
    },
    [client, id, take],
  );
  const running = seen?.line.state === "running";
  useEffect(() => {
    const gone = new AbortController();
    void load(gone.signal);
    const every = running || lost ? LOOK_MS : LOOK_AT_REST_MS;
    const timer = missing ? undefined : setInterval(() => void load(gone.signal), every);
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [load, running, lost, missing]);
  return { seen, segments, missing, lost, take };
}

function merged(before: readonly Segment[], changed: readonly Segment[]): readonly Segment[] {
  if (changed.length === 0) {
    return before;
  }
  const all = new Map(before.map((segment) => [segment.number, segment]));
  for (const segment of changed) {
    const old = all.get(segment.number);
    if (old === undefined || old.version <= segment.version) {
      all.set(segment.number, segment);
    }
  }
  return [...all.values()].sort((one, other) => one.number - other.number);
}
