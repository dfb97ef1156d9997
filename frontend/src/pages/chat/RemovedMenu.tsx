import { Button } from "@trussworks/react-uswds";
import { useCallback, useEffect, useState } from "react";

import { fetchRemoved, returnConversation } from "../../api/removing";
import type { MayRemove, RemovedLine } from "../../api/schema";
import { formatDay } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";
import { Refused } from "./Refused";

interface Properties {
  zone: string;
  onReturned: () => void;
}

/** What one removed, until when it can be brought back, and how long conversations are kept. */
export function RemovedMenu(properties: Properties) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        type="button"
        unstyled
        className="quiet"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t("removed.button")}
      </Button>
      {open && <RemovedSheet {...properties} onClose={() => setOpen(false)} />}
    </>
  );
}

function RemovedSheet({ zone, onReturned, onClose }: Properties & { onClose: () => void }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [told, setTold] = useState<MayRemove | null>(null);
  const [back, setBack] = useState<RemovedLine | null>(null);
  const [error, setError] = useState<unknown>(null);
  const load = useCallback(
    (signal?: AbortSignal) =>
      fetchRemoved(client, signal).then(setTold, (refused: unknown) => {
        if (signal?.aborted !== true) {
          setError(refused);
        }
      }),
    [client],
  );
  useEffect(() => {
    const leaving = new AbortController();
    void load(leaving.signal);
    return () => leaving.abort();
  }, [load]);
  const bringBack = (line: RemovedLine) => {
    setError(null);
    returnConversation(client, line.id).then(() => {
      setBack(line);
      onReturned();
      void load();
    }, setError);
  };
  const title = (line: RemovedLine) => line.title || t("conversations.untitled");
  return (
    <Sheet heading={t("removed.heading")} onClose={onClose}>
      {told !== null && (
        <p>
          {told.why_not === null ? t("removed.intro") : t(`removed.not.${told.why_not}`)}{" "}
          {told.days !== null && t("removed.days", { count: told.days })}
        </p>
      )}
      <p role="status">{back !== null && t("removed.back", { title: title(back) })}</p>
      <div role="alert">
        {error !== null && <Refused error={error} otherwise={t("removed.failed")} />}
      </div>
      {told !== null && told.removed.length === 0 && <p className="muted">{t("removed.none")}</p>}
      {told !== null && told.removed.length > 0 && (
        <ul className="deeds-list">
          {told.removed.map((line) => (
            <li key={line.id}>
              <span dir="auto">{title(line)}</span>
              <span className="muted">
                {told.why_not === "held"
                  ? t("removed.held")
                  : t("removed.until", { day: formatDay(language, line.until, zone) })}
              </span>
              <Button
                type="button"
                unstyled
                aria-label={t("removed.bringBackNamed", { title: title(line) })}
                onClick={() => bringBack(line)}
              >
                {t("removed.bringBack")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="actions">
        <Button type="button" onClick={onClose}>
          {t("removed.close")}
        </Button>
      </div>
    </Sheet>
  );
}
