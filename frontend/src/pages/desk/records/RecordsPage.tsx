import { Link } from "../../../parts/Link";
import { areaPath } from "../../../route";
import { useLanguage } from "../../../i18n/context";
import type { Client } from "../../../api/client";
import type { RecordsPage as Told } from "../../../api/schema";
import { Frame } from "../../administration/Frame";
import { usePage } from "../../administration/usePage";
import { NowherePage } from "../../Nowhere";
import type { AreaProperties } from "../areas";
import { FeedbackPage } from "./FeedbackPage";
import { Holds } from "./Holds";
import { Proposed } from "./Proposed";
import { Rules } from "./Rules";

const POLL_MS = 15_000;
const fetchRecords = (client: Client, signal: AbortSignal): Promise<Told> =>
  client.get<Told>("/api/desk/records", signal);

/** How long conversations are kept, and what keeps them longer; below it, what was said of answers. */
export default function RecordsPage({ rest }: AreaProperties) {
  if (rest.length === 0) {
    return <Kept />;
  }
  return rest.length === 1 && rest[0] === "feedback" ? <FeedbackPage /> : <NowherePage />;
}

function Kept() {
  const { t } = useLanguage();
  const asked = usePage(fetchRecords, POLL_MS);
  return (
    <Frame heading="records.heading" loading="records.loading" asked={asked}>
      {(page) => (
        <>
          <p>{t("records.intro")}</p>
          <p>
            <Link href={areaPath("records", "feedback")}>{t("feedback.heading")}</Link>
          </p>
          {page.proposed.length > 0 && <Proposed page={page} again={asked.again} />}
          <Holds page={page} again={asked.again} />
          <Rules page={page} again={asked.again} />
        </>
      )}
    </Frame>
  );
}
