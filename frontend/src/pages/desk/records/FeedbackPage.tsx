import { Button } from "@trussworks/react-uswds";
import { useCallback, useState } from "react";

import type { Client } from "../../../api/client";
import type { Exported, FeedbackPage as Told } from "../../../api/schema";
import { bytesOf, download } from "../../../download";
import { formatCount, formatInstant } from "../../../format";
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

const POLL_MS = 30_000;
const DAYS = [7, 30, 90, 365];

/** What people said of answers, by model, and in their words. */
export function FeedbackPage() {
  const { t } = useLanguage();
  const [days, setDays] = useState("90");
  const load = useCallback(
    (client: Client, signal: AbortSignal) =>
      client.get<Told>(`/api/desk/feedback?days=${days}`, signal),
    [days],
  );
  const asked = usePage(load, POLL_MS);
  return (
    <Frame heading="feedback.heading" loading="feedback.loading" asked={asked}>
      {(page) => (
        <>
          <p>
            <Link href={areaPath("records")}>{t("feedback.back")}</Link>
          </p>
          <p>{t("feedback.intro")}</p>
          <div className="filters">
            <Choice
              label={t("feedback.since")}
              value={days}
              onChoose={setDays}
              options={DAYS.map((count) => ({
                value: String(count),
                text: t("feedback.days", { count }),
              }))}
            />
          </div>
          {page.models.length === 0 ? (
            <p className="nothing">{t("feedback.none")}</p>
          ) : (
            <ByModel page={page} />
          )}
          {page.words.length > 0 && <Words page={page} days={days} />}
        </>
      )}
    </Frame>
  );
}

function ByModel({ page }: { page: Told }) {
  const { language, t } = useLanguage();
  return (
    <DataTable
      caption={t("feedback.modelsCaption", { count: page.models.length })}
      columns={[t("feedback.model"), t("feedback.helpful"), t("feedback.notHelpful")]}
      rows={page.models.map((line) => ({
        id: line.model,
        cells: [
          <>
            {line.model_name}
            <small>{page.makers[line.maker]?.[language] ?? line.maker}</small>
          </>,
          formatCount(language, line.helpful),
          formatCount(language, line.not_helpful),
        ],
      }))}
    />
  );
}

function Words({ page, days }: { page: Told; days: string }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const exporting = useDeed(
    () => client.get<Exported>(`/api/desk/feedback/export?days=${days}`),
    ({ name, type, content }) => download(name, bytesOf(content), type),
  );
  return (
    <Section heading={t("feedback.words")}>
      <DataTable
        caption={t("feedback.wordsCaption", { count: page.words.length })}
        columns={[
          t("feedback.when"),
          t("feedback.party"),
          t("feedback.model"),
          t("feedback.said"),
          t("feedback.words"),
        ]}
        rows={page.words.map((line, index) => ({
          id: `${line.at} ${index}`,
          cells: [
            formatInstant(language, line.at, page.zone),
            page.parties[line.party]?.[language] ?? line.party,
            line.model_name,
            t(`rating.${line.rating}`),
            <span dir="auto">{line.words}</span>,
          ],
        }))}
      />
      <TroubleAlert trouble={exporting.trouble} />
      <div className="actions">
        <Button type="button" outline onClick={() => exporting.go()}>
          {t("feedback.export")}
        </Button>
      </div>
    </Section>
  );
}
