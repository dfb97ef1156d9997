import type { Order } from "../../api/orders";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { KindName } from "../../parts/KindName";
import { Section } from "../../parts/Section";
import { StatusTag } from "../../parts/StatusTag";
import { orderPoint } from "./standing";

/** What it is, from whom, and how it stands now. */
export function Glance({ order }: { order: Order }) {
  const { language, t } = useLanguage();
  const { summary, zone } = order;
  return (
    <Section heading={t("order.facts")}>
      <dl className="facts">
        <Fact name={t("order.status")}>
          <StatusTag {...orderPoint(order)} zone={zone} />
        </Fact>
        <Fact name={t("order.kind")}>
          <KindName kind={summary.kind} />
        </Fact>
        <Fact name={t("order.issuer")}>{summary.issuer_name[language]}</Fact>
        <Fact name={t("order.id")}>
          <code translate="no">{summary.id}</code>
        </Fact>
      </dl>
    </Section>
  );
}
