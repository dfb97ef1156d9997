import { Button } from "@trussworks/react-uswds";

import { useLanguage } from "../../../i18n/context";
import { TickField } from "../../../parts/form/fields";
import { EndsFields } from "./EndsFields";
import { isFields, textAt, valueAt, wrongAt, type Path } from "./form";
import { named, parties, plain, routes } from "./options";
import { InstantAt, PickAt, SelectAt, TextAt } from "./parts";
import { useEntries, useTick, useWriting } from "./writing";
import { Said } from "../../../parts/Said";

const MODALITIES = ["prohibit", "permit", "require"] as const;
const IN_FLIGHT = ["finish", "cut"] as const;

/** How a clause's words are read: what may or may not be used, by whom, from when, until when. */
export function ReadingFields({ path }: { path: Path }) {
  const { t } = useLanguage();
  const { form, choices } = useWriting();
  const modality = textAt(form, [...path, "modality"]);
  return (
    <>
      <SelectAt
        path={[...path, "modality"]}
        label="drafts.modality"
        options={MODALITIES.map((one) => ({ value: one, text: t(`drafts.modality.${one}`) }))}
      />
      <Targets path={[...path, "targets"]} />
      <Scope path={[...path, "scope"]} />
      {modality === "require" && (
        <PickAt
          path={[...path, "requirements"]}
          label="drafts.requirements"
          hint="drafts.requirementsHint"
          options={plain(choices.assurances)}
          open
        />
      )}
      {modality === "prohibit" && <WindDown path={[...path, "wind_down"]} />}
      <details>
        <summary>{t("drafts.window")}</summary>
        <div className="desk-form">
          <InstantAt path={[...path, "since"]} label="drafts.since" />
          <EndsFields path={[...path, "until"]} legend="drafts.until" never="drafts.untilNever" />
          <SelectAt
            path={[...path, "in_flight"]}
            label="drafts.inFlight"
            none="drafts.inFlight.default"
            options={IN_FLIGHT.map((one) => ({ value: one, text: t(`drafts.inFlight.${one}`) }))}
          />
          <TextAt path={[...path, "note", "en"]} label="drafts.noteEn" optional />
          <TextAt path={[...path, "note", "fr"]} label="drafts.noteFr" optional />
        </div>
      </details>
    </>
  );
}

function Targets({ path }: { path: Path }) {
  const { t } = useLanguage();
  const { form, problems } = useWriting();
  const { count, add, remove } = useEntries(path);
  const wrong = wrongAt(problems, path);
  return (
    <fieldset className="set-in">
      <legend>{t("drafts.targets")}</legend>
      <p className="muted">{t("drafts.targetsHint")}</p>
      {wrong && (
        <p className="field-error">
          <Said>{wrong}</Said>
        </p>
      )}
      {Array.from({ length: Math.max(count, 1) }, (_, index) => (
        <div key={index} className={count > 1 ? "set-in" : ""}>
          <Target path={[...path, index]} whole={valueAt(form, [...path, index])} />
          {count > 1 && (
            <Button type="button" unstyled onClick={() => remove(index)}>
              {t("drafts.removeTarget")}
            </Button>
          )}
        </div>
      ))}
      <Button type="button" unstyled onClick={() => add({})}>
        {t("drafts.addTarget")}
      </Button>
    </fieldset>
  );
}

function Target({ path, whole }: { path: Path; whole: unknown }) {
  const { language, t } = useLanguage();
  const { choices, problems } = useWriting();
  const vendors = named(language, choices.vendors);
  const wrong = wrongAt(problems, path);
  const narrow = isFields(whole) && ["hosts", "resellers", "routes"].some((name) => name in whole);
  return (
    <>
      {wrong && (
        <p className="field-error">
          <Said>{wrong}</Said>
        </p>
      )}
      <PickAt path={[...path, "makers"]} label="drafts.makers" options={vendors} />
      <PickAt
        path={[...path, "models"]}
        label="drafts.models"
        options={named(language, choices.models)}
      />
      <details open={narrow}>
        <summary>{t("drafts.narrower")}</summary>
        <div className="desk-form">
          <PickAt path={[...path, "hosts"]} label="drafts.hosts" options={vendors} />
          <PickAt path={[...path, "resellers"]} label="drafts.resellers" options={vendors} />
          <PickAt path={[...path, "routes"]} label="drafts.routes" options={routes(choices)} />
        </div>
      </details>
    </>
  );
}

const NARROW = [
  "regulated",
  "contracts",
  "networks",
  "services",
  "purposes",
  "data_classes",
  "attributes",
] as const;

function Scope({ path }: { path: Path }) {
  const { language, t } = useLanguage();
  const { form, choices, problems } = useWriting();
  const whole = valueAt(form, path);
  const wrong = wrongAt(problems, path);
  const everyParty = parties(language, choices);
  const narrow = isFields(whole) && NARROW.some((name) => name in whole);
  return (
    <fieldset className="set-in">
      <legend>{t("drafts.scope")}</legend>
      {wrong && (
        <p className="field-error">
          <Said>{wrong}</Said>
        </p>
      )}
      <PickAt
        path={[...path, "parties"]}
        label="drafts.parties"
        hint="drafts.partiesHint"
        options={everyParty}
      />
      <details open={narrow}>
        <summary>{t("drafts.scopeMore")}</summary>
        <div className="desk-form">
          <PickAt path={[...path, "regulated"]} label="drafts.regulated" options={everyParty} />
          <PickAt
            path={[...path, "contracts"]}
            label="drafts.contracts"
            hint="drafts.contractsHint"
            options={plain(["*", ...choices.contracts])}
          />
          <PickAt
            path={[...path, "networks"]}
            label="drafts.networks"
            options={named(language, choices.networks)}
          />
          <PickAt
            path={[...path, "services"]}
            label="drafts.services"
            options={named(language, choices.services)}
          />
          <PickAt
            path={[...path, "purposes"]}
            label="drafts.purposes"
            options={plain(choices.purposes)}
            open
          />
          <PickAt
            path={[...path, "data_classes"]}
            label="drafts.dataClasses"
            options={plain(choices.data_classes)}
            open
          />
          <PickAt
            path={[...path, "attributes"]}
            label="drafts.attributes"
            hint="drafts.attributesHint"
            options={plain(choices.attributes)}
            open
          />
        </div>
      </details>
    </fieldset>
  );
}

function WindDown({ path }: { path: Path }) {
  const { language, t } = useLanguage();
  const { form, choices, put } = useWriting();
  const winds = valueAt(form, path) !== undefined;
  const begin = () => put(path, { until: { months: 6, after: "effective" } });
  return (
    <fieldset className="set-in">
      <legend>{t("drafts.windDown")}</legend>
      <TickField
        label={t("drafts.winds")}
        checked={winds}
        onChange={(checked) => (checked ? begin() : put(path, undefined))}
      />
      {winds && (
        <>
          <EndsFields
            path={[...path, "until"]}
            legend="drafts.windDownUntil"
            never="drafts.windDownOpen"
          />
          <PickAt
            path={[...path, "parties"]}
            label="drafts.windDownParties"
            hint="drafts.windDownPartiesHint"
            options={parties(language, choices)}
          />
        </>
      )}
    </fieldset>
  );
}

/** Whether counsel has signed how the clause is read. */
export function SignedField({ path }: { path: Path }) {
  const { t } = useLanguage();
  return (
    <TickField label={t("drafts.signed")} {...useTick([...path, "signed_by_counsel"])} />
  );
}
