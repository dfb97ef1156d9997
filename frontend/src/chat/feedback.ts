import { createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";

import { fetchFeedback, giveFeedback, takeBackFeedback } from "../api/removing";
import type { Feedback, NewFeedback } from "../api/schema";
import { useSession } from "../session/context";

/** What a person says of the answers of the conversation that is shown. */
export interface Rating {
  of: (turn: string) => Feedback | null;
  /** Says it, or takes it back with null. */
  say: (turn: string, said: NewFeedback | null) => Promise<void>;
}

export const RatingContext = createContext<Rating | null>(null);

/** Null where nothing can be said of answers: in what others share, and before it is known. */
export function useRatings(): Rating | null {
  return useContext(RatingContext);
}

/** What was said of a conversation's answers; null while that is not known. */
export function useRating(conversation: string | null): Rating | null {
  const { client } = useSession();
  const [said, setSaid] = useState<ReadonlyMap<string, Feedback> | null>(null);
  useEffect(() => {
    if (conversation === null) {
      return undefined;
    }
    const leaving = new AbortController();
    fetchFeedback(client, conversation, leaving.signal).then(
      ({ feedback }) => setSaid(new Map(feedback.map((one) => [one.turn, one]))),
      // What cannot be read now is not offered; the conversation itself is not harmed by it.
      () => undefined,
    );
    return () => leaving.abort();
  }, [client, conversation]);
  const say = useCallback(
    async (turn: string, wanted: NewFeedback | null) => {
      if (conversation === null) {
        return;
      }
      if (wanted === null) {
        await takeBackFeedback(client, conversation, turn);
        setSaid((before) => new Map([...(before ?? [])].filter(([one]) => one !== turn)));
        return;
      }
      const kept = await giveFeedback(client, conversation, turn, wanted);
      setSaid((before) => new Map([...(before ?? []), [turn, kept]]));
    },
    [client, conversation],
  );
  return useMemo(
    () => (said === null ? null : { of: (turn) => said.get(turn) ?? null, say }),
    [said, say],
  );
}
