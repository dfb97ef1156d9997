import type { InstrumentLine } from "../../api/orders";
import { useLanguage } from "../../i18n/context";
import { OrderTable } from "../../parts/OrderTable";
import { Section } from "../../parts/Section";

interface Properties {
  instruments: InstrumentLine[];
  zone: string;
}

export function Instruments({ instruments, zone }: Properties) {
  const { t } = useLanguage();
  return (
    <Section heading={t("instruments.heading")}>
      <OrderTable orders={instruments} zone={zone} />
    </Section>
  );
}
