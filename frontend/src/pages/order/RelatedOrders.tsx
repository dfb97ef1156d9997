import type { Related } from "../../api/orders";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { OrderLink } from "../../parts/OrderLink";
import { Section } from "../../parts/Section";
import { StatusTag } from "../../parts/StatusTag";

const RELATIONS = ["implements", "implemented_by", "rescinds", "rescinded_by"] as const;

interface Properties {
  related: Related;
  zone: string;
}

/** What the order implements or rescinds, and what implements or rescinds it. */
export function RelatedOrders({ related, zone }: Properties) {
  const { t } = useLanguage();
  const there = RELATIONS.filter((relation) => related[relation].length > 0);
  return (
    <Section heading={t("related.heading")}>
      {there.length === 0 ? (
        <p className="nothing">{t("related.none")}</p>
      ) : (
        <dl className="facts">
          {there.map((relation) => (
            <Fact key={relation} name={t(`related.${relation}`)}>
              <ul className="lines">
                {related[relation].map((order) => (
                  <li key={order.id}>
                    <OrderLink order={order} />{" "}
                    <StatusTag
                      status={order.status}
                      at={order.status === "winding-down" ? order.deadline : null}
                      zone={zone}
                    />
                  </li>
                ))}
              </ul>
            </Fact>
          ))}
        </dl>
      )}
    </Section>
  );
}
