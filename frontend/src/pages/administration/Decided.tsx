import { Tag } from "@trussworks/react-uswds";

import type { DecisionTold } from "../../api/schema";
import { formatDeadline } from "../../format";
import { useLanguage } from "../../i18n/context";
import { isKey } from "../../i18n/translate";
import { OrderName } from "../../parts/OrderName";

const TAGS = { allow: "tag-operative", notice: "tag-winding-down", refuse: "tag-stayed" } as const;

interface Properties {
  decision: DecisionTold;
  zone: string;
}

/** What is decided, why in words, and the orders that it rests on. */
export function Decided({ decision, zone }: Properties) {
  const { language, t } = useLanguage();
  const { outcome, because, deadline, orders } = decision;
  const held = because === "held";
  const why = `because.${because}`;
  const words = [
    ...(deadline === null
      ? []
      : [t("routePage.until", { when: formatDeadline(language, deadline, zone) })]),
    ...(outcome === "allow" ? [] : [isKey(why) ? t(why) : because]),
  ];
  return (
    <>
      <Tag className={held ? "tag-pending" : TAGS[outcome]}>
        {t(held ? "decided.held" : `decided.${outcome}`)}
      </Tag>{" "}
      {words.join(", ")}
      {orders.length > 0 && (
        <ul className="cited">
          {orders.map((order) => (
            <li key={order.id}>
              <OrderName order={order} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
