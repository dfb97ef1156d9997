import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useRef, useState } from "react";

import type { Prompt } from "../../api/schema";
import { sought } from "../../chat/prompts";
import { useLanguage } from "../../i18n/context";

interface Properties {
  prompts: readonly Prompt[];
  loading: boolean;
  /** Whether the field takes the focus; not while a removal can be undone. */
  refocused: boolean;
  onChoose: (prompt: Prompt) => void;
  onEdit: (prompt: Prompt) => void;
  onRemove: (prompt: Prompt) => void;
}

/** Prompts by name. Typing narrows them down; Enter takes the first. */
export function PromptList(properties: Properties) {
  const { prompts, loading, refocused, onChoose, onEdit, onRemove } = properties;
  const { language, t } = useLanguage();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const [query, setQuery] = useState("");
  useEffect(() => {
    if (refocused) {
      field.current?.focus();
    }
  }, [refocused]);
  const found = sought(prompts, query, language);
  return (
    <>
      <label className="usa-label" htmlFor={id}>
        {t("prompts.find")}
      </label>
      <input
        ref={field}
        id={id}
        type="search"
        className="usa-input"
        autoComplete="off"
        value={query}
        aria-describedby={`${id}-count`}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key === "Enter" && first !== undefined) {
            event.preventDefault();
            onChoose(first);
          }
        }}
      />
      <p id={`${id}-count`} role="status" className="muted">
        {loading
          ? t("prompts.loading")
          : prompts.length === 0
            ? t("prompts.none")
            : t("prompts.count", { count: found.length })}
      </p>
      <ul className="prompts">
        {found.map((prompt) => (
          <li key={prompt.id}>
            <Button type="button" unstyled className="prompt" onClick={() => onChoose(prompt)}>
              <strong dir="auto">{prompt.name}</strong>{" "}
              <span className="prompt-text" dir="auto">
                {prompt.text}
              </span>
            </Button>
            <p className="muted">
              {prompt.shared_in !== null && t("prompts.sharedIn", { party: prompt.shared_in[language] })}{" "}
              {prompt.may_change && (
                <>
                  <Button
                    type="button"
                    unstyled
                    className="quiet"
                    aria-label={t("prompts.editNamed", { name: prompt.name })}
                    onClick={() => onEdit(prompt)}
                  >
                    {t("prompts.edit")}
                  </Button>{" "}
                  <Button
                    type="button"
                    unstyled
                    className="quiet"
                    aria-label={t("prompts.removeNamed", { name: prompt.name })}
                    onClick={() => onRemove(prompt)}
                  >
                    {t("prompts.remove")}
                  </Button>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
