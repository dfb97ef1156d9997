import { GridContainer } from "@trussworks/react-uswds";

import type { OrderList } from "../api/orders";
import { useLanguage } from "../i18n/context";
import { Connection } from "../parts/Connection";
import { Demonstration } from "../parts/Demonstration";
import { OrderTable } from "../parts/OrderTable";
import { PageHeading } from "../parts/PageHeading";
import { knownValue, type Polled } from "../polling";

interface Properties {
  polled: Polled<OrderList>;
  again: () => void;
  /** Seconds between two questions to the server. */
  every: number;
}

/** Every order on record, the last recorded first. */
export function OrdersPage({ polled, again, every }: Properties) {
  const { t } = useLanguage();
  const list = knownValue(polled);
  return (
    <GridContainer className="page">
      <PageHeading text={t("orders.heading")} />
      <Connection polled={polled} again={again} every={every} loading="orders.loading" />
      {list !== null && (
        <>
          {list.demonstration && <Demonstration now={list.now} zone={list.zone} />}
          <p>{t("orders.intro")}</p>
          <OrderTable orders={list.orders} zone={list.zone} />
          <p className="updates">{t("status.updates", { seconds: every })}</p>
        </>
      )}
    </GridContainer>
  );
}
