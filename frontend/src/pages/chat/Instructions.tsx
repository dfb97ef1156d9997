import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useState, type FormEvent } from "react";

import { refusedWith } from "../../api/asking";
import { changeInstructions, fetchInstructions } from "../../api/chat";
import { useLanguage } from "../../i18n/context";
import { Said } from "../../parts/Said";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";

/** As long as the server takes them. */
const LONGEST = 4_000;

interface Properties {
  service: string;
  onClose: () => void;
  onSaved: () => void;
}

type Fault = "read" | "save" | null;

/** What a person tells the assistant once, for every conversation. */
export function InstructionsSheet({ service, onClose, onSaved }: Properties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [text, setText] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [fault, setFault] = useState<Fault>(null);
  const [said, setSaid] = useState<string | null>(null);
  const field = useId();
  useEffect(() => {
    const gone = new AbortController();
    fetchInstructions(client, gone.signal).then(
      (told) => setText(told.text),
      () => {
        if (!gone.signal.aborted) {
          setFault("read");
        }
      },
    );
    return () => gone.abort();
  }, [client]);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (text === null) {
      return;
    }
    setSaving(true);
    setFault(null);
    changeInstructions(client, text)
      .then(onSaved)
      .catch((error: unknown) => {
        setSaid(refusedWith(error)?.detail?.what ?? null);
        setFault("save");
      })
      .finally(() => setSaving(false));
  };
  const left = LONGEST - (text ?? "").length;
  return (
    <Sheet heading={t("instructions.heading")} onClose={onClose} busy={saving}>
      <form onSubmit={save}>
        <p id={`${field}-means`}>{t("instructions.means", { service })}</p>
        <label htmlFor={field}>{t("instructions.label", { service })}</label>
        <textarea
          id={field}
          className="usa-textarea instructions"
          rows={8}
          maxLength={LONGEST}
          value={text ?? ""}
          disabled={text === null}
          aria-describedby={`${field}-means ${field}-left`}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <p id={`${field}-left`} className="muted">
          {text === null && fault === null
            ? t("instructions.loading")
            : t("instructions.left", { left })}
        </p>
        <div role="alert">
          {fault !== null && (
            <p className="field-error">
              {t(`instructions.failed.${fault}`)} {said !== null && <Said>{said}</Said>}
            </p>
          )}
        </div>
        <div className="actions">
          <Button type="submit" disabled={text === null || saving}>
            {t("instructions.save")}
          </Button>
          <Button type="button" outline onClick={onClose} disabled={saving}>
            {t("instructions.cancel")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
