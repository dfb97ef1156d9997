import { useEffect, useSyncExternalStore } from "react";

import { alone, pauseAfter, reachable } from "./outbox";
import { named, waits, type Outgoing, type UnsentStore } from "./unsent";

type Deliver = (message: Outgoing, conversation: string | null) => Promise<void>;

/** Sends what waits in any conversation, one after the other, once the server is there. */
export function useOutbox(unsent: UnsentStore, deliver: Deliver, reading: boolean): void {
  const waiting = useSyncExternalStore(unsent.subscribe, unsent.waiting);
  useEffect(() => {
    if (waiting === "" || !reading) {
      return;
    }
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let attempts = 0;
    const send = async () => {
      for (const key of waiting.split(" ")) {
        const { outgoing } = unsent.again(named(key));
        if (waits(outgoing) && !gone.signal.aborted) {
          await deliver({ ...outgoing, phase: "sending", why: null, said: null }, named(key));
        }
      }
    };
    const attempt = async () => {
      clearTimeout(timer);
      if (await reachable(gone.signal)) {
        await alone(send);
      }
      if (!gone.signal.aborted) {
        timer = setTimeout(() => void attempt(), pauseAfter(attempts++));
      }
    };
    const online = () => void attempt();
    addEventListener("online", online);
    timer = setTimeout(() => void attempt(), pauseAfter(attempts++));
    return () => {
      gone.abort();
      clearTimeout(timer);
      removeEventListener("online", online);
    };
  }, [waiting, reading, unsent, deliver]);
}
