import { useEffect, useId, useState } from "react";

import { fetchOffer } from "../../api/temporary";
import type { Offer } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { useSession } from "../../session/context";

interface Properties {
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
}

/** Whether the conversation that is about to begin is not to be kept; nothing where none may be. */
export function TemporaryChoice({ chosen, onChoose }: Properties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const id = useId();
  const [offer, setOffer] = useState<Offer | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    // Without an answer there is none to choose: what is written is kept, as everywhere.
    fetchOffer(client, gone.signal).then(setOffer, () => undefined);
    return () => gone.abort();
  }, [client]);
  if (offer === null || offer.why_not === "off") {
    return null;
  }
  if (offer.why_not === "held") {
    return <p className="muted">{t("temporary.held")}</p>;
  }
  return (
    <div className="choice temporary-choice">
      <input
        type="checkbox"
        id={id}
        checked={chosen}
        aria-describedby={`${id}-means`}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <label htmlFor={id}>{t("temporary.choose")}</label>
      <p id={`${id}-means`} className="muted">
        {t("temporary.means", { hours: offer.hours })}
      </p>
    </div>
  );
}
