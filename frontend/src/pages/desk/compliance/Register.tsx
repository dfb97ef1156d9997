import { Button } from "@trussworks/react-uswds";
import { useState, type FormEvent } from "react";

import { base64 } from "../../../api/base64";
import type { CompliancePage, Exported, RegisterTaken } from "../../../api/schema";
import { bytesOf, download } from "../../../download";
import { formatCount } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { FileField, SelectField, TextField } from "../../../parts/form/fields";
import { Restored } from "../../../parts/form/FormNotes";
import { useKept } from "../../../parts/form/kept";
import { Section } from "../../../parts/Section";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { Said } from "../../../parts/Said";

interface Properties {
  page: CompliancePage;
  again: () => void;
}

const BASE = "/api/desk/compliance";

/** Uses that do not pass through the gateway: stated by somebody, observed by nobody here. */
export function Register({ page, again }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [gone, setGone] = useState<{ id: string; version: number } | null>(null);
  const removing = useDeed(
    (id: string, version: number) =>
      client
        .send("POST", `${BASE}/uses/${id}/removal`, { version })
        .then(() => ({ id, version: version + 1 })),
    (removed) => {
      setGone(removed);
      again();
    },
  );
  const restoring = useDeed(
    ({ id, version }: { id: string; version: number }) =>
      client.send("POST", `${BASE}/uses/${id}/restoration`, { version }),
    () => {
      setGone(null);
      again();
    },
  );
  return (
    <Section heading={t("compliance.register")}>
      <p>{t("compliance.registerIntro")}</p>
      <div role="status">
        {gone !== null && (
          <p className="restored">
            {t("compliance.lineRemoved")}{" "}
            <Button type="button" unstyled onClick={() => restoring.go(gone)}>
              {t("drafts.undo")}
            </Button>
          </p>
        )}
      </div>
      <TroubleAlert trouble={removing.trouble ?? restoring.trouble} />
      {page.uses.length === 0 ? (
        <p className="nothing">{t("compliance.noUses")}</p>
      ) : (
        <DataTable
          caption={t("compliance.usesCaption", { count: page.uses.length })}
          columns={[
            t("compliance.party"),
            t("compliance.use"),
            t("compliance.vendor"),
            t("compliance.count"),
            t("compliance.owner"),
            t("compliance.said"),
          ]}
          rows={page.uses.map(({ id, version, by, use }) => ({
            id,
            cells: [
              page.parties[use.party]?.[language] ?? use.party,
              <>
                {use.use}
                {use.model !== "" && <small>{use.model}</small>}
              </>,
              page.vendors[use.vendor]?.[language] ?? use.vendor,
              use.count == null ? "—" : formatCount(language, use.count),
              use.owner === "" ? "—" : use.owner,
              <>
                <em>{t("compliance.statedBy", { name: by })}</em>
                <br />
                <Button type="button" unstyled onClick={() => removing.go(id, version)}>
                  {t("drafts.remove")}
                  <span className="usa-sr-only"> {use.use}</span>
                </Button>
              </>,
            ],
          }))}
        />
      )}
      <OneLine page={page} again={again} />
      <Import again={again} />
    </Section>
  );
}

const EMPTY = { party: "", use: "", vendor: "", model: "", count: "", owner: "", evidence: "" };

function OneLine({ page, again }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const form = useKept("stated-use", EMPTY);
  const { count, ...texts } = form.value;
  const stating = useDeed(
    () =>
      client.send("POST", `${BASE}/uses`, {
        use: { ...texts, count: /^\d+$/.test(count) ? Number(count) : null },
      }),
    () => {
      form.clear();
      again();
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    stating.go();
  };
  const named = (things: CompliancePage["parties"]) =>
    Object.entries(things).map(([value, name]) => ({ value, text: name[language] }));
  const text = (field: "use" | "model" | "owner" | "evidence", required = false) => (
    <TextField
      label={t(`compliance.${field}`)}
      value={form.value[field]}
      onChange={(given) => form.change({ [field]: given })}
      required={required}
    />
  );
  return (
    <details>
      <summary>{t("compliance.state1")}</summary>
      <form className="desk-form" onSubmit={submit}>
        <Restored form={form} />
        <div className="form-row">
          <SelectField
            label={t("compliance.party")}
            value={texts.party}
            none={t("drafts.choose")}
            onChange={(party) => form.change({ party })}
            options={named(page.parties)}
            required
          />
          <SelectField
            label={t("compliance.vendor")}
            value={texts.vendor}
            none={t("drafts.choose")}
            onChange={(vendor) => form.change({ vendor })}
            options={named(page.vendors)}
            required
          />
        </div>
        {text("use", true)}
        <div className="form-row">
          {text("model")}
          <TextField
            label={t("compliance.count")}
            type="number"
            value={count}
            onChange={(given) => form.change({ count: given })}
          />
          {text("owner")}
          {text("evidence")}
        </div>
        <TroubleAlert trouble={stating.trouble} />
        <div className="buttons">
          <Button type="submit" disabled={stating.pending}>
            {t("compliance.stateYes")}
          </Button>
        </div>
      </form>
    </details>
  );
}

/** A file is looked at first: every wrong row is told, and all are taken in or none. */
function Import({ again }: { again: () => void }) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [file, setFile] = useState<File | null>(null);
  const [taken, setTaken] = useState<RegisterTaken | null>(null);
  const reading = useDeed(
    async (given: File, commit: boolean) =>
      client.send<RegisterTaken>("POST", `${BASE}/register`, {
        name: given.name,
        content: await base64(given),
        commit,
      }),
    (told) => {
      setTaken(told);
      if (told.committed) {
        again();
      }
    },
  );
  const undoing = useDeed(
    (batch: string) => client.send("POST", `${BASE}/register/${batch}/undoing`, {}),
    () => {
      setTaken(null);
      again();
    },
  );
  const template = useDeed(
    () => client.get<Exported>(`${BASE}/export?kind=template`),
    ({ name, type, content }) => download(name, bytesOf(content), type),
  );
  return (
    <details>
      <summary>{t("compliance.import")}</summary>
      <div className="desk-form">
        <p>
          {t("compliance.importIntro")}{" "}
          <Button type="button" unstyled onClick={() => template.go()}>
            {t("compliance.template")}
          </Button>
        </p>
        <FileField
          label={t("compliance.csv")}
          accept=".csv,text/csv"
          onFiles={([given]) => {
            setFile(given ?? null);
            setTaken(null);
            if (given !== undefined) {
              reading.go(given, false);
            }
          }}
        />
        <TroubleAlert trouble={reading.trouble ?? undoing.trouble ?? template.trouble} />
        <div role="status">
          {taken !== null && (
            <p>
              {taken.committed
                ? t("compliance.imported", { count: taken.file.uses.length })
                : taken.file.problems.length > 0
                  ? t("compliance.wrongRows", { count: taken.file.problems.length })
                  : t("compliance.goodRows", { count: taken.file.uses.length })}
            </p>
          )}
        </div>
        {taken !== null && taken.file.problems.length > 0 && (
          <ul>
            {taken.file.problems.slice(0, 50).map(({ row, column, what }) => (
              <li key={`${row} ${column} ${what}`}>
                {t("compliance.row", { row })} {column !== "" && <code>{column}</code>}{" "}
                <Said>{what}</Said>
              </li>
            ))}
          </ul>
        )}
        {taken !== null && (
          <div className="buttons">
            {taken.committed ? (
              <Button type="button" outline onClick={() => undoing.go(taken.batch)}>
                {t("compliance.undoImport")}
              </Button>
            ) : (
              <Button
                type="button"
                disabled={taken.file.problems.length > 0 || file === null || reading.pending}
                onClick={() => file !== null && reading.go(file, true)}
              >
                {t("compliance.importYes")}
              </Button>
            )}
          </div>
        )}
      </div>
    </details>
  );
}
