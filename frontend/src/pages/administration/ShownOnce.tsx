import { Alert, AlertHeading, AlertText, Button } from "@trussworks/react-uswds";
import { useEffect, useId, useRef, useState } from "react";

import type { KeyIssued } from "../../api/schema";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";

interface Properties {
  issued: KeyIssued;
  zone: string;
  /** The reader has kept the key: it goes from the page, and from its memory. */
  onKept: () => void;
}

/** A new key, whole, with a way to copy it. It is in no address and in no storage of the browser. */
export function ShownOnce({ issued: { key, line, old }, zone, onKept }: Properties) {
  const { language, t } = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const heading = useId();
  const label = useId();
  const [copied, setCopied] = useState<"copied" | "notCopied" | null>(null);
  useEffect(() => {
    place.current?.focus();
  }, []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(key);
      setCopied("copied");
    } catch {
      field.current?.select();
      setCopied("notCopied");
    }
  };
  return (
    <div ref={place} tabIndex={-1} role="group" aria-labelledby={heading} className="outcome">
      <Alert type="warning">
        <AlertHeading level="h2" id={heading}>
          {t("keys.issued")}
        </AlertHeading>
        <AlertText>{t("keys.once")}</AlertText>
        <div className="field-group whole-key">
          <label htmlFor={label}>{t("keys.whole")}</label>
          <textarea
            ref={field}
            id={label}
            rows={2}
            readOnly
            autoComplete="off"
            spellCheck={false}
            translate="no"
            value={key}
            onFocus={(event) => event.currentTarget.select()}
          />
        </div>
        {old !== null && old.expires !== null && (
          <AlertText>
            {t("keys.oldUntil", {
              prefix: old.prefix,
              when: formatInstant(language, old.expires, zone),
            })}
          </AlertText>
        )}
        <div className="actions">
          <Button type="button" onClick={() => void copy()}>
            {t("keys.copy")}
          </Button>
          <Button type="button" outline onClick={onKept}>
            {t("keys.forget")}
          </Button>
          <span role="status">{copied !== null && t(`keys.${copied}`)}</span>
        </div>
        <p className="muted">
          {line.label} <code translate="no">{`co_${line.prefix}_…`}</code>
        </p>
      </Alert>
    </div>
  );
}
