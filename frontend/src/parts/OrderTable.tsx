import type { InstrumentLine } from "../api/orders";
import { formatInstant } from "../format";
import { useLanguage } from "../i18n/context";
import { DataTable } from "./DataTable";
import { KindName } from "./KindName";
import { Nothing } from "./Nothing";
import { OrderLink } from "./OrderLink";
import { StatusTag } from "./StatusTag";

interface Properties {
  orders: InstrumentLine[];
  zone: string;
}

/** Orders with issuer, kind, status and effect, each leading to its page. */
export function OrderTable({ orders, zone }: Properties) {
  const { language, t } = useLanguage();
  if (orders.length === 0) {
    return (
      <Nothing
        what="instruments.none"
        todo="instruments.noneDo"
        command="changeover orders issue DRAFT"
      />
    );
  }
  return (
    <DataTable
      caption={t("instruments.caption", { count: orders.length })}
      columns={[
        t("instruments.title"),
        t("instruments.issuer"),
        t("orders.kind"),
        t("instruments.status"),
        t("instruments.effect"),
      ]}
      rows={orders.map((order) => ({
        id: order.id,
        cells: [
          <OrderLink order={order} />,
          order.issuer_name[language],
          <KindName kind={order.kind} />,
          <StatusTag
            status={order.status}
            at={order.status === "winding-down" ? order.deadline : null}
            zone={zone}
          />,
          order.takes_effect === null
            ? t("instruments.noEffect")
            : formatInstant(language, order.takes_effect, zone),
        ],
      }))}
    />
  );
}
