import { Button } from "@trussworks/react-uswds";
import { useCallback, useState } from "react";

import type { Client } from "../../../api/client";
import type { CostsPage as Told, Exported } from "../../../api/schema";
import { bytesOf, download } from "../../../download";
import { formatCount, formatDollars, formatMonth } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { Section } from "../../../parts/Section";
import { areaPath } from "../../../route";
import { useSession } from "../../../session/context";
import { Frame } from "../../administration/Frame";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import { NowherePage } from "../../Nowhere";
import type { AreaProperties } from "../areas";
import { LimitsPage } from "./LimitsPage";

const POLL_MS = 20_000;
const FORMS = ["csv", "focus"] as const;

/** What calls cost by month, party, service and model, and of how many calls it is not known;
 * below it, how much may be spent. */
export default function CostsPage({ rest }: AreaProperties) {
  if (rest.length === 0) {
    return <Spent />;
  }
  return rest.length === 1 && rest[0] === "limits" ? <LimitsPage /> : <NowherePage />;
}

function Spent() {
  const { language, t } = useLanguage();
  const [since, setSince] = useState("");
  const load = useCallback(
    (client: Client, signal: AbortSignal) =>
      client.get<Told>(`/api/desk/costs${since === "" ? "" : `?since=${since}`}`, signal),
    [since],
  );
  const asked = usePage(load, POLL_MS);
  return (
    <Frame heading="costs.heading" loading="costs.loading" asked={asked}>
      {(page) => (
        <>
          <p>{t("costs.intro")}</p>
          <p>
            <Link href={areaPath("costs", "limits")}>{t("limits.heading")}</Link>
          </p>
          <div className="filters">
            <Choice
              label={t("costs.since")}
              value={page.since}
              onChoose={setSince}
              options={page.months.map((month) => ({
                value: month,
                text: formatMonth(language, month),
              }))}
            />
          </div>
          <p>
            <strong>{t("costs.total", { cost: formatDollars(language, page.total) })}</strong>
            {page.unknown > 0 && ` ${t("costs.unknownTotal", { count: page.unknown })}`}
          </p>
          {page.costs.length === 0 ? (
            <p className="nothing">{t("costs.none")}</p>
          ) : (
            <Costs page={page} />
          )}
          <Files since={page.since} />
        </>
      )}
    </Frame>
  );
}

function Costs({ page }: { page: Told }) {
  const { language, t } = useLanguage();
  return (
    <DataTable
      caption={t("costs.caption", { count: page.costs.length })}
      columns={[
        t("costs.month"),
        t("costs.party"),
        t("costs.service"),
        t("costs.model"),
        t("costs.calls"),
        t("costs.tokens"),
        t("costs.cost"),
      ]}
      rows={page.costs.map((line) => ({
        id: `${line.month} ${line.service} ${line.route} ${line.party}`,
        cells: [
          formatMonth(language, line.month),
          page.parties[line.party]?.[language] ?? line.party,
          page.services[line.service]?.[language] ?? line.service,
          <>
            {page.models[line.model]?.[language] ?? line.model}
            <small translate="no">{line.route}</small>
            {line.stand_in && <small>{t("costs.standIn")}</small>}
          </>,
          formatCount(language, line.calls),
          <>
            {t("costs.in", { number: formatCount(language, line.input_tokens) })}
            {line.cached_tokens > 0 ? (
              <small>
                {t("costs.cached", { number: formatCount(language, line.cached_tokens) })}
              </small>
            ) : (
              <br />
            )}
            {t("costs.out", { number: formatCount(language, line.output_tokens) })}
          </>,
          <>
            {line.unknown < line.calls && <div>{formatDollars(language, line.cost)}</div>}
            {Number(line.reserved) > 0 && (
              <small>{t("costs.reserved", { cost: formatDollars(language, line.reserved) })}</small>
            )}
            {line.unknown > 0 && <strong>{t("costs.unknown", { count: line.unknown })}</strong>}
          </>,
        ],
      }))}
    />
  );
}

function Files({ since }: { since: string }) {
  const { t } = useLanguage();
  const { client } = useSession();
  const exporting = useDeed(
    (form: string) =>
      client.get<Exported>(`/api/desk/costs/export?${new URLSearchParams({ since, form })}`),
    ({ name, type, content }) => download(name, bytesOf(content), type),
  );
  return (
    <Section heading={t("costs.files")}>
      <TroubleAlert trouble={exporting.trouble} />
      <ul className="lines">
        {FORMS.map((form) => (
          <li key={form}>
            <Button type="button" unstyled onClick={() => exporting.go(form)}>
              {t(`costs.form.${form}`)}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
