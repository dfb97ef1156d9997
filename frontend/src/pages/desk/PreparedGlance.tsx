import type { Prepared } from "../../api/desk";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { KindName } from "../../parts/KindName";
import { Section } from "../../parts/Section";
import { StateWords } from "./StateWords";
import type { Officer } from "./standing";
import { TakesEffect } from "./TakesEffect";

interface Properties {
  prepared: Prepared;
  officer: Officer;
  zone: string;
}

/** What it is, from whom, and how it stands on the desk. */
export function PreparedGlance({ prepared, officer, zone }: Properties) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("order.facts")}>
      <dl className="facts">
        <Fact name={t("desk.state")}>
          <StateWords order={prepared} officer={officer} zone={zone} />
        </Fact>
        <Fact name={t("desk.when")}>
          <TakesEffect order={prepared} zone={zone} />
        </Fact>
        <Fact name={t("order.kind")}>
          <KindName kind={prepared.kind} />
        </Fact>
        <Fact name={t("order.issuer")}>{prepared.issuer_name[language]}</Fact>
        <Fact name={t("order.id")}>
          <code translate="no">{prepared.id}</code>
        </Fact>
      </dl>
    </Section>
  );
}
