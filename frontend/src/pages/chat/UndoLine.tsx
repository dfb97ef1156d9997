import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useRef, useState } from "react";

import { useLanguage } from "../../i18n/context";

interface Properties {
  /** What was done. */
  words: string;
  /** Whether what had the focus is gone: then this takes it, and is read out. */
  focused?: boolean;
  /** Undoes it; who gave it takes the line away once that is done. */
  onUndo: () => Promise<void>;
  onClose: () => void;
}

/** What was just done, and a way to undo it. */
export function UndoLine({ words, focused = false, onUndo, onClose }: Properties) {
  const { t } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const said = useId();
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focused) {
      line.current?.querySelector("button")?.focus();
    }
  }, [focused, words]);
  const undo = () => {
    setBusy(true);
    setFailed(false);
    onUndo()
      .catch(() => setFailed(true))
      .finally(() => setBusy(false));
  };
  return (
    <div ref={line} className="undo-line">
      <span id={said}>{words}</span>{" "}
      <Button type="button" unstyled aria-describedby={said} disabled={busy} onClick={undo}>
        {t("undo.button")}
      </Button>{" "}
      <Button
        type="button"
        unstyled
        className="quiet"
        aria-label={t("undo.close")}
        onClick={onClose}
      >
        <span aria-hidden="true">×</span>
      </Button>
      {failed && (
        <p role="alert" className="field-error">
          {t("undo.failed")}
        </p>
      )}
    </div>
  );
}
