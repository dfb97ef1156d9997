import { GridContainer } from "@trussworks/react-uswds";

import type { Status } from "../api";
import { useLanguage } from "../i18n/context";
import type { Polled } from "../polling";
import { Connection } from "./status/Connection";
import { Demonstration } from "./status/Demonstration";
import { Facts } from "./status/Facts";
import { Instruments } from "./status/Instruments";
import { Next } from "./status/Next";
import { Routes } from "./status/Routes";
import { Services } from "./status/Services";

export interface Properties {
  polled: Polled<Status>;
  again: () => void;
  /** Seconds between two questions to the server. */
  every: number;
}

/** What is running: version, clock, services and their models, routes, instruments, ledger. */
export function StatusPage({ polled, again, every }: Properties) {
  const { t } = useLanguage();
  const status = known(polled);
  return (
    <GridContainer className="page">
      <h1>{t("status.heading")}</h1>
      <Connection polled={polled} again={again} every={every} />
      {status !== null && (
        <>
          {status.demonstration && <Demonstration status={status} />}
          <div className="beside">
            <Facts status={status} />
            <Next status={status} />
          </div>
          <Services services={status.services} />
          <Routes routes={status.routes} />
          <Instruments instruments={status.instruments} zone={status.zone} />
          <p className="updates">{t("status.updates", { seconds: every })}</p>
        </>
      )}
    </GridContainer>
  );
}

function known(polled: Polled<Status>): Status | null {
  switch (polled.phase) {
    case "loading":
      return null;
    case "ready":
      return polled.value;
    case "lost":
      return polled.known?.value ?? null;
  }
}
