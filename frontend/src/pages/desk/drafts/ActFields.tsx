import { Button } from "@trussworks/react-uswds";
import type { ReactNode } from "react";

import type { Act } from "../../../api/drafts";
import { useLanguage } from "../../../i18n/context";
import type { Key } from "../../../i18n/translate";
import { TickField } from "../../../parts/form/fields";
import { Clause } from "./ClauseFields";
import { textAt, valueAt, withValue, type Path } from "./form";
import { named, orders, parties, plain, routes } from "./options";
import { InstantAt, LongAt, PickAt, SelectAt, TextAt, TickAt } from "./parts";
import { useEntries, useWriting } from "./writing";

/** The fields of what an act does to other orders; nothing for those that do nothing to any. */
export function ActFields({ act }: { act: Act }) {
  switch (act) {
    case "stay":
      return <Stays />;
    case "decline":
      return <Orders field="declines" />;
    case "lift":
      return <Ends field="lifts" />;
    case "vacate":
      return <Ends field="vacates" />;
    case "amend":
    case "sign":
      return <Amends />;
    case "supersede":
      return <Orders field="supersedes" />;
    case "rescind":
      return (
        <>
          <Orders field="rescinds" />
          <InstantAt path={["rescinds_since"]} label="drafts.rescindsSince" />
        </>
      );
    case "request":
    case "waive":
    case "renew":
      return <Waives requested={act === "request"} />;
    case "delegate":
      return <Delegates />;
    case "find":
      return <Finds />;
    case "judge":
      return <Judges />;
    case "confirm":
      return <Orders field="confirms" />;
    case "freeze":
      return <InstantAt path={["provisional_until"]} label="drafts.provisional" required />;
    default:
      return null;
  }
}

function Orders({ field, path = [field] }: { field: string; path?: Path }) {
  const { language } = useLanguage();
  const { choices } = useWriting();
  return (
    <PickAt path={path} label="drafts.aboutOrders" options={orders(language, choices)} />
  );
}

interface EntriesProperties {
  field: string;
  legend: Key;
  another: Key;
  begun: unknown;
  children: (path: Path) => ReactNode;
}

/** Entries of one kind of act, one under the other. */
function Entries({ field, legend, another, begun, children }: EntriesProperties) {
  const { t } = useLanguage();
  const { count, add, remove } = useEntries([field]);
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <fieldset key={index} className="clause-fields">
          <legend>{t(legend)}</legend>
          <div className="desk-form">
            {children([field, index])}
            {count > 1 && (
              <Button type="button" unstyled onClick={() => remove(index)}>
                {t("drafts.removeEntry")}
              </Button>
            )}
          </div>
        </fieldset>
      ))}
      <p>
        <Button type="button" unstyled onClick={() => add(begun)}>
          {t(another)}
        </Button>
      </p>
    </>
  );
}

function Stays() {
  const { language } = useLanguage();
  const { choices } = useWriting();
  return (
    <Entries
      field="stays"
      legend="drafts.stay"
      another="drafts.anotherStay"
      begun={{ instruments: [] }}
    >
      {(path) => (
        <>
          <Orders field="stays" path={[...path, "instruments"]} />
          <PickAt
            path={[...path, "parties"]}
            label="drafts.stayParties"
            hint="drafts.stayPartiesHint"
            options={parties(language, choices)}
          />
          <div className="form-row">
            <InstantAt path={[...path, "since"]} label="drafts.staySince" />
            <InstantAt path={[...path, "until"]} label="drafts.stayUntil" />
          </div>
          <TickAt path={[...path, "extends"]} label="drafts.stayExtends" />
        </>
      )}
    </Entries>
  );
}

function Ends({ field }: { field: "lifts" | "vacates" }) {
  return (
    <Entries
      field={field}
      legend={`drafts.${field}`}
      another="drafts.anotherEnd"
      begun={{ instruments: [] }}
    >
      {(path) => (
        <>
          <Orders field={field} path={[...path, "instruments"]} />
          <InstantAt path={[...path, "since"]} label="drafts.endSince" />
          {field === "vacates" && (
            <TickAt path={[...path, "from_beginning"]} label="drafts.fromBeginning" />
          )}
        </>
      )}
    </Entries>
  );
}

function Waives({ requested }: { requested: boolean }) {
  return (
    <Entries
      field="waives"
      legend={requested ? "drafts.request" : "drafts.waive"}
      another="drafts.anotherWaiver"
      begun={{ instruments: [], ...(requested ? { requested } : {}) }}
    >
      {(path) => (
        <>
          <Orders field="waives" path={[...path, "instruments"]} />
          <Freed path={path} />
          <div className="form-row">
            <InstantAt path={[...path, "since"]} label="drafts.waiveSince" />
            <InstantAt path={[...path, "until"]} label="drafts.waiveUntil" />
          </div>
          <LongAt path={[...path, "plan"]} label="drafts.plan" hint="drafts.planHint" optional />
          <TextAt path={[...path, "approver"]} label="drafts.approver" optional />
          <LongAt path={[...path, "conditions"]} label="drafts.conditions" optional rows={2} />
          <PickedPurposes path={path} />
        </>
      )}
    </Entries>
  );
}

/** What a waiver frees, or a delegation allows to be freed. */
function Freed({ path }: { path: Path }) {
  const { language } = useLanguage();
  const { choices } = useWriting();
  return (
    <>
      <PickAt
        path={[...path, "parties"]}
        label="drafts.freedParties"
        options={parties(language, choices)}
      />
      <PickAt
        path={[...path, "services"]}
        label="drafts.freedServices"
        options={named(language, choices.services)}
      />
      <PickAt path={[...path, "routes"]} label="drafts.freedRoutes" options={routes(choices)} />
    </>
  );
}

function PickedPurposes({ path }: { path: Path }) {
  const { choices } = useWriting();
  return (
    <PickAt
      path={[...path, "purposes"]}
      label="drafts.purposes"
      options={plain(choices.purposes)}
    />
  );
}

const REQUIRES = ["plan", "approver", "conditions"] as const;

function Delegates() {
  const { language, t } = useLanguage();
  const { form, choices, put } = useWriting();
  const days = (path: Path): Path => [...path, "longest_days"];
  return (
    <Entries
      field="delegates"
      legend="drafts.delegate"
      another="drafts.anotherDelegation"
      begun={{ instruments: [], to: "" }}
    >
      {(path) => (
        <>
          <SelectAt
            path={[...path, "to"]}
            label="drafts.delegateTo"
            options={named(language, choices.issuers)}
            required
          />
          <Orders field="delegates" path={[...path, "instruments"]} />
          <Freed path={path} />
          <PickedPurposes path={path} />
          <div className="form-row">
            <InstantAt path={[...path, "until"]} label="drafts.delegateUntil" />
            <label className="field-group">
              {t("drafts.longestDays")}
              <input
                type="number"
                min={1}
                value={textAt(form, days(path))}
                onChange={({ currentTarget: { value } }) =>
                  put(days(path), value === "" ? undefined : Number(value))
                }
              />
            </label>
          </div>
          <PickAt
            path={[...path, "requires"]}
            label="drafts.requires"
            options={REQUIRES.map((one) => ({ value: one, text: t(`drafts.requires.${one}`) }))}
          />
          <LongAt path={[...path, "conditions"]} label="drafts.conditions" optional rows={2} />
        </>
      )}
    </Entries>
  );
}

function Finds() {
  const { t } = useLanguage();
  const results = ["stands", "falls"] as const;
  return (
    <Entries
      field="finds"
      legend="drafts.find"
      another="drafts.anotherFinding"
      begun={{ instruments: [], result: "stands" }}
    >
      {(path) => (
        <>
          <Orders field="finds" path={[...path, "instruments"]} />
          <SelectAt
            path={[...path, "result"]}
            label="drafts.result"
            options={results.map((one) => ({ value: one, text: t(`drafts.result.${one}`) }))}
          />
        </>
      )}
    </Entries>
  );
}

function Judges() {
  const { language, t } = useLanguage();
  const { choices } = useWriting();
  const results = ["existing", "new"] as const;
  return (
    <Entries
      field="judges"
      legend="drafts.judge"
      another="drafts.anotherJudgement"
      begun={{ instruments: [], service: "", result: "existing" }}
    >
      {(path) => (
        <>
          <Orders field="judges" path={[...path, "instruments"]} />
          <SelectAt
            path={[...path, "service"]}
            label="drafts.judgedService"
            options={named(language, choices.services)}
            required
          />
          <SelectAt
            path={[...path, "result"]}
            label="drafts.result"
            options={results.map((one) => ({ value: one, text: t(`drafts.result.${one}`) }))}
          />
          <PickedPurposes path={path} />
          <PickAt path={[...path, "routes"]} label="drafts.routes" options={routes(choices)} />
        </>
      )}
    </Entries>
  );
}

function Amends() {
  return (
    <Entries
      field="amends"
      legend="drafts.amend"
      another="drafts.anotherAmendment"
      begun={{ instruments: [], clause: "" }}
    >
      {(path) => <Amend path={path} />}
    </Entries>
  );
}

function Amend({ path }: { path: Path }) {
  const { t } = useLanguage();
  const { form, choices, put } = useWriting();
  const entry = valueAt(form, path);
  const [about] = (valueAt(entry, ["instruments"]) as string[] | undefined) ?? [];
  const order = choices.orders.find(({ id }) => id === about);
  const struck = valueAt(entry, ["becomes"]) === undefined;
  const strike = (struck_: boolean) =>
    put(
      path,
      withValue(
        entry,
        ["becomes"],
        struck_ ? undefined : { words: "", chosen_by: "", modality: "prohibit", targets: [{}], scope: {} },
      ),
    );
  return (
    <>
      <Orders field="amends" path={[...path, "instruments"]} />
      <SelectAt
        path={[...path, "clause"]}
        label="drafts.amendedClause"
        options={(order?.clauses ?? []).map(({ id, words }) => ({
          value: id,
          text: `${id}: ${words.slice(0, 60)}`,
        }))}
        required
      />
      <InstantAt path={[...path, "since"]} label="drafts.amendSince" />
      <TickField label={t("drafts.struck")} checked={struck} onChange={strike} />
      {!struck && (
        <>
          <TickAt path={[...path, "anew"]} label="drafts.anew" />
          <Clause path={[...path, "becomes"]} />
        </>
      )}
    </>
  );
}
