import type { InstrumentLine } from "../api/orders";
import { useLanguage } from "../i18n/context";
import { orderPath } from "../route";
import { Link } from "./Link";

/** An order's title, leading to its page, and its identifier. */
export function OrderLink({ order }: { order: InstrumentLine }) {
  const { language } = useLanguage();
  return (
    <>
      <Link href={orderPath(order.id)}>{order.title[language]}</Link>{" "}
      <code translate="no">{order.id}</code>
    </>
  );
}
