/** The fields of a form, each bound to its path. */

import { useLanguage } from "../../../i18n/context";
import type { Key } from "../../../i18n/translate";
import type { Option } from "../../../parts/Choice";
import { LongField, SelectField, TextField, TickField } from "../../../parts/form/fields";
import { PickField } from "../../../parts/form/PickField";
import { localTime, type Path } from "./form";
import { useNames, useText, useTick, useWriting } from "./writing";

interface At {
  path: Path;
  label: Key;
  hint?: Key;
  required?: boolean;
}

function useWords({ label, hint, required = false }: At) {
  const { t } = useLanguage();
  return { label: t(label), hint: hint && t(hint), required };
}

export function TextAt(at: At & { optional?: boolean }) {
  return <TextField {...useWords(at)} {...useText(at.path, at.optional)} />;
}

export function LongAt(at: At & { optional?: boolean; rows?: number }) {
  const { rows = 4 } = at;
  return <LongField {...useWords(at)} {...useText(at.path, at.optional)} rows={rows} />;
}

export function SelectAt(at: At & { options: readonly Option[]; none?: Key }) {
  const { t } = useLanguage();
  const { options, none } = at;
  const field = useText(at.path, true);
  const missing = field.value !== "" && options.every(({ value }) => value !== field.value);
  const shown = missing ? [{ value: field.value, text: field.value }, ...options] : options;
  return (
    <SelectField
      {...useWords(at)}
      {...field}
      options={shown}
      {...(none === undefined && field.value !== "" ? {} : { none: t(none ?? "drafts.choose") })}
    />
  );
}

export function PickAt(at: At & { options: readonly Option[]; open?: boolean }) {
  const { label, hint } = useWords(at);
  const { options, open = false } = at;
  return (
    <PickField
      legend={label}
      {...(hint === undefined ? {} : { hint })}
      {...useNames(at.path)}
      options={options}
      open={open}
    />
  );
}

export function TickAt(at: At) {
  return <TickField label={useWords(at).label} {...useTick(at.path)} />;
}

/** An instant, local to the directory's zone; none where the field is empty. */
export function InstantAt(at: At) {
  const { t } = useLanguage();
  const { choices } = useWriting();
  const { label, required } = useWords(at);
  const { value, onChange, wrong } = useText(at.path, true);
  return (
    <TextField
      label={label}
      hint={t("drafts.zone", { zone: choices.zone })}
      required={required}
      type="datetime-local"
      value={localTime(value)}
      onChange={onChange}
      wrong={wrong}
    />
  );
}
