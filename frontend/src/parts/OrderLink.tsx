import type { InstrumentLine } from "../api/orders";
import { useLanguage } from "../i18n/context";
import { orderPath } from "../route";
import { Link } from "./Link";

/** An order's title, leading to its page, and its identifier. */
export function OrderLink({ order }: { order: Pick<InstrumentLine, "id" | "title"> }) {
  const { language } = useLanguage();
  return (
    <>
      <Link href={orderPath(order.id)}>{order.title[language]}</Link>{" "}
      <code translate="no">{order.id}</code>
    </>
  );
}
