import { Alert, AlertHeading, AlertText, Button } from "@trussworks/react-uswds";
import { useState } from "react";

import { StatusError } from "../../api";
import { formatTimeOfDay } from "../../format";
import { useLanguage } from "../../i18n/context";
import type { Translate } from "../../i18n/translate";
import type { Properties } from "../Status";

/**
 * How the page stands with the server.
 *
 * The live region is always there and speaks only when the phase changes: a poll that brings
 * nothing new, or fails again, is silent. The button stays outside of it.
 */
export function Connection({ polled, again, every }: Properties) {
  const { language, t } = useLanguage();
  const wasLost = useWasLost(polled.phase);
  return (
    <>
      <div role="status">
        {polled.phase === "loading" && <p className="loading">{t("status.loading")}</p>}
        {polled.phase === "ready" && wasLost && <p className="usa-sr-only">{t("lost.back")}</p>}
        {polled.phase === "lost" && (
          <Alert type={polled.known === null ? "error" : "warning"}>
            <AlertHeading level="h2">{t("lost.heading")}</AlertHeading>
            <AlertText>
              {reason(t, polled.error)} {t("lost.retry", { seconds: every })}{" "}
              {polled.known !== null &&
                t("lost.stale", { when: formatTimeOfDay(language, polled.known.until) })}
            </AlertText>
          </Alert>
        )}
      </div>
      {polled.phase === "lost" && (
        <p>
          <Button type="button" outline onClick={again}>
            {t("lost.again")}
          </Button>
        </p>
      )}
    </>
  );
}

function useWasLost(phase: Properties["polled"]["phase"]): boolean {
  const [wasLost, setWasLost] = useState(false);
  if (phase === "lost" && !wasLost) {
    setWasLost(true);
  }
  return wasLost;
}

function reason(t: Translate, error: unknown): string {
  if (!(error instanceof StatusError)) {
    return t("lost.away");
  }
  switch (error.failure.kind) {
    case "away":
      return t("lost.away");
    case "refused":
      return t("lost.refused", { status: String(error.failure.status) });
    case "unreadable":
      return t("lost.unreadable");
  }
}
