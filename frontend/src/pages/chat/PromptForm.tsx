import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useRef, useState, type FormEvent } from "react";

import type { Prompt, PromptWording } from "../../api/schema";
import { LONGEST_NAME, LONGEST_TEXT } from "../../chat/prompts";
import { useLanguage } from "../../i18n/context";
import { Refused } from "./Refused";

interface Properties {
  /** The one that is changed; null for a new one. */
  prompt: Prompt | null;
  /** The party in which it may be shared; null where it may not. */
  party: string | null;
  onSave: (wording: PromptWording) => Promise<void>;
  onBack: () => void;
}

/** Asks for a prompt's words. */
export function PromptForm({ prompt, party, onSave, onBack }: Properties) {
  const { t } = useLanguage();
  const id = useId();
  const first = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(prompt?.name ?? "");
  const [text, setText] = useState(prompt?.text ?? "");
  const [shared, setShared] = useState((prompt?.shared_in ?? null) !== null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => first.current?.focus(), []);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    onSave({ name, text, shared }).catch((refused: unknown) => {
      setError(refused);
      setBusy(false);
    });
  };
  return (
    <form onSubmit={save}>
      <label className="usa-label" htmlFor={`${id}-name`}>
        {t("prompts.name")}
      </label>
      <input
        ref={first}
        id={`${id}-name`}
        className="usa-input"
        required
        maxLength={LONGEST_NAME}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <label className="usa-label" htmlFor={`${id}-text`}>
        {t("prompts.text")}
      </label>
      <textarea
        id={`${id}-text`}
        className="usa-textarea"
        rows={6}
        required
        maxLength={LONGEST_TEXT}
        aria-describedby={`${id}-places`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p id={`${id}-places`} className="muted">
        {t("prompts.places", { open: "{{", close: "}}" })}
      </p>
      {party !== null && (
        <div className="choice">
          <input
            type="checkbox"
            id={`${id}-shared`}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <label htmlFor={`${id}-shared`}>{t("prompts.share", { party })}</label>
        </div>
      )}
      <div role="alert">
        {error !== null && <Refused error={error} otherwise={t("prompts.failed.save")} />}
      </div>
      <div className="actions">
        <Button type="submit" disabled={busy}>
          {t("prompts.save")}
        </Button>
        <Button type="button" outline disabled={busy} onClick={onBack}>
          {t("prompts.back")}
        </Button>
      </div>
    </form>
  );
}
