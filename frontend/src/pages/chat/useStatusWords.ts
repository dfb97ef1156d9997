import { useEffect, useRef } from "react";

import type { TurnState } from "../../api/chat";
import { writing, type Log } from "../../chat/log";
import { useLanguage } from "../../i18n/context";
import type { Key } from "../../i18n/translate";

const ENDED: Record<Exclude<TurnState, "generating">, Key> = {
  complete: "status.complete",
  stopped: "status.stopped",
  cut: "status.cut",
  failed: "status.failed",
  refused: "status.refused",
  interrupted: "status.interrupted",
};

/** Says that an answer comes, and how it ended; and that the connection is lost, and back. */
export function useStatusWords(
  log: Log,
  connected: boolean,
  service: string,
  announce: (words: string) => void,
): void {
  const { t } = useLanguage();
  const current = writing(log)?.id ?? null;
  const before = useRef<string | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = current;
    if (current !== null && current !== last) {
      announce(t("status.coming", { service }));
    } else if (current === null && last !== null) {
      const state = log.turns.find(({ id }) => id === last)?.state;
      if (state !== undefined && state !== "generating") {
        announce(t(ENDED[state], { service }));
      }
    }
  }, [current, log, service, announce, t]);

  const wasLost = useRef(false);
  useEffect(() => {
    if (!connected) {
      wasLost.current = true;
      announce(t("composer.lost"));
    } else if (wasLost.current) {
      wasLost.current = false;
      announce(t("lost.back"));
    }
  }, [connected, announce, t]);
}
