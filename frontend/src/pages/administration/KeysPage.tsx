import { useState } from "react";

import { fetchKeys } from "../../api/administration";
import type { KeyIssued, KeyRevoked, KeysPage as Told } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Frame } from "./Frame";
import { KeyList } from "./KeyList";
import { NewKeyForm } from "./NewKeyForm";
import { Outcome } from "./Outcome";
import { RevokeSheet } from "./RevokeSheet";
import { RotateSheet } from "./RotateSheet";
import { ShownOnce } from "./ShownOnce";
import { usePage } from "./usePage";

const POLL_MS = 5_000;

/** What is decided on: a key that is to be rotated or revoked, by its prefix. */
export interface KeyStep {
  act: "rotate" | "revoke";
  prefix: string;
}

/** The services' keys. A new one stands on the page until its reader says that it is kept. */
export function KeysPage() {
  const { t } = useLanguage();
  const asked = usePage(fetchKeys, POLL_MS);
  const [step, setStep] = useState<KeyStep | null>(null);
  const [issued, setIssued] = useState<KeyIssued | null>(null);
  const [revoked, setRevoked] = useState<{ made: KeyRevoked; page: Told } | null>(null);
  const came = (one: KeyIssued | null, other: { made: KeyRevoked; page: Told } | null) => {
    setStep(null);
    setIssued(one);
    setRevoked(other);
    asked.again();
  };
  return (
    <Frame
      heading="keys.heading"
      loading="keys.loading"
      asked={asked}
      outcome={
        revoked !== null && (
          <Outcome
            key={revoked.made.line.prefix}
            heading={t("keys.revokedDone", { prefix: revoked.made.line.prefix })}
            enforcement={revoked.made.enforcement}
            clock={revoked.page}
          />
        )
      }
    >
      {(page) => (
        <>
          {issued !== null && (
            <ShownOnce
              key={issued.line.prefix}
              issued={issued}
              zone={page.zone}
              onKept={() => setIssued(null)}
            />
          )}
          <p>{t("keys.intro")}</p>
          <KeyList page={page} onStep={setStep} />
          <NewKeyForm page={page} onIssued={(made) => came(made, null)} />
          {step?.act === "rotate" && (
            <RotateSheet
              prefix={step.prefix}
              onClose={() => setStep(null)}
              onIssued={(made) => came(made, null)}
            />
          )}
          {step?.act === "revoke" && (
            <RevokeSheet
              line={page.keys.find(({ prefix }) => prefix === step.prefix) ?? null}
              prefix={step.prefix}
              onClose={() => setStep(null)}
              onRevoked={(made) => came(null, { made, page })}
            />
          )}
        </>
      )}
    </Frame>
  );
}
