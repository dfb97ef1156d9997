import { Alert, AlertHeading, AlertText, Button } from "@trussworks/react-uswds";
import { useLayoutEffect, useRef, useState } from "react";

import { AnswerError } from "../api/asking";
import { focusHeading } from "../focus";
import { formatTimeOfDay } from "../format";
import { useLanguage } from "../i18n/context";
import type { Key, Translate } from "../i18n/translate";
import type { Polled } from "../polling";

interface Properties {
  polled: Polled<unknown>;
  again: () => void;
  /** Seconds between two questions to the server. */
  every: number;
  /** What is said while the first answer is awaited. */
  loading: Key;
  /** What a screen reader hears when it came; nothing where it is left out. */
  loaded?: string;
}

/**
 * How the page stands with the server.
 *
 * The live region is always there and speaks only when the phase changes: a poll that brings
 * nothing new, or fails again, is silent. The button stays outside of it.
 */
export function Connection({ polled, again, every, loading, loaded }: Properties) {
  const { language, t } = useLanguage();
  const wasLost = useWasLost(polled.phase);
  return (
    <>
      <div role="status">
        {polled.phase === "loading" && <p className="loading">{t(loading)}</p>}
        {polled.phase === "ready" && (
          <p className="usa-sr-only">{wasLost ? t("lost.back") : loaded}</p>
        )}
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
      {polled.phase === "lost" && <TryAgain again={again} />}
    </>
  );
}

/** Goes when the server answers; whoever had the focus on it is taken to the page's heading. */
function TryAgain({ again }: { again: () => void }) {
  const { t } = useLanguage();
  const place = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const paragraph = place.current;
    return () => {
      if (paragraph?.contains(document.activeElement) === true) {
        focusHeading();
      }
    };
  }, []);
  return (
    <p ref={place}>
      <Button type="button" outline onClick={again}>
        {t("lost.again")}
      </Button>
    </p>
  );
}

function useWasLost(phase: Polled<unknown>["phase"]): boolean {
  const [wasLost, setWasLost] = useState(false);
  if (phase === "lost" && !wasLost) {
    setWasLost(true);
  }
  return wasLost;
}

function reason(t: Translate, error: unknown): string {
  if (!(error instanceof AnswerError)) {
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
