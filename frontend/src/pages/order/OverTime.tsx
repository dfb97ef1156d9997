import type { Order } from "../../api/orders";
import { formatDeadline } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { TextField } from "../../parts/form/fields";
import { OrderLink } from "../../parts/OrderLink";
import { Section } from "../../parts/Section";
import { StatusTag } from "../../parts/StatusTag";

interface Properties {
  order: Order;
  /** The day whose status is shown, empty for now. */
  at: string;
  onDay: (day: string) => void;
}

/** How the order stands over time and on any day, and what was done to it. */
export function OverTime({ order, at, onDay }: Properties) {
  const { language, t } = useLanguage();
  const { phases, history, zone, summary } = order;
  const when = (instant: string) => formatDeadline(language, instant, zone);
  return (
    <Section heading={t("overTime.heading")}>
      <ul className="lines">
        {phases.map(({ since, until, status }) => (
          <li key={since}>
            <StatusTag status={status} />{" "}
            {until === null
              ? t("overTime.open", { since: when(since) })
              : t("overTime.span", { since: when(since), until: when(until) })}
          </li>
        ))}
      </ul>
      <div className="filters">
        <TextField label={t("overTime.on")} type="date" value={at} onChange={onDay} />
      </div>
      <p role="status">
        {at !== "" && (
          <>
            {t("overTime.then", { when: when(order.at) })}{" "}
            <StatusTag status={summary.status} />
          </>
        )}
      </p>
      {history.length > 0 && (
        <dl className="facts">
          {history.map((act) => (
            <Fact
              key={act.instrument + act.act}
              name={t(`board.act.${act.act}` as "board.act.stay")}
            >
              <OrderLink order={{ id: act.instrument, title: act.title }} />
              {act.at !== null && <>, {when(act.at)}</>}
            </Fact>
          ))}
        </dl>
      )}
    </Section>
  );
}
