import type { OrderRef } from "../api/schema";
import { useLanguage } from "../i18n/context";
import { orderPath } from "../route";
import { Link } from "./Link";

/** An order's title, leading to its page, and who issued it. */
export function OrderName({ order }: { order: OrderRef }) {
  const { language, t } = useLanguage();
  return (
    <>
      <Link href={orderPath(order.id)}>{order.title[language]}</Link>{" "}
      <span className="muted">{t("order.by", { issuer: order.issuer_name[language] })}</span>
    </>
  );
}
