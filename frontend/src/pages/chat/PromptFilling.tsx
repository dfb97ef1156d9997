import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useRef, useState } from "react";

import { filled, placesOf } from "../../chat/prompts";
import { useLanguage } from "../../i18n/context";

interface Properties {
  text: string;
  onInsert: (text: string) => void;
  onBack: () => void;
}

/** Asks for what goes into a prompt's places. */
export function PromptFilling({ text, onInsert, onBack }: Properties) {
  const { t } = useLanguage();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => form.current?.querySelector("textarea")?.focus(), []);
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        onInsert(filled(text, values));
      }}
    >
      <p className="muted">{t("prompts.fill")}</p>
      {placesOf(text).map((place) => (
        <div key={place}>
          <label className="usa-label" htmlFor={`${id}-${place}`} dir="auto">
            {place}
          </label>
          <textarea
            id={`${id}-${place}`}
            className="usa-textarea place"
            rows={2}
            value={values.get(place) ?? ""}
            onChange={(event) =>
              setValues(new Map(values).set(place, event.currentTarget.value))
            }
          />
        </div>
      ))}
      <div className="actions">
        <Button type="submit">{t("prompts.insert")}</Button>
        <Button type="button" outline onClick={onBack}>
          {t("prompts.back")}
        </Button>
      </div>
    </form>
  );
}
