import { Tag } from "@trussworks/react-uswds";

import type { Instrument, Names } from "../../api/orders";
import { enumerate } from "../../format";
import { useLanguage } from "../../i18n/context";
import { DataTable } from "../../parts/DataTable";
import { Section } from "../../parts/Section";
import { nameOf } from "./words";

interface Read {
  names: Names;
  issued: { instrument: Pick<Instrument, "rebindings"> };
}

/** The models that the order puts in place when it takes effect. */
export function Rebindings({ order }: { order: Read }) {
  const { language, t } = useLanguage();
  const { rebindings } = order.issued.instrument;
  if (rebindings.length === 0) {
    return null;
  }
  return (
    <Section heading={t("rebindings.heading")}>
      <DataTable
        caption={t("rebindings.caption", { count: rebindings.length })}
        columns={[t("services.name"), t("rebindings.slots"), t("services.models")]}
        rows={rebindings.map(({ service, slots, models, provisional }, index) => ({
          id: String(index),
          cells: [
            <>
              {nameOf(language, order.names.services, service)}{" "}
              <code translate="no">{service}</code>
            </>,
            enumerate(language, slots),
            <>
              {models.map((model, place) => (
                <span key={model}>
                  {place > 0 && ` ${t("services.then")} `}
                  <code translate="no">{model}</code>
                </span>
              ))}{" "}
              {provisional && <Tag>{t("services.provisional")}</Tag>}
            </>,
          ],
        }))}
      />
    </Section>
  );
}
