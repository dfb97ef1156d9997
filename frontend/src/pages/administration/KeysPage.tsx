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

/** What came of it, and the page as it was then. */
type Came = { page: Told } & ({ issued: KeyIssued } | { revoked: KeyRevoked });

/** The services' keys. A new one stands on the page until its reader says that it is kept. */
export function KeysPage() {
  const { t } = useLanguage();
  const asked = usePage(fetchKeys, POLL_MS);
  const [step, setStep] = useState<KeyStep | null>(null);
  const [came, setCame] = useState<Came | null>(null);
  const done = (given: Came) => {
    setStep(null);
    setCame(given);
    asked.again();
  };
  return (
    <Frame
      heading="keys.heading"
      loading="keys.loading"
      asked={asked}
      outcome={came !== null && <WhatCame came={came} onKept={() => setCame(null)} />}
    >
      {(page) => (
        <>
          <p>{t("keys.intro")}</p>
          <KeyList page={page} onStep={setStep} />
          <NewKeyForm page={page} onIssued={(issued) => done({ page, issued })} />
          {step?.act === "rotate" && (
            <RotateSheet
              prefix={step.prefix}
              onClose={() => setStep(null)}
              onIssued={(issued) => done({ page, issued })}
            />
          )}
          {step?.act === "revoke" && (
            <RevokeSheet
              line={page.keys.find(({ prefix }) => prefix === step.prefix) ?? null}
              prefix={step.prefix}
              onClose={() => setStep(null)}
              onRevoked={(revoked) => done({ page, revoked })}
            />
          )}
        </>
      )}
    </Frame>
  );
}

function WhatCame({ came, onKept }: { came: Came; onKept: () => void }) {
  const { t } = useLanguage();
  if ("issued" in came) {
    const { issued, page } = came;
    return (
      <ShownOnce key={issued.line.prefix} issued={issued} zone={page.zone} onKept={onKept} />
    );
  }
  const { revoked, page } = came;
  return (
    <Outcome
      key={revoked.line.prefix}
      heading={t("keys.revokedDone", { prefix: revoked.line.prefix })}
      enforcement={revoked.enforcement}
      clock={page}
    />
  );
}
