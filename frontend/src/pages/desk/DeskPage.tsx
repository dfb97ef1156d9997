import { GridContainer } from "@trussworks/react-uswds";

import type { Desk, Prepared } from "../../api/desk";
import { useLanguage } from "../../i18n/context";
import { Connection } from "../../parts/Connection";
import { DataTable } from "../../parts/DataTable";
import { Demonstration } from "../../parts/Demonstration";
import { KindName } from "../../parts/KindName";
import { Link } from "../../parts/Link";
import { PageHeading } from "../../parts/PageHeading";
import { Section } from "../../parts/Section";
import { knownValue, type Polled } from "../../polling";
import { preparedPath } from "../../route";
import { Inbox } from "./Inbox";
import { StateWords } from "./StateWords";
import { TakesEffect } from "./TakesEffect";
import type { Officer } from "./standing";

interface Properties {
  polled: Polled<Desk>;
  again: () => void;
  /** Seconds between two questions to the server. */
  every: number;
  officer: Officer;
}

/** What waits for an officer: entered orders first, for they need a decision. */
export function DeskPage({ polled, again, every, officer }: Properties) {
  const { t } = useLanguage();
  const desk = knownValue(polled);
  return (
    <GridContainer className="page">
      <PageHeading text={t("desk.heading")} />
      <Connection polled={polled} again={again} every={every} loading="desk.loading" />
      {desk !== null && (
        <>
          {desk.demonstration && <Demonstration now={desk.now} zone={desk.zone} />}
          <Inbox />
          <p>{t("desk.intro")}</p>
          <Waiting desk={desk} state="entered" officer={officer} />
          <Waiting desk={desk} state="prepared" officer={officer} />
          <p className="updates">{t("status.updates", { seconds: every })}</p>
        </>
      )}
    </GridContainer>
  );
}

interface WaitingProperties {
  desk: Desk;
  state: Prepared["state"];
  officer: Officer;
}

const WORDS = {
  entered: { heading: "desk.waiting", none: "desk.noneWaiting", caption: "desk.waitingCaption" },
  prepared: { heading: "desk.prepared", none: "desk.nonePrepared", caption: "desk.preparedCaption" },
} as const;

function Waiting({ desk: { prepared, zone }, state, officer }: WaitingProperties) {
  const { language, t } = useLanguage();
  const { heading, none, caption } = WORDS[state];
  const orders = prepared.filter((order) => order.state === state);
  return (
    <Section heading={t(heading)}>
      {orders.length === 0 ? (
        <p className="nothing">{t(none)}</p>
      ) : (
        <DataTable
          caption={t(caption, { count: orders.length })}
          columns={[
            t("desk.order"),
            t("desk.issuer"),
            t("orders.kind"),
            t("desk.when"),
            t("desk.state"),
          ]}
          rows={orders.map((order) => ({
            id: order.id,
            cells: [
              <>
                <Link href={preparedPath(order.id)}>{order.title[language]}</Link>{" "}
                <code translate="no">{order.id}</code>
              </>,
              order.issuer_name[language],
              <KindName kind={order.kind} />,
              <TakesEffect order={order} zone={zone} />,
              <StateWords order={order} officer={officer} zone={zone} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}
