import { useCallback, useEffect, useState } from "react";

import type { FoundPlace } from "../../api/schema";
import type { Log } from "../../chat/log";

interface Sought {
  conversation: string;
  turn: string;
  /** Whether the path through it was asked for. */
  asked: boolean;
}

/**
 * Goes to a turn that was found, once its conversation is there: shows the path through it, scrolls
 * it into sight, marks it and gives it the focus. `found` is the last such turn.
 */
export function useSought(
  conversation: string | null,
  ready: boolean,
  log: Log,
  look: (turn: string) => void,
): { onFound: (found: FoundPlace) => void; found: string | null } {
  const [sought, setSought] = useState<Sought | null>(null);
  const [found, setFound] = useState<string | null>(null);
  const here = ready && sought !== null && sought.conversation === conversation;
  const there = here && log.turns.some(({ id }) => id === sought.turn);
  useEffect(() => {
    if (!here) {
      return;
    }
    if (there) {
      // After the frame in which the log, drawn anew, has gone to its end.
      requestAnimationFrame(() => requestAnimationFrame(() => showTurn(sought.turn)));
      setFound(sought.turn);
      setSought(null);
    } else if (!sought.asked) {
      look(sought.turn);
      setSought({ ...sought, asked: true });
    }
  }, [here, there, sought, look]);
  const onFound = useCallback(
    ({ conversation: wanted, turn }: FoundPlace) =>
      setSought(turn === null ? null : { conversation: wanted, turn, asked: false }),
    [],
  );
  return { onFound, found };
}

/** Shows a turn once it is drawn, which may take some frames where many others are drawn with it. */
function showTurn(turn: string, frames = 300): void {
  const place = document.querySelector<HTMLElement>(`[data-turn="${CSS.escape(turn)}"]`);
  if (place === null) {
    if (frames > 0) {
      requestAnimationFrame(() => showTurn(turn, frames - 1));
    }
    return;
  }
  for (const marked of document.querySelectorAll(".sought")) {
    marked.classList.remove("sought");
  }
  place.classList.add("sought");
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}
