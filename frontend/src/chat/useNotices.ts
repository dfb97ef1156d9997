import { useCallback, useEffect, useState } from "react";

import { acknowledgeNotice, fetchNotices, NOTICE_EVENTS } from "../api/chat";
import type { Notice, NoticeTold } from "../api/schema";
import { useSession } from "../session/context";
import { follow } from "./following";
import { acknowledged, noticed, unread } from "./notices";

export interface Noticing {
  /** Those not acknowledged yet, the latest first. */
  notices: readonly Notice[];
  acknowledge: (id: string) => Promise<void>;
}

/** The notices of whoever is signed in, as orders are issued. `changed` is called with each. */
export function useNotices(reading: boolean, changed: () => void): Noticing {
  const { client, check } = useSession();
  const [notices, setNotices] = useState<readonly Notice[]>([]);

  useEffect(() => {
    if (!reading) {
      return;
    }
    const gone = new AbortController();
    // What was acknowledged in another window is learnt when this one is looked at again.
    const look = async () => {
      try {
        setNotices(await fetchNotices(client, gone.signal));
      } catch {
        // the stream says, and tries again
      }
    };
    const onFocus = () => void look();
    const stop = follow(
      { path: NOTICE_EVENTS, after: null, kinds: ["notice"] },
      {
        event: (_, data) => {
          setNotices((known) => noticed(known, (data as NoticeTold).notice));
          changed();
        },
        opened: () => undefined,
        lost: () => undefined,
        refused: check,
      },
    );
    addEventListener("focus", onFocus);
    return () => {
      gone.abort();
      stop();
      removeEventListener("focus", onFocus);
    };
  }, [client, reading, check, changed]);

  const acknowledge = useCallback(
    async (id: string) => {
      await acknowledgeNotice(client, id);
      setNotices((known) => acknowledged(known, id));
    },
    [client],
  );
  return { notices: unread(notices), acknowledge };
}
