import { useEffect, useRef, useState } from "react";

import type { Turn } from "../../api/schema";
import { sparing } from "../../sparing";

/** So many of the newest turns are drawn at first, and so many more when they are asked for. */
export const DRAWN = 60;
export const DRAWN_SPARING = 20;

interface Drawn {
  /** The place of the first turn that is drawn. */
  from: number;
  /** Draws more of the earlier ones, and puts the focus where one stood. */
  earlier: () => void;
}

/**
 * Which turns of a long conversation are drawn: the newest, and earlier ones when asked for. What is
 * drawn stays so when the conversation goes on. The turn `sought` is drawn wherever it stands.
 */
export function useWindow(turns: readonly Turn[], sought: string | null): Drawn {
  const most = sparing() ? DRAWN_SPARING : DRAWN;
  const [first, setFirst] = useState<number | null>(null);
  const stood = useRef<string | null>(null);
  if (first === null && turns.length > 0) {
    setFirst(Math.max(0, turns.length - most));
  }
  const place = sought === null ? -1 : turns.findIndex(({ id }) => id === sought);
  if (first !== null && place !== -1 && place < first) {
    setFirst(place);
  }
  // A branch that is shown instead may be shorter.
  const from = Math.min(first ?? 0, Math.max(0, turns.length - 1));
  useEffect(() => {
    if (stood.current !== null) {
      const turn = `[data-turn="${CSS.escape(stood.current)}"]`;
      document.querySelector<HTMLElement>(turn)?.focus({ preventScroll: true });
      stood.current = null;
    }
  }, [from]);
  const earlier = () => {
    stood.current = turns[from]?.id ?? null;
    setFirst(Math.max(0, from - most));
  };
  return { from, earlier };
}
