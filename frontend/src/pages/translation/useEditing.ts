import { useCallback, useEffect, useRef, useState } from "react";

import type { JobSeen, Segment } from "../../api/schema";
import { editSegment } from "../../api/translations";
import { useSession } from "../../session/context";

const QUIET_MS = 1_200;

export interface Editing {
  text: string;
  write: (text: string) => void;
  /** Keeps what is not kept yet, without waiting for a pause. */
  leave: () => void;
  /** Keeps what stands in the field now; whether it was kept. */
  keep: (approved: boolean) => Promise<boolean>;
  keeping: boolean;
  error: unknown;
}

/**
 * A segment's field: what one writes is kept when one pauses or leaves it. What another window
 * or the model changes comes into the field only where nothing is being written in it.
 */
export function useEditing(
  job: string,
  segment: Segment,
  onKept: (seen: JobSeen) => void,
): Editing {
  const { client } = useSession();
  const target = segment.target ?? "";
  const [written, setWritten] = useState<string | null>(null);
  const [keeping, setKeeping] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const text = written ?? target;
  const now = useRef({ text, seen: segment.version ?? 0 });
  now.current = { text, seen: segment.version ?? 0 };
  const busy = useRef(false);
  const refused = useRef<string | null>(null);

  const keep = useCallback(
    async (approved: boolean): Promise<boolean> => {
      if (busy.current) {
        return false;
      }
      busy.current = true;
      setKeeping(true);
      setError(null);
      const { text: target, seen } = now.current;
      try {
        onKept(await editSegment(client, job, segment.number, { target, approved, seen }));
        // What was written while it was on its way is still to be kept.
        setWritten((later) => (later === target ? null : later));
        refused.current = null;
        return true;
      } catch (why) {
        setError(why);
        refused.current = target;
        return false;
      } finally {
        busy.current = false;
        setKeeping(false);
      }
    },
    [client, job, segment.number, onKept],
  );

  // What was refused is kept again once it is written otherwise.
  const changed = written !== null && written.trim() !== target && written !== refused.current;
  useEffect(() => {
    if (!changed || keeping) {
      return;
    }
    const timer = setTimeout(() => void keep(false), QUIET_MS);
    return () => clearTimeout(timer);
  }, [changed, keeping, written, keep]);
  const leave = () => {
    if (changed) {
      void keep(false);
    }
  };
  return { text, write: setWritten, leave, keep, keeping, error };
}
