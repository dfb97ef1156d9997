import { Button } from "@trussworks/react-uswds";
import { useEffect, useRef } from "react";

import type { Act, Prepared, Preview } from "../../api/desk";
import { useLanguage } from "../../i18n/context";
import { Section } from "../../parts/Section";
import { ConfirmingStep } from "./ConfirmingStep";
import { consequences } from "./consequences";
import { fingerprint, type Speaker } from "./changes";
import { actsFor, type Officer } from "./standing";
import type { Acting } from "./useActing";

interface Properties {
  prepared: Prepared;
  officer: Officer;
  atOnce: boolean;
  now: string;
  preview: Preview | null;
  acting: Acting;
  speaker: Speaker;
}

/** What this officer may do, each after a step that says what will happen. */
export function Acts(properties: Properties) {
  const { prepared, officer, preview, acting, speaker } = properties;
  const { t } = useLanguage();
  const { step, pending } = acting;
  const acts = actsFor(prepared, officer);
  const place = useFocusReturned(acting);
  return (
    <Section heading={t("act.heading")}>
      {prepared.state === "entered" && !acts.includes("confirm") && <p>{t("act.ownEntry")}</p>}
      {step !== null && (acts.includes(step) || pending) ? (
        <ConfirmingStep
          kind={step}
          acting={acting}
          lines={consequences(speaker, step, properties)}
        />
      ) : (
        <p className="buttons" ref={place}>
          {acts.map((kind) => (
            <Button
              key={kind}
              type="button"
              data-act={kind}
              outline={kind === "withdraw"}
              disabled={preview === null && kind !== "withdraw"}
              onClick={() => acting.open(kind, preview === null ? "" : fingerprint(preview))}
            >
              {t(`act.${kind}`)}
            </Button>
          ))}
        </p>
      )}
      {preview === null && acts.some((kind) => kind !== "withdraw") && (
        <p className="muted">{t("act.awaitPreview")}</p>
      )}
    </Section>
  );
}

/** Whoever leaves a step without an act is back on the button that opened it. */
function useFocusReturned({ step, outcome }: Acting) {
  const place = useRef<HTMLParagraphElement>(null);
  const before = useRef<Act | null>(null);
  useEffect(() => {
    if (step === null && before.current !== null && outcome === null) {
      place.current?.querySelector<HTMLElement>(`[data-act="${before.current}"]`)?.focus();
    }
    before.current = step;
  }, [step, outcome]);
  return place;
}
