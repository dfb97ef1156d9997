import { Button } from "@trussworks/react-uswds";

import type { DirectoryShown, Kind } from "../../../api/directory";
import { useLanguage } from "../../../i18n/context";
import { isKey } from "../../../i18n/translate";
import type { Option } from "../../../parts/Choice";
import { TextField } from "../../../parts/form/fields";
import { isFields, textAt, valueAt, wrongAt } from "../drafts/form";
import { InstantAt, PickAt, SelectAt, TextAt, TickAt } from "../drafts/parts";
import { useEntries, useWriting } from "../drafts/writing";
import { FIELDS, type FieldOf } from "./fields";
import { Said } from "../../../parts/Said";

interface Properties {
  kind: Kind;
  things: DirectoryShown["things"];
}

/** The fields of a thing of this kind, each bound to its place in the form that is written. */
export function ThingFields({ kind, things }: Properties) {
  return (
    <>
      {FIELDS[kind].map((field) => (
        <FieldAt key={field.path.join(".")} field={field} things={things} />
      ))}
    </>
  );
}

function FieldAt({ field, things }: { field: FieldOf; things: DirectoryShown["things"] }) {
  const { language, t } = useLanguage();
  const { path, label, hint, required } = field;
  const at = {
    path,
    label,
    ...(hint === undefined ? {} : { hint }),
    ...(required === undefined ? {} : { required }),
  };
  const offered = (of: readonly Kind[]): Option[] =>
    things
      .filter((thing) => of.includes(thing.kind))
      .map(({ id, name }) => ({
        value: id,
        text: name[language] === id ? id : `${name[language]} (${id})`,
      }));
  switch (field.as) {
    case "text":
      return <TextAt {...at} optional={field.required !== true} />;
    case "number":
      return <NumberAt field={field} />;
    case "names":
      return <PickAt {...at} options={[]} open />;
    case "instant":
      return <InstantAt {...at} />;
    case "tick":
      return <TickAt {...at} />;
    case "one":
      return <SelectAt {...at} options={offered(field.of)} none="directory.none" />;
    case "many":
      return <PickAt {...at} options={offered(field.of)} />;
    case "choice":
      return (
        <SelectAt
          {...at}
          options={field.options.map((value) => {
            const key = `directory.choice.${value}`;
            return { value, text: isKey(key) ? t(key) : value };
          })}
          {...(field.none === true ? { none: "directory.none" as const } : {})}
        />
      );
    case "relations":
      return <Relations things={offered(["party"])} />;
    case "contacts":
      return <Contacts />;
    case "slots":
      return <Slots />;
  }
}

function NumberAt({ field }: { field: FieldOf }) {
  const { t } = useLanguage();
  const { form, problems, put } = useWriting();
  return (
    <TextField
      label={t(field.label)}
      type="number"
      required={field.required}
      value={textAt(form, field.path)}
      wrong={wrongAt(problems, field.path)}
      onChange={(text) => put(field.path, text === "" ? undefined : Math.trunc(Number(text)))}
    />
  );
}

/** To whom a party stands in which relation, by which text. */
function Relations({ things }: { things: Option[] }) {
  const { t } = useLanguage();
  const { form } = useWriting();
  const { count, add, remove } = useEntries(["relations"]);
  const kinds = (["regulated-by", "contracted-to"] as const).map((value) => ({
    value,
    text: t(`directory.relation.${value}`),
  }));
  return (
    <fieldset className="set-in">
      <legend>{t("directory.relations")}</legend>
      {Array.from({ length: count }, (_, index) => (
        <fieldset key={index} className="set-in">
          <legend>{t("directory.relationOf", { number: index + 1 })}</legend>
          <SelectAt
            path={["relations", index, "kind"]}
            label="directory.relationKind"
            options={kinds}
          />
          <SelectAt
            path={["relations", index, "to"]}
            label="directory.relationTo"
            options={things}
            none="directory.none"
          />
          <TextAt path={["relations", index, "basis"]} label="directory.basis" required />
          {textAt(form, ["relations", index, "kind"]) === "contracted-to" && (
            <TextAt
              path={["relations", index, "contract"]}
              label="directory.contract"
              required
              optional
            />
          )}
          <Button type="button" unstyled onClick={() => remove(index)}>
            {t("directory.removeRelation")}
          </Button>
        </fieldset>
      ))}
      <p>
        <Button
          type="button"
          outline
          onClick={() => add({ kind: "contracted-to", to: "", basis: "" })}
        >
          {t("directory.addRelation")}
        </Button>
      </p>
    </fieldset>
  );
}

/** Who is told, and how. */
function Contacts() {
  const { t } = useLanguage();
  const { count, add, remove } = useEntries(["contacts"]);
  const languages = (["en", "fr"] as const).map((value) => ({
    value,
    text: t(`directory.choice.${value}`),
  }));
  return (
    <fieldset className="set-in">
      <legend>{t("directory.contacts")}</legend>
      {Array.from({ length: count }, (_, index) => (
        <fieldset key={index} className="set-in">
          <legend>{t("directory.contactOf", { number: index + 1 })}</legend>
          <TextAt path={["contacts", index, "name"]} label="directory.contactName" required />
          <TextAt path={["contacts", index, "email"]} label="directory.email" optional />
          <TextAt path={["contacts", index, "webhook"]} label="directory.webhook" optional />
          <SelectAt
            path={["contacts", index, "language"]}
            label="directory.contactLanguage"
            options={languages}
          />
          <Button type="button" unstyled onClick={() => remove(index)}>
            {t("directory.removeContact")}
          </Button>
        </fieldset>
      ))}
      <p>
        <Button type="button" outline onClick={() => add({ name: "", language: "en" })}>
          {t("directory.addContact")}
        </Button>
      </p>
    </fieldset>
  );
}

/** A service's slots by name, each with its purpose. */
function Slots() {
  const { t } = useLanguage();
  const { form, problems, put } = useWriting();
  const held = valueAt(form, ["slots"]);
  const slots = Object.entries(isFields(held) ? held : {});
  const write = (entries: [string, unknown][]) => put(["slots"], Object.fromEntries(entries));
  return (
    <fieldset className="set-in">
      <legend>{t("directory.slots")}</legend>
      {wrongAt(problems, ["slots"]) && (
        <p className="field-error">
          <Said>{wrongAt(problems, ["slots"]) ?? ""}</Said>
        </p>
      )}
      {slots.map(([name, purpose], index) => (
        <div key={index} className="form-row">
          <TextField
            label={t("directory.slotName")}
            value={name}
            onChange={(text) => {
              if (text === name || !slots.some(([other]) => other === text)) {
                write(slots.map((slot, place) => (place === index ? [text, purpose] : slot)));
              }
            }}
          />
          <TextField
            label={t("directory.purpose")}
            value={typeof purpose === "string" ? purpose : ""}
            wrong={wrongAt(problems, ["slots", name])}
            onChange={(text) =>
              write(slots.map((slot, place) => (place === index ? [name, text] : slot)))
            }
          />
          <Button
            type="button"
            unstyled
            onClick={() => write(slots.filter((_, place) => place !== index))}
          >
            {t("directory.removeSlot")}
            <span className="usa-sr-only"> {name}</span>
          </Button>
        </div>
      ))}
      <p>
        <Button
          type="button"
          outline
          onClick={() => write([...slots, [`slot-${slots.length + 1}`, ""]])}
        >
          {t("directory.addSlot")}
        </Button>
      </p>
    </fieldset>
  );
}
