import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { Client } from "../../../api/client";
import type { LimitLine, LimitName, LimitsPage as Told, NewLimit } from "../../../api/schema";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { areaPath } from "../../../route";
import { useSession } from "../../../session/context";
import { Frame } from "../../administration/Frame";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import { UndoLine } from "../../chat/UndoLine";
import { LimitSheet } from "./LimitSheet";
import { formatAmount, sortOf, subjectName } from "./limits";

const POLL_MS = 10_000;
const fetchLimits = (client: Client, signal: AbortSignal): Promise<Told> =>
  client.get<Told>("/api/limits", signal);

/** How much keys, services and parties may ask and spend, and how much of it is used. */
export function LimitsPage() {
  const { t } = useLanguage();
  const asked = usePage(fetchLimits, POLL_MS);
  return (
    <Frame heading="limits.heading" loading="limits.loading" asked={asked}>
      {(page) => (
        <>
          <p>
            <Link href={areaPath("costs")}>{t("limits.back")}</Link>
          </p>
          <p>{t("limits.intro")}</p>
          <Limits page={page} again={asked.again} />
        </>
      )}
    </Frame>
  );
}

function Limits({ page, again }: { page: Told; again: () => void }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [setting, setSetting] = useState<LimitLine | "new" | null>(null);
  const [gone, setGone] = useState<LimitLine | null>(null);
  const lift = useDeed(
    (line: LimitLine) => {
      const { subject, named, measure, period } = line;
      const body: LimitName = { subject, named, measure, period };
      return client.send<LimitLine>("POST", "/api/limits/lift", body);
    },
    (line) => {
      setGone(line);
      again();
    },
  );
  const what = (line: LimitLine) => t(sortOf(line).text);
  return (
    <>
      <TroubleAlert trouble={lift.trouble} />
      {gone !== null && (
        <UndoLine
          words={t("limits.lifted", { name: subjectName(page, gone, language), what: what(gone) })}
          focused
          onUndo={async () => {
            const { subject, named, measure, period, amount } = gone;
            const body: NewLimit = { subject, named, measure, period, amount };
            await client.send("POST", "/api/limits", body);
            setGone(null);
            again();
          }}
          onClose={() => setGone(null)}
        />
      )}
      {page.limits.length === 0 ? (
        <p className="nothing">{t("limits.none")}</p>
      ) : (
        <DataTable
          caption={t("limits.caption", { count: page.limits.length })}
          columns={[
            t("limits.whose"),
            t("limits.what"),
            t("limits.most"),
            t("limits.used"),
            t("limits.setBy"),
            t("limits.do"),
          ]}
          rows={page.limits.map((line) => ({
            id: `${line.subject} ${line.named} ${line.measure} ${line.period}`,
            cells: [
              <>
                {subjectName(page, line, language)}
                <small>{t(`limits.subject.${line.subject}`)}</small>
              </>,
              what(line),
              formatAmount(language, line.measure, line.amount),
              <Used page={page} line={line} />,
              t("limits.byAt", {
                name: line.set_by,
                when: formatInstant(language, line.set_at, page.zone),
              }),
              <div className="buttons">
                <Button
                  type="button"
                  outline
                  className="small"
                  aria-label={t("limits.changeNamed", {
                    name: subjectName(page, line, language),
                    what: what(line),
                  })}
                  onClick={() => setSetting(line)}
                >
                  {t("limits.change")}
                </Button>
                <Button
                  type="button"
                  unstyled
                  aria-label={t("limits.liftNamed", {
                    name: subjectName(page, line, language),
                    what: what(line),
                  })}
                  onClick={() => lift.go(line)}
                >
                  {t("limits.lift")}
                </Button>
              </div>,
            ],
          }))}
        />
      )}
      <div className="actions">
        <Button type="button" onClick={() => setSetting("new")}>
          {t("limits.new")}
        </Button>
      </div>
      {setting !== null && (
        <LimitSheet
          page={page}
          line={setting === "new" ? null : setting}
          onSet={() => {
            setSetting(null);
            again();
          }}
          onClose={() => setSetting(null)}
        />
      )}
    </>
  );
}

/** What is used of a budget in the period under way; a minute's uses are not recorded. */
function Used({ page, line }: { page: Told; line: LimitLine }) {
  const { language, t } = useLanguage();
  if (line.used === null || line.out === null) {
    return <>{t("limits.unrecorded")}</>;
  }
  const out = Number(line.out) > 0;
  return (
    <>
      {formatAmount(language, line.measure, line.used)}
      {out && (
        <small>
          {t("limits.out", { amount: formatAmount(language, line.measure, line.out) })}
        </small>
      )}
      <small>{t("limits.until", { when: formatInstant(language, line.until, page.zone) })}</small>
    </>
  );
}
