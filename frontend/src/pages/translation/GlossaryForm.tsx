import { Button } from "@trussworks/react-uswds";
import { useId, useRef, useState, type FormEvent } from "react";

import { base64 } from "../../api/base64";
import { MOST_BYTES, proposeGlossary } from "../../api/glossaries";
import type { ProposedGlossary } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { useSession } from "../../session/context";
import { Refused } from "../chat/Refused";

/** Takes a glossary's file, or tells everything that is wrong with it. */
export function GlossaryForm({ onTaken }: { onTaken: () => void }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<ProposedGlossary | null>(null);
  const [error, setError] = useState<{ words: string } | { refused: unknown } | null>(null);

  const propose = async (chosen: File) => {
    const proposed = await proposeGlossary(client, name, await base64(chosen));
    setTold(proposed);
    // A file that was changed on the device must be chosen again to be read again.
    setFile(null);
    if (proposed.line !== null) {
      setName("");
      onTaken();
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTold(null);
    setError(null);
    if (file === null || name.trim() === "") {
      setError({ words: t("glossaries.noFile") });
      return;
    }
    if (file.size > MOST_BYTES) {
      setError({ words: t("glossaries.tooGreat", { name: file.name }) });
      return;
    }
    setBusy(true);
    propose(file)
      .catch((refused: unknown) => setError({ refused }))
      .finally(() => setBusy(false));
  };
  return (
    <form className="begin-translation" onSubmit={submit}>
      <div className="field-group segment-view">
        <label htmlFor={`${id}-name`}>{t("glossaries.name")}</label>
        <input
          id={`${id}-name`}
          maxLength={80}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </div>
      <p className="muted">{t("glossaries.fileMeans")}</p>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        aria-label={t("glossaries.file")}
        onChange={(event) => {
          setFile(event.currentTarget.files?.[0] ?? null);
          event.currentTarget.value = "";
        }}
      />
      <Button type="button" outline onClick={() => input.current?.click()}>
        {t("glossaries.chooseFile")}
      </Button>{" "}
      {file !== null && <strong dir="auto">{file.name}</strong>}
      <div role="alert">
        {error !== null &&
          ("words" in error ? (
            <p className="field-error">{error.words}</p>
          ) : (
            <Refused error={error.refused} otherwise={t("glossaries.failed")} />
          ))}
        {told !== null && told.faults.length > 0 && (
          <>
            <p className="field-error">{t("glossaries.faults", { count: told.faults.length })}</p>
            <ul>
              {told.faults.map(({ row, words }) => (
                <li key={`${row} ${words.en}`}>
                  {row === 0
                    ? words[language]
                    : t("glossaries.row", { row, words: words[language] })}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <p role="status">
        {told?.line !== null &&
          told?.line !== undefined &&
          t("glossaries.taken", {
            name: told.line.glossary.name,
            count: told.line.glossary.terms.length,
          })}
      </p>
      <div className="actions">
        <Button type="submit" disabled={busy}>
          {t("glossaries.take")}
        </Button>
      </div>
    </form>
  );
}
