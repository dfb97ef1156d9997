import { Button, Tag } from "@trussworks/react-uswds";
import { useState } from "react";

import { base64 } from "../../../api/base64";
import type { Client } from "../../../api/client";
import type { ClauseFit, Fit, OdrlImported, TermsPage as Page, ToldChange } from "../../../api/schema";
import { download } from "../../../download";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { DataTable } from "../../../parts/DataTable";
import { FileField } from "../../../parts/form/fields";
import { Link } from "../../../parts/Link";
import { Section } from "../../../parts/Section";
import { StatusTag } from "../../../parts/StatusTag";
import { areaPath, orderPath } from "../../../route";
import { useSession } from "../../../session/context";
import { Frame } from "../../administration/Frame";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import type { AreaProperties } from "../areas";
import { Said } from "../../../parts/Said";

const POLL_MS = 15_000;
const fetchTerms = (client: Client, signal: AbortSignal): Promise<Page> =>
  client.get<Page>("/api/desk/terms", signal);

/** Vendors' terms: what they changed, how services fit them clause by clause, ODRL in and out. */
export default function TermsPage(_: AreaProperties) {
  const { t } = useLanguage();
  const asked = usePage(fetchTerms, POLL_MS);
  return (
    <Frame heading="terms.heading" loading="terms.loading" asked={asked}>
      {(page) => (
        <>
          <p>{t("terms.intro")}</p>
          <Alerts page={page} again={asked.again} />
          <Fits page={page} />
          <Texts page={page} />
          <Import />
        </>
      )}
    </Frame>
  );
}

function Alerts({ page, again }: { page: Page; again: () => void }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const seeing = useDeed(
    (at: string) => client.send("POST", "/api/desk/terms/seen", { at }),
    again,
  );
  return (
    <Section heading={t("terms.changes")}>
      <TroubleAlert trouble={seeing.trouble} />
      {page.changes.length === 0 && <p className="nothing">{t("terms.noChanges")}</p>}
      {page.changes.map((told) => (
        <div key={told.change.at} className="terms-change">
          <h3>
            {t(told.ahead ? "terms.changesAhead" : "terms.changedAt", {
              when: formatInstant(language, told.change.at, page.zone),
            })}
          </h3>
          <Changed told={told} />
          {told.seen_by === null ? (
            <Button type="button" outline onClick={() => seeing.go(told.change.at)}>
              {t("terms.see")}
            </Button>
          ) : (
            <p className="muted">{t("terms.seenBy", { name: told.seen_by })}</p>
          )}
        </div>
      ))}
    </Section>
  );
}

function Changed({ told: { change } }: { told: ToldChange }) {
  const { language, t } = useLanguage();
  return (
    <DataTable
      caption={t("terms.changesCaption", { names: change.by.join(", ") })}
      columns={[t("terms.service"), t("terms.route"), t("terms.before"), t("terms.after")]}
      rows={change.changes.map(({ fit, before, after }) => ({
        id: `${fit.service} ${fit.slot} ${fit.route} ${fit.vendor}`,
        cells: [
          `${fit.service_name[language]} (${fit.slot})`,
          fit.route,
          before === null ? t("terms.none") : t(`terms.verdict.${before}`),
          after === null ? t("terms.none") : <Verdict fit={after} />,
        ],
      }))}
    />
  );
}

const TONES = {
  permitted: "operative",
  silent: "winding-down",
  "in-conflict": "stayed",
  forbidden: "stayed",
} as const;

function Verdict({ fit }: { fit: Pick<Fit, "verdict"> }) {
  const { t } = useLanguage();
  return <Tag className={`tag-${TONES[fit.verdict]}`}>{t(`terms.verdict.${fit.verdict}`)}</Tag>;
}

function Fits({ page }: { page: Page }) {
  const { language, t } = useLanguage();
  const [vendor, setVendor] = useState("");
  const [verdict, setVerdict] = useState("");
  const shown = page.fits.filter(
    (fit) => (vendor === "" || fit.vendor === vendor) && (verdict === "" || fit.verdict === verdict),
  );
  const vendors = new Map(page.fits.map((fit) => [fit.vendor, fit.vendor_name[language]]));
  const verdicts = ["forbidden", "in-conflict", "silent", "permitted"] as const;
  return (
    <Section heading={t("terms.fits")}>
      <p>{t("terms.fitsIntro")}</p>
      <div className="filters">
        <Choice
          label={t("terms.vendor")}
          value={vendor}
          onChoose={setVendor}
          options={[
            { value: "", text: t("terms.all") },
            ...[...vendors].map(([value, text]) => ({ value, text })),
          ]}
        />
        <Choice
          label={t("terms.fit")}
          value={verdict}
          onChoose={setVerdict}
          options={[
            { value: "", text: t("terms.all") },
            ...verdicts.map((value) => ({ value, text: t(`terms.verdict.${value}`) })),
          ]}
        />
      </div>
      {shown.length === 0 ? (
        <p className="nothing">{t("terms.noFits")}</p>
      ) : (
        <DataTable
          caption={t("terms.fitsCaption", { count: shown.length })}
          columns={[
            t("terms.service"),
            t("terms.use"),
            t("terms.vendor"),
            t("terms.fit"),
            t("terms.clauses"),
          ]}
          rows={shown.map((fit) => ({
            id: `${fit.service} ${fit.slot} ${fit.route} ${fit.vendor}`,
            cells: [
              <>
                {fit.service_name[language]}
                <small>
                  {fit.slot}, {fit.route}
                </small>
              </>,
              `${fit.purpose}, ${fit.network}, ${fit.data_class}`,
              fit.vendor_name[language],
              <Verdict fit={fit} />,
              <ClauseList clauses={fit.clauses} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function ClauseList({ clauses }: { clauses: readonly ClauseFit[] }) {
  const { language, t } = useLanguage();
  return (
    <ul className="lines">
      {clauses.map((clause) => (
        <li key={`${clause.instrument} ${clause.clause}`}>
          <details>
            <summary>
              {clause.title[language]}: {roleWords(t, clause)}
            </summary>
            <blockquote>{clause.words}</blockquote>
          </details>
        </li>
      ))}
    </ul>
  );
}

function roleWords(t: ReturnType<typeof useLanguage>["t"], clause: ClauseFit): string {
  if (clause.role === "decides") {
    return t(`terms.decides.${clause.modality}`);
  }
  if (clause.role !== "outside" || clause.outside == null) {
    return t(`terms.role.${clause.role}`);
  }
  const what = t(`terms.outside.${clause.outside}`);
  return clause.asks.length === 0
    ? what
    : t("terms.asks", { what, names: clause.asks.join(", ") });
}

function Texts({ page }: { page: Page }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const exporting = useDeed(
    async (id: string) => ({
      id,
      odrl: await client.get<{ policy: unknown; untold: string[] }>(
        `/api/desk/terms/${encodeURIComponent(id)}/odrl`,
      ),
    }),
    ({ id, odrl }) => download(`${id}.jsonld`, JSON.stringify(odrl.policy, null, 2), "application/ld+json"),
  );
  return (
    <Section heading={t("terms.texts")}>
      <TroubleAlert trouble={exporting.trouble} />
      <DataTable
        caption={t("terms.textsCaption", { count: page.texts.length })}
        columns={[t("terms.text"), t("terms.vendor"), t("terms.status"), t("terms.odrl")]}
        rows={page.texts.map(({ line, vendor_name, replaces }) => ({
          id: line.id,
          cells: [
            <>
              <Link href={orderPath(line.id)}>{line.title[language]}</Link>
              {replaces.length > 0 && (
                <small>{t("terms.replaces", { names: replaces.join(", ") })}</small>
              )}
            </>,
            vendor_name[language],
            <StatusTag status={line.status} />,
            <Button type="button" unstyled onClick={() => exporting.go(line.id)}>
              {t("terms.export")}
              <span className="usa-sr-only"> {line.title[language]}</span>
            </Button>,
          ],
        }))}
      />
    </Section>
  );
}

function Import() {
  const { t } = useLanguage();
  const { client } = useSession();
  const [made, setMade] = useState<OdrlImported | null>(null);
  const importing = useDeed(
    async (file: File) =>
      client.send<OdrlImported>("POST", "/api/desk/terms/odrl", {
        name: file.name,
        content: await base64(file),
      }),
    setMade,
  );
  return (
    <Section heading={t("terms.import")}>
      <p>{t("terms.importIntro")}</p>
      <FileField
        label={t("terms.file")}
        accept=".json,.jsonld,.ttl"
        onFiles={([file]) => file && importing.go(file)}
      />
      <TroubleAlert trouble={importing.trouble} />
      <div role="status">
        {made !== null && (
          <>
            <p>
              {t("terms.imported")}{" "}
              <Link href={areaPath("drafts", made.draft.id)}>{t("terms.toDraft")}</Link>
            </p>
            {made.left_out.length > 0 && (
              <>
                <p>{t("terms.leftOut", { count: made.left_out.length })}</p>
                <ul>
                  {made.left_out.map((left) => (
                    <li key={left.rule + left.why}>
                      <code translate="no">{left.rule}</code>: <Said>{left.why}</Said> {left.words}
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </div>
    </Section>
  );
}
