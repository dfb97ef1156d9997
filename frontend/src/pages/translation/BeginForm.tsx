import { Button } from "@trussworks/react-uswds";
import { useId, useRef, useState, type FormEvent } from "react";

import { base64 } from "../../api/base64";
import type { BeginTranslation, TranslationLanguage } from "../../api/schema";
import { beginTranslation, MOST_BYTES } from "../../api/translations";
import { useLanguage } from "../../i18n/context";
import { go, translationPath } from "../../route";
import { useSession } from "../../session/context";
import { Refused } from "../chat/Refused";
import { useKeptText } from "./useKeptText";

const REGISTERS = ["", "formal", "informal"] as const;
type Register = (typeof REGISTERS)[number];

interface Properties {
  person: string;
  languages: readonly TranslationLanguage[];
}

/** Asks what is to be translated, and begins. */
export function BeginForm({ person, languages }: Properties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const id = useId();
  const [text, setText] = useKeptText(`${person}.translation`);
  const [file, setFile] = useState<File | null>(null);
  const [source, setSource] = useState("");
  const [target, setTarget] = useState("");
  const [register, setRegister] = useState<Register>("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<{ words: string } | { refused: unknown } | null>(null);

  const begin = async () => {
    const wanted: BeginTranslation = { source, target, register, text: "", name: "", content: "" };
    if (file !== null && file.size > MOST_BYTES) {
      setError({ words: t("translations.tooGreat", { name: file.name }) });
      return;
    }
    let content: string | null = null;
    try {
      content = file === null ? null : await base64(file);
    } catch {
      setError({ words: t("translations.unreadable", { name: file?.name ?? "" }) });
      return;
    }
    const begun = await beginTranslation(
      client,
      file === null || content === null ? { ...wanted, text } : { ...wanted, name: file.name, content },
    );
    setText("");
    go(translationPath(begun.line.id));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    if (file === null && text.trim() === "") {
      setError({ words: t("translations.nothing") });
      return;
    }
    setBusy(true);
    begin()
      .catch((refused: unknown) => setError({ refused }))
      .finally(() => setBusy(false));
  };
  return (
    <form className="begin-translation" onSubmit={submit}>
      <div className="filters">
        <LanguageField
          label={t("translations.from")}
          none={t("translations.detect")}
          languages={languages}
          value={source}
          onChange={setSource}
        />
        <LanguageField
          label={t("translations.into")}
          none={t("translations.choose")}
          languages={languages}
          value={target}
          required
          onChange={setTarget}
        />
        <div className="field-group">
          <label htmlFor={`${id}-register`}>{t("translations.register")}</label>
          <select
            id={`${id}-register`}
            value={register}
            onChange={(event) =>
              setRegister(REGISTERS.find((one) => one === event.currentTarget.value) ?? "")
            }
          >
            {REGISTERS.map((one) => (
              <option key={one} value={one}>
                {t(`translations.register.${one}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <label className="usa-label" htmlFor={`${id}-text`}>
        {t("translations.text")}
      </label>
      <textarea
        id={`${id}-text`}
        className="usa-textarea"
        rows={6}
        dir="auto"
        aria-describedby={`${id}-means`}
        disabled={file !== null}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p id={`${id}-means`} className="muted">
        {t("translations.textMeans")}
      </p>
      <FileField file={file} onChange={setFile} />
      <div role="alert">
        {error !== null &&
          ("words" in error ? (
            <p className="field-error">{error.words}</p>
          ) : (
            <Refused error={error.refused} otherwise={t("translations.failed")} />
          ))}
      </div>
      <div className="actions">
        <Button type="submit" disabled={busy}>
          {t(busy ? "translations.beginning" : "translations.begin")}
        </Button>
      </div>
    </form>
  );
}

interface LanguageFieldProperties {
  label: string;
  none: string;
  languages: readonly TranslationLanguage[];
  value: string;
  required?: boolean;
  onChange: (code: string) => void;
}

function LanguageField(properties: LanguageFieldProperties) {
  const { label, none, languages, value, required = false, onChange } = properties;
  const { language } = useLanguage();
  const id = useId();
  const named = languages
    .map(({ code, name }) => ({ code, name: name[language] }))
    .sort((one, other) => one.name.localeCompare(other.name, language));
  return (
    <div className="field-group">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        required={required}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{none}</option>
        {named.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function FileField({ file, onChange }: { file: File | null; onChange: (file: File | null) => void }) {
  const { t } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div
      className="dropping"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onChange(event.dataTransfer.files[0] ?? null);
      }}
    >
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t("translations.file")}
        onChange={(event) => {
          onChange(event.currentTarget.files?.[0] ?? null);
          event.currentTarget.value = "";
        }}
      />
      <Button type="button" outline onClick={() => input.current?.click()}>
        {t("translations.chooseFile")}
      </Button>{" "}
      {file !== null && (
        <>
          <strong dir="auto">{file.name}</strong>{" "}
          <Button
            type="button"
            unstyled
            aria-label={t("translations.leaveFile", { name: file.name })}
            onClick={() => onChange(null)}
          >
            <span aria-hidden="true">×</span>
          </Button>
        </>
      )}
    </div>
  );
}
