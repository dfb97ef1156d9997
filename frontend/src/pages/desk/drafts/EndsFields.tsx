import { useId } from "react";

import { useLanguage } from "../../../i18n/context";
import type { Key } from "../../../i18n/translate";
import { SelectField, TextField, TickField } from "../../../parts/form/fields";
import { endsAt, endsValue, localTime, UNITS, valueAt, wrongAt, type Ends, type Path } from "./form";
import { useWriting } from "./writing";
import { Said } from "../../../parts/Said";

interface Properties {
  path: Path;
  legend: Key;
  /** What it means that there is no end. */
  never: Key;
}

const KINDS = ["never", "instant", "period"] as const;
const AFTER = ["signed", "published", "effective"] as const;
const BEGUN: Record<Ends["kind"], Ends> = {
  never: { kind: "never" },
  instant: { kind: "instant", at: "" },
  period: { kind: "period", count: "6", unit: "months", after: "effective", rolls: false },
};

/** When something ends: not by itself, at an instant, or so long after another. */
export function EndsFields({ path, legend, never }: Properties) {
  const { t } = useLanguage();
  const { form, problems, put } = useWriting();
  const id = useId();
  const ends = endsAt(valueAt(form, path));
  const write = (changed: Ends) => put(path, endsValue(changed));
  const words = { never: t(never), instant: t("drafts.atInstant"), period: t("drafts.counted") };
  const wrong = wrongAt(problems, path, true);
  return (
    <fieldset className="many-field">
      <legend>{t(legend)}</legend>
      {wrong && (
        <p className="field-error">
          <Said>{wrong}</Said>
        </p>
      )}
      {KINDS.map((kind) => (
        <div key={kind} className="tick">
          <input
            id={`${id}-${kind}`}
            name={id}
            type="radio"
            checked={ends.kind === kind}
            onChange={() => write(BEGUN[kind])}
          />
          <label htmlFor={`${id}-${kind}`}>{words[kind]}</label>
        </div>
      ))}
      {ends.kind === "instant" && (
        <TextField
          label={t(legend)}
          type="datetime-local"
          value={localTime(ends.at)}
          onChange={(at) => write({ kind: "instant", at })}
        />
      )}
      {ends.kind === "period" && <Counted ends={ends} write={write} />}
    </fieldset>
  );
}

interface CountedProperties {
  ends: Extract<Ends, { kind: "period" }>;
  write: (ends: Ends) => void;
}

function Counted({ ends, write }: CountedProperties) {
  const { t } = useLanguage();
  const unit = (given: string) => UNITS.find((one) => one === given) ?? "months";
  const rolls = ends.unit === "months" || ends.unit === "days";
  return (
    <div className="form-row">
      <TextField
        label={t("drafts.count")}
        type="number"
        value={ends.count}
        onChange={(count) => write({ ...ends, count })}
      />
      <SelectField
        label={t("drafts.unit")}
        value={ends.unit}
        options={UNITS.map((one) => ({ value: one, text: t(`drafts.unit.${one}`) }))}
        onChange={(given) => write({ ...ends, unit: unit(given), rolls: false })}
      />
      <SelectField
        label={t("drafts.after")}
        value={ends.after}
        options={AFTER.map((one) => ({ value: one, text: t(`drafts.after.${one}`) }))}
        onChange={(after) => write({ ...ends, after })}
      />
      {rolls && (
        <TickField
          label={t("drafts.rolls")}
          checked={ends.rolls}
          onChange={(checked) => write({ ...ends, rolls: checked })}
        />
      )}
    </div>
  );
}
