import { GridContainer } from "@trussworks/react-uswds";
import { useCallback } from "react";

import { fetchDesk } from "../../api/desk";
import { useLanguage } from "../../i18n/context";
import { PageHeading } from "../../parts/PageHeading";
import { hasRole, personOf, useSession } from "../../session/context";
import { usePolled } from "../../usePolled";
import { NowherePage } from "../Nowhere";
import { answeredBy } from "./answeredBy";
import { AREAS, isArea } from "./areas";
import { DeskNavigation } from "./DeskNavigation";
import { DeskPage } from "./DeskPage";
import { PreparedPage } from "./PreparedPage";

const POLL_MS = 5_000;
const EVERY = POLL_MS / 1000;

/** The pages below `/desk`, for officers. `rest` are the segments of the path that follow. */
export function DeskPages({ rest }: { rest: string[] }) {
  const { client, standing } = useSession();
  const officer = personOf(standing);
  const admitted = hasRole(standing, "officer");
  const load = useCallback((signal: AbortSignal) => fetchDesk(client, signal), [client]);
  const expired = standing.phase === "in" && standing.expired;
  const { polled, again } = usePolled(admitted && !expired ? load : null, POLL_MS);
  if (officer === null || !admitted) {
    return <NotAdmitted signedIn={officer !== null} />;
  }
  const [first, ...below] = rest;
  if (first !== undefined && isArea(first)) {
    const Page = AREAS[first];
    return (
      <>
        <DeskNavigation area={first} />
        <Page key={first} rest={below} />
      </>
    );
  }
  const asking = { polled: answeredBy(polled), again, every: EVERY, officer };
  const [id, ...more] = below;
  if (first === undefined) {
    return (
      <>
        <DeskNavigation area={null} />
        <DeskPage {...asking} />
      </>
    );
  }
  return first === "prepared" && id !== undefined && more.length === 0 ? (
    <>
      <DeskNavigation area={null} />
      <PreparedPage key={id} id={id} {...asking} />
    </>
  ) : (
    <NowherePage />
  );
}

function NotAdmitted({ signedIn }: { signedIn: boolean }) {
  const { t } = useLanguage();
  return (
    <GridContainer className="page">
      <PageHeading text={t("desk.heading")} />
      <p>{t(signedIn ? "desk.notYours" : "desk.signIn")}</p>
    </GridContainer>
  );
}
