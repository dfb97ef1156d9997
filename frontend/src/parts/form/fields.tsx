/** The fields that forms are made of: label, hint and what is wrong, tied to the control. */

import { useId, type ReactNode } from "react";

import { useLanguage } from "../../i18n/context";
import type { Option } from "../Choice";
import { Said } from "../Said";

interface Labelled {
  label: string;
  hint?: string | undefined;
  /** What is wrong with it, in a sentence. */
  wrong?: string | undefined;
  required?: boolean | undefined;
}

interface Tied {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "aria-required": true | undefined;
}

interface FieldProperties extends Labelled {
  children: (tied: Tied) => ReactNode;
}

/** A label with its control; `children` draws the control with what ties it to the label. */
export function Field({ label, hint, wrong, required = false, children }: FieldProperties) {
  const { t } = useLanguage();
  const id = useId();
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div className={wrong ? "field-group field-wrong" : "field-group"}>
      <label htmlFor={id}>
        {label}
        {required && <span className="muted"> {t("form.required")}</span>}
      </label>
      {hint && (
        <span id={`${id}-hint`} className="muted">
          {hint}
        </span>
      )}
      {wrong && (
        <span id={`${id}-wrong`} className="field-error">
          <Said>{wrong}</Said>
        </span>
      )}
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": wrong ? true : undefined,
        "aria-required": required ? true : undefined,
      })}
    </div>
  );
}

interface TextProperties extends Labelled {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "url" | "number" | "date" | "datetime-local" | "search";
  /** Values that the browser offers while one types. */
  offered?: readonly Option[];
}

/** One line of text. A date is `YYYY-MM-DD`, a local time `YYYY-MM-DDTHH:MM`. */
export function TextField({ value, onChange, type = "text", offered, ...labelled }: TextProperties) {
  const list = useId();
  return (
    <Field {...labelled}>
      {(tied) => (
        <>
          <input
            {...tied}
            type={type}
            autoComplete="off"
            list={offered === undefined ? undefined : list}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          {offered !== undefined && (
            <datalist id={list}>
              {offered.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.text}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

interface LongProperties extends Labelled {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
}

/** Several lines of text. */
export function LongField({ value, onChange, rows = 4, ...labelled }: LongProperties) {
  return (
    <Field {...labelled}>
      {(tied) => (
        <textarea
          {...tied}
          rows={rows}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface SelectProperties extends Labelled {
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
  /** What stands for no choice; without it there is always one. */
  none?: string;
}

/** One of several, chosen from a list. */
export function SelectField({ value, options, onChange, none, ...labelled }: SelectProperties) {
  return (
    <Field {...labelled}>
      {(tied) => (
        <select {...tied} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {none !== undefined && <option value="">{none}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ManyProperties {
  legend: string;
  hint?: string;
  wrong?: string | undefined;
  options: readonly Option[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Any of several, each with a tick; what is chosen keeps the order of the options. */
export function ManyField({ legend, hint, wrong, options, chosen, onChange }: ManyProperties) {
  const id = useId();
  const toggle = (value: string) =>
    onChange(
      options.map((one) => one.value).filter((one) => chosen.includes(one) !== (one === value)),
    );
  return (
    <fieldset className="many-field" aria-describedby={hint && `${id}-hint`}>
      <legend>{legend}</legend>
      {hint && (
        <p id={`${id}-hint`} className="muted">
          {hint}
        </p>
      )}
      {wrong && (
        <p className="field-error">
          <Said>{wrong}</Said>
        </p>
      )}
      {options.map((option, index) => (
        <div key={option.value} className="tick">
          <input
            id={`${id}-${index}`}
            type="checkbox"
            checked={chosen.includes(option.value)}
            onChange={() => toggle(option.value)}
          />
          <label htmlFor={`${id}-${index}`}>{option.text}</label>
        </div>
      ))}
    </fieldset>
  );
}

interface TickProperties {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** Yes or no. */
export function TickField({ label, checked, onChange }: TickProperties) {
  const id = useId();
  return (
    <div className="tick">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}

interface FileProperties extends Labelled {
  accept?: string;
  multiple?: boolean;
  onFiles: (files: readonly File[]) => void;
}

/** Files from the person's machine, in the browser's own control. */
export function FileField({ accept, multiple = false, onFiles, ...labelled }: FileProperties) {
  return (
    <Field {...labelled}>
      {(tied) => (
        <input
          {...tied}
          type="file"
          accept={accept}
          multiple={multiple}
          // The same file, mended, may be chosen again.
          onClick={(event) => {
            event.currentTarget.value = "";
          }}
          onChange={(event) => onFiles([...(event.currentTarget.files ?? [])])}
        />
      )}
    </Field>
  );
}
