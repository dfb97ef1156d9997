import { Button } from "@trussworks/react-uswds";

import { waits, type Outgoing } from "../../chat/unsent";
import { useLanguage } from "../../i18n/context";
import { UserWords } from "./TurnView";
import { Said } from "../../parts/Said";

interface Properties {
  outgoing: Outgoing;
  onRetry: () => void;
  onTakeBack: () => void;
}

/** A message on its way, or one that was not sent: why, and what can be done with it. */
export function OutgoingView({ outgoing, onRetry, onTakeBack }: Properties) {
  const { t } = useLanguage();
  return (
    <>
      <UserWords text={outgoing.text} />
      {outgoing.phase === "sending" ? (
        <p className="muted outgoing">{t("unsent.sending")}</p>
      ) : (
        <div className="problem problem-failed">
          <p>
            <strong>{t(waits(outgoing) ? "unsent.waiting" : "unsent.heading")}</strong> {t(`unsent.${outgoing.why ?? "unknown"}`)}{" "}
            {outgoing.said !== null && <Said>{outgoing.said}</Said>}
          </p>
          <div className="actions">
            <Button type="button" onClick={onRetry}>
              {t(waits(outgoing) ? "unsent.now" : "unsent.retry")}
            </Button>
            <Button type="button" outline onClick={onTakeBack}>
              {t("unsent.edit")}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}
