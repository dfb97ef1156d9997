import type { Status } from "../../api/status";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { Section } from "../../parts/Section";

export function Facts({ status }: { status: Status }) {
  const { language, t } = useLanguage();
  const { ruleset, ledger, zone } = status;
  return (
    <Section heading={t("facts.heading")}>
      <dl className="facts">
        <Fact name={t("facts.version")}>{status.version}</Fact>
        <Fact name={t("facts.now")}>{formatInstant(language, status.now, zone)}</Fact>
        {status.record !== null && (
          <Fact name={t("facts.record")}>
            {t("facts.recordOf", { when: formatInstant(language, status.record, zone) })}
          </Fact>
        )}
        <Fact name={t("facts.ruleset")}>
          {ruleset === null ? (
            t("facts.noRuleset")
          ) : (
            <>
              <code translate="no">{ruleset.version}</code>
              <small>{t("facts.rulesetDetail", { count: ruleset.instruments })}</small>
            </>
          )}
        </Fact>
        <Fact name={t("facts.ledger")}>
          {t("facts.ledgerSize", { count: ledger.size })}
          {ledger.size > 0 && (
            <small className="hash">{t("facts.root", { hash: ledger.root })}</small>
          )}
        </Fact>
        <Fact name={t("facts.keys")}>{t("facts.keysCount", { count: status.keys })}</Fact>
      </dl>
    </Section>
  );
}
