import { GridContainer } from "@trussworks/react-uswds";

import { isNotFound } from "../api/asking";
import type { Order } from "../api/orders";
import { useLanguage } from "../i18n/context";
import { Connection } from "../parts/Connection";
import { Demonstration } from "../parts/Demonstration";
import { Link } from "../parts/Link";
import { PageHeading } from "../parts/PageHeading";
import { knownValue, type Polled } from "../polling";
import { ORDERS_PATH } from "../route";
import { Clauses } from "./order/Clauses";
import { Deeds } from "./order/Deeds";
import { Glance } from "./order/Glance";
import { Instants } from "./order/Instants";
import { OverTime } from "./order/OverTime";
import { Rebindings } from "./order/Rebindings";
import { RelatedOrders } from "./order/RelatedOrders";
import { Sources } from "./order/Sources";
import { WhatCanBeDone } from "./order/WhatCanBeDone";
import { WhoRecorded } from "./order/WhoRecorded";

/** That there is no such order is an answer too. */
const ANSWERED: Polled<null> = { phase: "ready", value: null };

interface Properties {
  id: string;
  polled: Polled<Order>;
  again: () => void;
  /** Seconds between two questions to the server. */
  every: number;
  /** The day whose status is shown, empty for now. */
  at: string;
  onDay: (day: string) => void;
}

/** One order: its status, its instants, its words and how they are read, and its proof. */
export function OrderPage({ id, polled, again, every, at, onDay }: Properties) {
  const { language, t } = useLanguage();
  const missing = polled.phase === "lost" && isNotFound(polled.error);
  const order = missing ? null : knownValue(polled);
  const heading = missing
    ? t("order.missing", { id })
    : (order?.summary.title[language] ?? t("order.heading", { id }));
  return (
    <GridContainer className="page">
      <PageHeading text={heading} />
      <Connection
        polled={missing ? ANSWERED : polled}
        again={again}
        every={every}
        loading="order.loading"
        loaded={heading}
      />
      {missing && <Missing />}
      {order !== null && <Body order={order} every={every} at={at} onDay={onDay} />}
    </GridContainer>
  );
}

type BodyProperties = Pick<Properties, "every" | "at" | "onDay"> & { order: Order };

function Body({ order, every, at, onDay }: BodyProperties) {
  const { t } = useLanguage();
  return (
    <>
      {order.demonstration && <Demonstration now={order.now} zone={order.zone} />}
      <div className="halves">
        <Glance order={order} />
        <Instants order={order} />
      </div>
      <OverTime order={order} at={at} onDay={onDay} />
      <Deeds deeds={order.deeds} names={order.names} zone={order.zone} />
      <Clauses order={order} />
      <Rebindings order={order} />
      <RelatedOrders related={order.related} zone={order.zone} />
      <Sources sources={order.issued.instrument.sources} zone={order.zone} />
      <WhoRecorded order={order} />
      <WhatCanBeDone id={order.summary.id} />
      <p className="updates">{t("status.updates", { seconds: every })}</p>
    </>
  );
}

function Missing() {
  const { t } = useLanguage();
  return (
    <>
      <p>{t("order.missingMeans")}</p>
      <p>
        <Link href={ORDERS_PATH}>{t("order.all")}</Link>
      </p>
    </>
  );
}
