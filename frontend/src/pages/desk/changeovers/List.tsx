import type { Client } from "../../../api/client";
import type { ChangeoversPage } from "../../../api/schema";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { DataTable } from "../../../parts/DataTable";
import { Demonstration } from "../../../parts/Demonstration";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { knownValue } from "../../../polling";
import { areaPath } from "../../../route";
import { usePage } from "../../administration/usePage";
import { MoveTag } from "./MoveTag";

const POLL_MS = 10_000;
const fetchAll = (client: Client, signal: AbortSignal): Promise<ChangeoversPage> =>
  client.get<ChangeoversPage>("/api/desk/changeovers", signal);

/** Every changeover, the newest first, each with how its services stand. */
export function List() {
  const { language, t } = useLanguage();
  const asked = usePage(fetchAll, POLL_MS);
  const page = knownValue(asked.polled);
  return (
    <>
      <PageHeading text={t("changeovers.heading")} />
      <Connection {...asked} loading="changeovers.loading" />
      {page?.demonstration === true && <Demonstration now={page.now} zone={page.zone} />}
      <p>{t("changeovers.intro")}</p>
      <p>
        <Link href={areaPath("changeovers", "new")} className="usa-button">
          {t("changeovers.new")}
        </Link>
      </p>
      {page?.changeovers.length === 0 && <p className="nothing">{t("changeovers.none")}</p>}
      {page !== null && page.changeovers.length > 0 && (
        <DataTable
          caption={t("changeovers.caption", { count: page.changeovers.length })}
          columns={[
            t("changeovers.changeover"),
            t("changeovers.from"),
            t("changeovers.services"),
            t("changeovers.plannedBy"),
          ]}
          rows={page.changeovers.map((one) => ({
            id: one.id,
            cells: [
              <Link href={areaPath("changeovers", one.id)}>{one.title[language]}</Link>,
              one.effective == null
                ? t("changeovers.notIssued")
                : formatInstant(language, one.effective, page.zone),
              <ul className="lines">
                {one.moves.map((move) => (
                  <li key={`${move.service} ${move.slots.join()}`}>
                    {move.service_name[language]} <MoveTag stands={move.stands} />
                  </li>
                ))}
              </ul>,
              one.by,
            ],
          }))}
        />
      )}
    </>
  );
}
