import { Tag } from "@trussworks/react-uswds";

import type { Instrument } from "../../api";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { CATALOGUES, type Key } from "../../i18n/translate";
import { DataTable } from "../../parts/DataTable";
import { Nothing } from "../../parts/Nothing";
import { Section } from "../../parts/Section";

interface Properties {
  instruments: Instrument[];
  zone: string;
}

export function Instruments({ instruments, zone }: Properties) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("instruments.heading")}>
      {instruments.length === 0 ? (
        <Nothing
          what="instruments.none"
          todo="instruments.noneDo"
          command="changeover orders issue DRAFT"
        />
      ) : (
        <DataTable
          caption={t("instruments.caption", { count: instruments.length })}
          columns={[
            t("instruments.title"),
            t("instruments.issuer"),
            t("instruments.status"),
            t("instruments.effect"),
          ]}
          rows={instruments.map((instrument) => ({
            id: instrument.id,
            cells: [
              <>
                {instrument.title[language]} <code translate="no">{instrument.id}</code>
              </>,
              instrument.issuer,
              <StatusTag status={instrument.status} />,
              instrument.takes_effect === null
                ? t("instruments.noEffect")
                : formatInstant(language, instrument.takes_effect, zone),
            ],
          }))}
        />
      )}
    </Section>
  );
}

function StatusTag({ status }: { status: string }) {
  const { t } = useLanguage();
  const key = `instruments.${status}`;
  return <Tag className={`tag-${status}`}>{isKey(key) ? t(key) : status}</Tag>;
}

function isKey(key: string): key is Key {
  return Object.hasOwn(CATALOGUES.en, key);
}
