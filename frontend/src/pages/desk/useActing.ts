import { useState } from "react";

import type { Client } from "../../api/client";
import { act, fetchPreview, type Act, type Subject } from "../../api/desk";
import type { EnforcementTold } from "../../api/schema";
import { useSession } from "../../session/context";
import { fingerprint } from "./changes";
import { problemOf, type Problem } from "./problem";

/** What the last act came to. */
export type Outcome =
  | { kind: "done"; act: Act; enforcement: EnforcementTold | null }
  | { kind: "problem"; problem: Problem };

export interface Acting {
  /** The act that is being decided on. */
  step: Act | null;
  pending: boolean;
  outcome: Outcome | null;
  /** Opens the step in which an act is decided on, over what the preview tells now. */
  open: (act: Act, looked: string) => void;
  close: () => void;
  /** The step that is open is no longer possible. */
  overtake: () => void;
  go: () => void;
}

/** Whether what came of an act is that the order is issued. */
export function isIssued(outcome: Outcome | null): boolean {
  return outcome?.kind === "done" && outcome.act === "confirm";
}

/** An act to decide on, and the fingerprint of the preview that it was opened over. */
interface Step {
  act: Act;
  looked: string;
}

/**
 * Deciding on one order: a step opens, says what will happen, and is gone through or closed.
 *
 * Right before an act goes to the server, the preview is asked for once more. Where it tells
 * something else than the step did, nothing is sent: the officer decided on something else.
 * `refresh` asks anew how things stand after what came of it.
 */
export function useActing(subject: Subject, refresh: (came: Outcome) => void): Acting {
  const { client } = useSession();
  const [step, setStep] = useState<Step | null>(null);
  const [pending, setPending] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  const go = async () => {
    if (step === null || pending) {
      return;
    }
    setPending(true);
    const came = await decide(client, subject, step);
    setPending(false);
    setStep(null);
    setOutcome(came);
    refresh(came);
  };

  return {
    step: step?.act ?? null,
    pending,
    outcome,
    open: (chosen, looked) => {
      setOutcome(null);
      setStep({ act: chosen, looked });
    },
    close: () => setStep(null),
    overtake: () => {
      setStep(null);
      setOutcome({ kind: "problem", problem: { kind: "gone" } });
    },
    go: () => void go(),
  };
}

/** Does the act; what became of it. */
export async function decide(client: Client, subject: Subject, step: Step): Promise<Outcome> {
  let sent = false;
  try {
    if (step.act !== "withdraw") {
      const now = await fetchPreview(client, subject);
      if (fingerprint(now) !== step.looked) {
        return { kind: "problem", problem: { kind: "overtaken" } };
      }
    }
    sent = true;
    const enforcement = await act(client, step.act, subject);
    return { kind: "done", act: step.act, enforcement };
  } catch (error) {
    return { kind: "problem", problem: problemOf(error, sent) };
  }
}
