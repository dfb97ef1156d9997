import type { Source } from "../../api/orders";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { Section } from "../../parts/Section";

interface Properties {
  sources: Source[];
  zone: string;
}

/** Where the text was found, when it was captured and the digest of what was captured. */
export function Sources({ sources, zone }: Properties) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("sources.heading")}>
      {sources.length === 0 && <p className="nothing">{t("sources.none")}</p>}
      {sources.map(({ address, account, captured, sha256 }) => (
        <dl key={`${address} ${sha256} ${captured}`} className="facts source">
          <Fact name={t("sources.address")}>
            <code translate="no">{address}</code>
          </Fact>
          {account !== null && <Fact name={t("sources.account")}>{account}</Fact>}
          <Fact name={t("sources.captured")}>{formatInstant(language, captured, zone)}</Fact>
          <Fact name={t("sources.digest")}>
            <code translate="no">{sha256}</code>
          </Fact>
        </dl>
      ))}
    </Section>
  );
}
