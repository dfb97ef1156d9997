import { useState } from "react";

import { isAnswerError } from "../../api/client";
import type { ErrorDetail } from "../../api/schema";

/** Why a deed was not done, as far as it is known. */
export type Trouble = { kind: "away" | "signedOut" } | { kind: "refused"; detail: ErrorDetail | null };

export interface Deed<A extends unknown[]> {
  pending: boolean;
  trouble: Trouble | null;
  go: (...given: A) => void;
}

/** Something that the server is asked to do once; `done` gets what it answered. */
export function useDeed<T, A extends unknown[]>(
  act: (...given: A) => Promise<T>,
  done: (answer: T) => void,
): Deed<A> {
  const [pending, setPending] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const go = async (...given: A) => {
    if (pending) {
      return;
    }
    setPending(true);
    setTrouble(null);
    try {
      const answer = await act(...given);
      setPending(false);
      done(answer);
    } catch (error) {
      setPending(false);
      setTrouble(troubleOf(error));
    }
  };
  return { pending, trouble, go: (...given) => void go(...given) };
}

/** A server that fails may have done it all the same. */
export function troubleOf(error: unknown): Trouble {
  if (!isAnswerError(error)) {
    throw error;
  }
  const { failure } = error;
  if (failure.kind !== "refused" || failure.status >= 500) {
    return { kind: "away" };
  }
  return failure.status === 401
    ? { kind: "signedOut" }
    : { kind: "refused", detail: failure.detail ?? null };
}
