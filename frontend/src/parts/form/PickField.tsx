import { Button } from "@trussworks/react-uswds";
import { useId, useRef, useState, type KeyboardEvent } from "react";

import { useLanguage } from "../../i18n/context";
import type { Option } from "../Choice";
import { ManyField } from "./fields";

interface Properties {
  legend: string;
  hint?: string;
  wrong?: string | undefined;
  options: readonly Option[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Whether what is not among the options may be written too. */
  open?: boolean;
}

/** So few that each has its own tick. */
const FEW = 8;

/**
 * Any of many: ticks where there are few, else a field that offers what fits while one types,
 * and what is chosen as a list with a button each to take it away.
 */
export function PickField(properties: Properties) {
  const { options, chosen, open = false } = properties;
  const known = chosen.every((one) => options.some(({ value }) => value === one));
  return options.length <= FEW && known && !open && options.length > 0 ? (
    <ManyField {...properties} />
  ) : (
    <Typed {...properties} />
  );
}

function Typed({ legend, hint, wrong, options, chosen, onChange, open = false }: Properties) {
  const { t } = useLanguage();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [unknown, setUnknown] = useState<string | null>(null);
  const nameOf = (value: string) => options.find((one) => one.value === value)?.text.trim() ?? value;
  const add = () => {
    const said = text.trim();
    const found = options.find(({ value, text: name }) => same(value, said) || same(name.trim(), said));
    const value = found?.value ?? (open && said !== "" ? said : null);
    setUnknown(value === null && said !== "" ? said : null);
    if (value !== null) {
      onChange(chosen.includes(value) ? [...chosen] : [...chosen, value]);
      setText("");
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    }
  };
  const remove = (value: string) => {
    onChange(chosen.filter((one) => one !== value));
    field.current?.focus();
  };
  const told = wrong ?? (unknown === null ? undefined : t("form.noSuch", { name: unknown }));
  return (
    <fieldset className="many-field" aria-describedby={hint && `${id}-hint`}>
      <legend>{legend}</legend>
      {hint && (
        <p id={`${id}-hint`} className="muted">
          {hint}
        </p>
      )}
      {told && (
        <p id={`${id}-wrong`} className="field-error">
          {told}
        </p>
      )}
      {chosen.length > 0 && (
        <ul className="picked">
          {chosen.map((value) => (
            <li key={value}>
              <span>{nameOf(value)}</span>
              <Button type="button" unstyled onClick={() => remove(value)}>
                {t("form.remove")}
                <span className="usa-sr-only"> {nameOf(value)}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="pick">
        <input
          ref={field}
          type="text"
          list={`${id}-list`}
          autoComplete="off"
          aria-label={t("form.pick", { what: legend })}
          aria-describedby={told && `${id}-wrong`}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <datalist id={`${id}-list`}>
          {options
            .filter(({ value }) => !chosen.includes(value))
            .map(({ value, text: name }) => (
              <option key={value} value={name} />
            ))}
        </datalist>
        <Button type="button" outline onClick={add}>
          {t("form.add")}
          <span className="usa-sr-only"> {t("form.pick", { what: legend })}</span>
        </Button>
      </div>
    </fieldset>
  );
}

function same(one: string, other: string): boolean {
  return one.localeCompare(other, undefined, { sensitivity: "base" }) === 0;
}
