import { Tag } from "@trussworks/react-uswds";

import type { Binding, Service } from "../../api/status";
import { useLanguage } from "../../i18n/context";
import { DataTable } from "../../parts/DataTable";
import { Nothing } from "../../parts/Nothing";
import { Section } from "../../parts/Section";

export function Services({ services }: { services: Service[] }) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("services.heading")}>
      {services.length === 0 ? (
        <Nothing what="services.none" todo="services.noneDo" command="changeover apply DIR" />
      ) : (
        <DataTable
          caption={t("services.caption", { count: services.length })}
          columns={[
            t("services.name"),
            t("services.party"),
            t("services.network"),
            t("services.models"),
          ]}
          rows={services.map((service) => ({
            id: service.id,
            cells: [
              <>
                {service.name[language]} <code translate="no">{service.id}</code>
              </>,
              service.party,
              service.network,
              <Bindings bindings={service.bindings} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function Bindings({ bindings }: { bindings: Binding[] }) {
  const { t } = useLanguage();
  if (bindings.length === 0) {
    return t("services.unbound");
  }
  return (
    <ul className="bindings">
      {bindings.map((binding) => (
        <li key={binding.slot}>
          <span className="slot">{binding.slot}</span>{" "}
          <span>
            {binding.models.map((model, index) => (
              <span key={model}>
                {index > 0 && ` ${t("services.then")} `}
                <code translate="no">{model}</code>
              </span>
            ))}{" "}
            {binding.provisional && <Tag>{t("services.provisional")}</Tag>}
          </span>
        </li>
      ))}
    </ul>
  );
}
