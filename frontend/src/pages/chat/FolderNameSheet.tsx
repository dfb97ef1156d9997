import { Button } from "@trussworks/react-uswds";
import { useId, useState, type FormEvent } from "react";

import { LONGEST_FOLDER } from "../../chat/folders";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { Refused } from "./Refused";

interface Properties {
  /** The present name; "" for a new folder. */
  name: string;
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for a folder's name. */
export function FolderNameSheet({ name, onSave, onClose }: Properties) {
  const { t } = useLanguage();
  const field = useId();
  const [text, setText] = useState(name);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    onSave(text).catch((refused: unknown) => {
      setError(refused);
      setBusy(false);
    });
  };
  return (
    <Sheet
      heading={t(name === "" ? "folders.new" : "folders.rename")}
      busy={busy}
      onClose={onClose}
    >
      <form className="usa-form" onSubmit={save}>
        <label className="usa-label" htmlFor={field}>{t("folders.name")}</label>
        <input
          id={field}
          className="usa-input"
          required
          maxLength={LONGEST_FOLDER}
          autoComplete="off"
          value={text}
          aria-invalid={error !== null}
          aria-describedby={`${field}-error`}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div id={`${field}-error`} role="alert">
          {error !== null && <Refused error={error} otherwise={t("folders.failed")} />}
        </div>
        <div className="actions">
          <Button type="submit" disabled={busy}>
            {t("folders.save")}
          </Button>
          <Button type="button" outline disabled={busy} onClick={onClose}>
            {t("folders.cancel")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
