import type { Order } from "../../api/orders";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { Section } from "../../parts/Section";

/** Who entered the order and who confirmed it: entering is not issuing. */
export function WhoRecorded({ order: { issued, zone } }: { order: Order }) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("record.heading")}>
      <dl className="facts">
        <Fact name={t("record.entered")}>{issued.entered_by}</Fact>
        <Fact name={t("record.confirmed")}>
          {issued.confirmed_by ?? <span className="muted">{t("record.nobody")}</span>}
        </Fact>
        {issued.origin != null && (
          <Fact name={t("record.origin")}>
            {t("record.originOf", {
              installation: issued.origin.installation,
              when: formatInstant(language, issued.origin.recorded, zone),
            })}
          </Fact>
        )}
        <Fact name={t("instants.recorded")}>{formatInstant(language, issued.recorded, zone)}</Fact>
      </dl>
    </Section>
  );
}
