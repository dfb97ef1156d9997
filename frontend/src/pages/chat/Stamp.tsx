import { Tag } from "@trussworks/react-uswds";

import type { Served, Turn } from "../../api/schema";
import { formatDeadline, formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { OrderName } from "../../parts/OrderName";

interface Properties {
  turn: Turn;
  served: Served;
  zone: string;
}

/** Which vendor's model wrote an answer, in a line; the rest on demand. */
export function Stamp({ turn, served, zone }: Properties) {
  const { language, t } = useLanguage();
  return (
    <div className="stamp">
      <div className="stamp-line">
        <span>
          {t("stamp.by", { model: served.model_name, maker: served.maker_name[language] })}
        </span>
        {served.stand_in && <Tag className="tag-stand-in">{t("stamp.standIn")}</Tag>}
        {served.deadline !== null && (
          <span>{t("stamp.until", { when: formatDeadline(language, served.deadline, zone) })}</span>
        )}
      </div>
      <details>
        <summary>{t("stamp.details")}</summary>
        <Details turn={turn} served={served} zone={zone} />
      </details>
    </div>
  );
}

function Details({ turn, served, zone }: Properties) {
  const { language, t } = useLanguage();
  const tokens = tokenWords(served);
  return (
    <dl className="facts">
      <Fact name={t("stamp.why")}>{served.why[language]}</Fact>
      {served.stand_in && <Fact name={t("stamp.standIn")}>{t("stamp.standInMeans")}</Fact>}
      <Fact name={t("stamp.orders")}>
        {served.instruments.length === 0 ? (
          t("stamp.noOrders")
        ) : (
          <ul className="lines">
            {served.instruments.map((order) => (
              <li key={order.id}>
                <OrderName order={order} />
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name={t("stamp.route")}>
        <code translate="no">{served.route}</code>
      </Fact>
      <Fact name={t("stamp.host")}>{served.host_name[language]}</Fact>
      {served.version !== null && (
        <Fact name={t("stamp.version")}>
          <code translate="no">{served.version}</code>
        </Fact>
      )}
      {served.replaced !== null && (
        <Fact name={t("stamp.replaced")}>
          <code translate="no">{served.replaced}</code>
        </Fact>
      )}
      {turn.instructed && (
        <Fact name={t("stamp.instructed")}>{t("stamp.instructedMeans")}</Fact>
      )}
      <Fact name={t("stamp.losses")}>
        {served.losses.length === 0 ? (
          t("stamp.noLosses")
        ) : (
          <code translate="no">{served.losses.join(", ")}</code>
        )}
      </Fact>
      {tokens !== null && <Fact name={t("stamp.tokens")}>{t("stamp.tokenCounts", tokens)}</Fact>}
      <Fact name={t("stamp.written")}>{formatInstant(language, turn.created, zone)}</Fact>
      <Fact name={t("facts.ruleset")}>
        <code className="hash" translate="no">
          {served.ruleset}
        </code>
      </Fact>
      {served.demonstration && <Fact name={t("demo.heading")}>{t("stamp.demonstration")}</Fact>}
    </dl>
  );
}

/** The counts that the vendor told; null where it told neither. */
export function tokenWords(served: Served): { input: number; output: number } | null {
  const { input_tokens: input, output_tokens: output } = served;
  return input === null || output === null ? null : { input, output };
}
