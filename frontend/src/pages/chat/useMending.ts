import { useMemo, type RefObject } from "react";

import type { Turn } from "../../api/schema";
import type { Log } from "../../chat/log";
import type { ProblemActions } from "./ProblemBox";

interface Parts {
  log: Log;
  /** Whether nothing can be mended now: an answer is written, or a message is on its way. */
  waits: boolean;
  /** The model that answers where none is named. */
  usual: string;
  goOn: (turn: Turn) => void;
  sendAgain: (text: string, model: string | null) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** What can be done about the last turn's problem; null where it has none, or not now. */
export function useMending({ log, waits, usual, goOn, sendAgain, field }: Parts) {
  const { turns } = log;
  return useMemo((): ProblemActions | null => {
    const last = turns.at(-1);
    if (last === undefined || last.problem === null || waits) {
      return null;
    }
    const question = turns.findLast(({ role }) => role === "user");
    return {
      onContinue: () => goOn(last),
      onInstead: (model: string) => {
        sendAgain(question?.text ?? "", model === usual ? null : model);
        field.current?.focus();
      },
    };
  }, [turns, waits, goOn, sendAgain, usual, field]);
}
