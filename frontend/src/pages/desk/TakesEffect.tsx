import type { Prepared } from "../../api/desk";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";

interface Properties {
  order: Pick<Prepared, "at_once" | "takes_effect">;
  zone: string;
}

/** When an order takes effect: on its date, or at once where it was entered so. */
export function TakesEffect({ order, zone }: Properties) {
  const { language, t } = useLanguage();
  if (order.takes_effect === null) {
    return t("desk.announcedOnly");
  }
  return order.at_once === true
    ? t("desk.atOnce")
    : formatInstant(language, order.takes_effect, zone);
}
