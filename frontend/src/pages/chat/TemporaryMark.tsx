import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import { endTemporary, keepTemporary } from "../../api/temporary";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import type { Key } from "../../i18n/translate";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";

interface Properties {
  conversation: string;
  /** When it is removed at the latest. */
  until: string;
  zone: string;
  /** It stands in the list from now on; the words say so. */
  onKept: (words: string) => void;
  /** It is gone. */
  onEnded: (words: string) => void;
}

/** Says that a conversation is temporary, and ends or keeps it. */
export function TemporaryMark({ conversation, until, zone, onKept, onEnded }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const carryOut = (deed: () => Promise<void>) => {
    setBusy(true);
    setFailed(false);
    deed()
      .catch(() => setFailed(true))
      .finally(() => setBusy(false));
  };
  const keep = async () => {
    await keepTemporary(client, conversation);
    onKept(t("temporary.kept"));
  };
  const end = async () => {
    const { ended } = await endTemporary(client, conversation);
    if (ended === "writing") {
      setFailed(true);
    } else if (ended === "kept") {
      setAsking(false);
      onKept(t("temporary.keptByHold"));
    } else {
      onEnded(t("temporary.ended"));
    }
  };
  const fault: Key | null = failed ? "temporary.failed" : null;
  return (
    <section className="temporary-mark" aria-label={t("temporary.heading")}>
      <strong>{t("temporary.heading")}.</strong>{" "}
      {t("temporary.mark", { when: formatInstant(language, until, zone) })}{" "}
      <Button type="button" unstyled disabled={busy} onClick={() => carryOut(keep)}>
        {t("temporary.keep")}
      </Button>{" "}
      <Button type="button" unstyled aria-haspopup="dialog" onClick={() => setAsking(true)}>
        {t("temporary.end")}
      </Button>
      {fault !== null && !asking && (
        <p role="alert" className="field-error">
          {t(fault)}
        </p>
      )}
      {asking && (
        <Sheet heading={t("temporary.endHeading")} busy={busy} onClose={() => setAsking(false)}>
          <p>{t("temporary.endMeans")}</p>
          {fault !== null && (
            <p role="alert" className="field-error">
              {t(fault)}
            </p>
          )}
          <div className="actions">
            <Button type="button" disabled={busy} onClick={() => carryOut(end)}>
              {t("temporary.end")}
            </Button>
            <Button type="button" outline disabled={busy} onClick={() => setAsking(false)}>
              {t("temporary.cancel")}
            </Button>
          </div>
        </Sheet>
      )}
    </section>
  );
}
