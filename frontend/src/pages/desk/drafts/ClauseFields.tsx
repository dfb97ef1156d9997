import { Button } from "@trussworks/react-uswds";
import { useId } from "react";

import { useLanguage } from "../../../i18n/context";
import { Field } from "../../../parts/form/fields";
import {
  freshName,
  isFields,
  readingPath,
  readingsOf,
  textAt,
  valueAt,
  withReadings,
  wrongAt,
  type Path,
} from "./form";
import { LongAt } from "./parts";
import { ReadingFields, SignedField } from "./ReadingFields";
import { useWriting } from "./writing";
import { Said } from "../../../parts/Said";

/** The clauses of an instrument, by their ids. */
export function Clauses() {
  const { t } = useLanguage();
  const { form, put, problems } = useWriting();
  const clauses = isFields(form.clauses) ? Object.keys(form.clauses) : [];
  const wrong = wrongAt(problems, ["clauses"]);
  const add = () =>
    put(["clauses", freshName(clauses)], {
      words: "",
      chosen_by: "",
      modality: "prohibit",
      targets: [{}],
      scope: {},
    });
  return (
    <>
      {wrong && (
        <p className="field-error">
          <Said>{wrong}</Said>
        </p>
      )}
      {clauses.map((id) => (
        <fieldset key={id} className="clause-fields">
          <legend>{t("drafts.clause", { id })}</legend>
          <Clause path={["clauses", id]} />
          {clauses.length > 1 && (
            <Button type="button" unstyled onClick={() => put(["clauses", id], undefined)}>
              {t("drafts.removeClause", { id })}
            </Button>
          )}
        </fieldset>
      ))}
      <p>
        <Button type="button" outline onClick={add}>
          {t("drafts.addClause")}
        </Button>
      </p>
    </>
  );
}

/** A clause: its words, and the readings that they bear with the one that is chosen. */
export function Clause({ path }: { path: Path }) {
  const { t } = useLanguage();
  const { form, put, problems } = useWriting();
  const clause = valueAt(form, path);
  const readings = readingsOf(clause);
  const ids = Object.keys(readings);
  const wrong = wrongAt(problems, path);
  const chosen = textAt(clause, ["chosen"]);
  const add = () => {
    const [first] = Object.values(readings);
    put(path, withReadings(clause, { ...readings, [freshName(ids)]: { ...first } }, chosen));
  };
  const remove = (id: string) => {
    const left = Object.fromEntries(Object.entries(readings).filter(([one]) => one !== id));
    put(path, withReadings(clause, left, chosen));
  };
  return (
    <div className="desk-form">
      {wrong && (
        <p className="field-error">
          <Said>{wrong}</Said>
        </p>
      )}
      <LongAt path={[...path, "words"]} label="drafts.words" hint="drafts.wordsHint" required />
      {ids.length > 1 && <Chosen path={path} ids={ids} />}
      {ids.map((id) =>
        ids.length === 1 ? (
          <ReadingFields key={id} path={readingPath(path, form, id)} />
        ) : (
          <fieldset key={id} className="set-in">
            <legend>{t("drafts.reading", { id })}</legend>
            <ReadingFields path={readingPath(path, form, id)} />
            <Button type="button" unstyled onClick={() => remove(id)}>
              {t("drafts.removeReading", { id })}
            </Button>
          </fieldset>
        ),
      )}
      <Button type="button" unstyled onClick={add}>
        {t("drafts.addReading")}
      </Button>
      <ChosenBy path={path} />
      <SignedField path={path} />
    </div>
  );
}

function Chosen({ path, ids }: { path: Path; ids: readonly string[] }) {
  const { t } = useLanguage();
  const { form, put } = useWriting();
  const id = useId();
  const chosen = textAt(form, [...path, "chosen"]);
  return (
    <fieldset className="many-field">
      <legend>{t("drafts.chosen")}</legend>
      {ids.map((one) => (
        <div key={one} className="tick">
          <input
            id={`${id}-${one}`}
            name={id}
            type="radio"
            checked={chosen === one}
            onChange={() => put([...path, "chosen"], one)}
          />
          <label htmlFor={`${id}-${one}`}>{one}</label>
        </div>
      ))}
    </fieldset>
  );
}

function ChosenBy({ path }: { path: Path }) {
  const { t } = useLanguage();
  const { form, put, problems } = useWriting();
  const place = [...path, "chosen_by"];
  return (
    <Field label={t("drafts.chosenBy")} wrong={wrongAt(problems, place)}>
      {(tied) => (
        <input
          {...tied}
          type="text"
          autoComplete="off"
          value={textAt(form, place)}
          onChange={(event) => put(place, event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
