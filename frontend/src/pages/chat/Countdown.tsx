import type { ModelChoice } from "../../api/schema";
import { formatDeadline, formatLeft } from "../../format";
import { useLanguage } from "../../i18n/context";
import { OrderName } from "../../parts/OrderName";

const DAY_MS = 86_400_000;
/** A deadline is told of from so many days before it. */
const TOLD_DAYS = 30;

interface Properties {
  model: ModelChoice;
  /** The organisation's clock. */
  now: string;
  zone: string;
}

/**
 * How long a model may still be asked that an order winds down. The day is read out; what counts
 * down beside it is for the eye, and no live region: nobody is interrupted by a clock.
 */
export function Countdown({ model, now, zone }: Properties) {
  const { language, t } = useLanguage();
  if (model.deadline === null) {
    return null;
  }
  const left = Date.parse(model.deadline) - Date.parse(now);
  if (left <= 0 || left > TOLD_DAYS * DAY_MS) {
    return null;
  }
  return (
    <p className="note countdown">
      {t("countdown.until", {
        model: model.name,
        when: formatDeadline(language, model.deadline, zone),
      })}{" "}
      <strong aria-hidden="true">{formatLeft(language, left)}</strong>{" "}
      {model.order !== null && <OrderName order={model.order} />}
    </p>
  );
}
