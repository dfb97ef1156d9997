import { GridContainer } from "@trussworks/react-uswds";

import type { Status } from "../api/status";
import { useLanguage } from "../i18n/context";
import { Connection } from "../parts/Connection";
import { Demonstration } from "../parts/Demonstration";
import { PageHeading } from "../parts/PageHeading";
import { knownValue, type Polled } from "../polling";
import { Facts } from "./status/Facts";
import { Instruments } from "./status/Instruments";
import { Next } from "./status/Next";
import { Routes } from "./status/Routes";
import { Services } from "./status/Services";

interface Properties {
  polled: Polled<Status>;
  again: () => void;
  /** Seconds between two questions to the server. */
  every: number;
}

/** What is running: version, clock, services and their models, routes, instruments, ledger. */
export function StatusPage({ polled, again, every }: Properties) {
  const { t } = useLanguage();
  const status = knownValue(polled);
  return (
    <GridContainer className="page">
      <PageHeading text={t("status.heading")} />
      <Connection polled={polled} again={again} every={every} loading="status.loading" />
      {status !== null && (
        <>
          {status.demonstration && (
            <Demonstration
              now={status.now}
              zone={status.zone}
              standIns={status.routes.some((route) => route.stand_in)}
            />
          )}
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
