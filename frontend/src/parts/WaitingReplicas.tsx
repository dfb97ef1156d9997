import { Tag } from "@trussworks/react-uswds";
import { useCallback } from "react";

import { fetchReplicas } from "../api/administration";
import { useLanguage } from "../i18n/context";
import { knownValue } from "../polling";
import { useSession } from "../session/context";
import { usePolled } from "../usePolled";

const POLL_MS = 500;

/**
 * Shown while an act is on its way: which replicas have the newest rules, and which are waited for. Where
 * one process decides alone there is nobody to wait for, and nothing is shown.
 */
export function WaitingReplicas() {
  const { t } = useLanguage();
  const { client } = useSession();
  const load = useCallback((signal: AbortSignal) => fetchReplicas(client, signal), [client]);
  const page = knownValue(usePolled(load, POLL_MS).polled);
  const serving = page?.replicas.filter(({ lease_ms: left }) => left > 0) ?? [];
  if (serving.length === 0) {
    return null;
  }
  return (
    <div className="waiting-replicas">
      <p>{t("waiting.lead")}</p>
      <ul className="lines">
        {serving.map(({ start, address, host, pid, current }) => (
          <li key={start}>
            <span translate="no">{address === "" ? `${host} ${pid}` : address}</span>{" "}
            <Tag className={current ? "tag-operative" : "tag-pending"}>
              {t(current ? "replicas.current" : "replicas.behind")}
            </Tag>
          </li>
        ))}
      </ul>
    </div>
  );
}
