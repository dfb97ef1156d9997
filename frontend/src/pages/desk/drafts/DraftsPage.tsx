import { GridContainer } from "@trussworks/react-uswds";
import { useCallback } from "react";

import { fetchChoices, fetchDraft } from "../../../api/drafts";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { PageHeading } from "../../../parts/PageHeading";
import { knownValue } from "../../../polling";
import { useSession } from "../../../session/context";
import { usePolled } from "../../../usePolled";
import { NowherePage } from "../../Nowhere";
import { answeredBy } from "../answeredBy";
import type { AreaProperties } from "../areas";
import { ChooseAct } from "./ChooseAct";
import { DraftList } from "./DraftList";
import { DraftPage } from "./DraftPage";

const POLL_MS = 10_000;

/** Officers' drafts: all of them, choosing what to begin, and one of them. */
export default function DraftsPage({ rest }: AreaProperties) {
  const [first, ...more] = rest;
  if (more.length > 0) {
    return <NowherePage />;
  }
  if (first === undefined) {
    return <DraftList />;
  }
  const about = new URLSearchParams(location.search).get("about");
  return first === "new" ? (
    <ChooseAct key={about ?? ""} about={about} />
  ) : (
    <Loaded key={first} id={first} />
  );
}

/** A draft with what its fields choose from, once both are there. */
function Loaded({ id }: { id: string }) {
  const { t } = useLanguage();
  const { client, standing } = useSession();
  const expired = standing.phase === "in" && standing.expired;
  const load = useCallback(
    async (signal: AbortSignal) => {
      const draft = await fetchDraft(client, id, signal);
      return { draft, choices: await fetchChoices(client, draft.about, signal) };
    },
    [client, id],
  );
  const { polled, again } = usePolled(expired ? null : load, POLL_MS);
  const loaded = knownValue(polled);
  return (
    <GridContainer className="page">
      {loaded === null && <PageHeading text={t("drafts.one")} />}
      <Connection
        polled={answeredBy(polled)}
        again={again}
        every={POLL_MS / 1000}
        loading="drafts.loading"
      />
      {loaded !== null && <DraftPage told={loaded.draft} choices={loaded.choices} />}
    </GridContainer>
  );
}
