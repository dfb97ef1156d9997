import { useState } from "react";

import { fetchBindings } from "../../api/administration";
import type { BindingsPage as Told, SlotLine } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { DataTable } from "../../parts/DataTable";
import { Nothing } from "../../parts/Nothing";
import { matches, Search } from "../../parts/Search";
import { Section } from "../../parts/Section";
import { BoundModels, Standing } from "./BoundModels";
import { Frame } from "./Frame";
import { usePage } from "./usePage";

const POLL_MS = 5_000;

/** Which models serve which slots, service by service. */
export function BindingsPage() {
  return (
    <Frame
      heading="bindings.heading"
      loading="bindings.loading"
      asked={usePage(fetchBindings, POLL_MS)}
    >
      {(page) => <BindingsBody page={page} />}
    </Frame>
  );
}

export function BindingsBody({ page: { slots, zone } }: { page: Told }) {
  const { t } = useLanguage();
  const [sought, seek] = useState("");
  const ids = [...new Set(slots.map((slot) => slot.service))];
  const services = ids.map((id) => slots.filter((slot) => slot.service === id));
  const shown = services.filter((its) => matches(sought, its.flatMap(wordsOf)));
  if (slots.length === 0) {
    return <Nothing what="bindings.none" todo="bindings.noneDo" command="changeover apply DIR" />;
  }
  return (
    <>
      <p>{t("bindings.intro")}</p>
      <div role="group" aria-label={t("admin.filters")} className="filters">
        <Search label={t("admin.text")} value={sought} onChange={seek} />
      </div>
      <p role="status" className="usa-sr-only">
        {t("services.caption", { count: shown.length })}
      </p>
      {shown.length === 0 && <p className="nothing">{t("bindings.noMatch")}</p>}
      {shown.map((its) => (
        <ServiceBindings key={its[0]?.service} slots={its} zone={zone} />
      ))}
    </>
  );
}

function wordsOf(slot: SlotLine): string[] {
  const { service, service_name: name, party, models } = slot;
  const named = models.flatMap((model) => [model.name, model.model?.name ?? ""]);
  return [service, name.en, name.fr, party, ...named];
}

function ServiceBindings({ slots, zone }: { slots: readonly SlotLine[]; zone: string }) {
  const { language, t } = useLanguage();
  const [service] = slots;
  if (service === undefined) {
    return null;
  }
  const name = service.service_name[language];
  return (
    <Section heading={name} className="service-bindings">
      <p className="muted">
        <code translate="no">{service.service}</code>{" "}
        {t("bindings.party", { party: service.party })}.{" "}
        {t(service.when_barred === "replace" ? "bindings.replaces" : "bindings.refuses")}
        {service.losses === "refuse" && ` ${t("bindings.refusesLosses")}`}
      </p>
      <DataTable
        caption={t("bindings.caption", { service: name })}
        columns={[
          t("bindings.slot"),
          t("bindings.models"),
          t("bindings.answers"),
          t("bindings.since"),
        ]}
        rows={slots.map((slot) => ({
          id: slot.slot,
          cells: [
            <span translate="no">{slot.slot}</span>,
            <BoundModels models={slot.models} zone={zone} />,
            slot.answers === null ? (
              <span className="muted">{t("bindings.nobody")}</span>
            ) : (
              slot.answers.name
            ),
            <Standing slot={slot} zone={zone} />,
          ],
        }))}
      />
    </Section>
  );
}
