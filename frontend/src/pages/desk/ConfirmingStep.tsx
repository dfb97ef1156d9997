import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useRef } from "react";

import type { Act } from "../../api/desk";
import { useLanguage } from "../../i18n/context";
import { WaitingReplicas } from "../../parts/WaitingReplicas";
import type { Acting } from "./useActing";

interface Properties {
  kind: Act;
  acting: Acting;
  /** What will happen, a sentence each. */
  lines: string[];
}

const PENDING = {
  enter: "act.entering",
  confirm: "act.confirming",
  withdraw: "act.withdrawing",
} as const;

/**
 * The last step before an act. It stands in the page where its button stood and takes the focus,
 * so that it needs no dialogue and no trap; Escape leaves it.
 */
export function ConfirmingStep({ kind, acting: { pending, go, close }, lines }: Properties) {
  const { t } = useLanguage();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div
      role="group"
      aria-labelledby={id}
      className="confirming"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !pending) {
          close();
        }
      }}
    >
      <h3 id={id} ref={heading} tabIndex={-1}>
        {t(`act.${kind}Heading`)}
      </h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="buttons">
        <Button type="button" aria-disabled={pending} onClick={go}>
          {t(`act.${kind}Yes`)}
        </Button>
        <Button type="button" outline aria-disabled={pending} onClick={() => pending || close()}>
          {t("act.cancel")}
        </Button>
      </p>
      <p role="status">{pending && t(PENDING[kind])}</p>
      {pending && kind === "confirm" && <WaitingReplicas />}
    </div>
  );
}
