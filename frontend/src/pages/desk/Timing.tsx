import { Fieldset, Radio } from "@trussworks/react-uswds";

import type { Prepared } from "../../api/desk";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";

export interface TimingChoice {
  atOnce: boolean;
  choose: (atOnce: boolean) => void;
}

interface Properties {
  order: Pick<Prepared, "takes_effect">;
  timing: TimingChoice;
  now: string;
  zone: string;
}

/** Whether the order takes effect on its date or at once; what is only announced has no choice. */
export function Timing({ order: { takes_effect: date }, timing, now, zone }: Properties) {
  const { language, t } = useLanguage();
  if (date === null) {
    return null;
  }
  const past = Date.parse(date) <= Date.parse(now);
  const when = formatInstant(language, date, zone);
  const { atOnce, choose } = timing;
  return (
    <Fieldset legend={t("timing.legend")} className="timing page-section">
      <Radio
        id="timing-date"
        name="timing"
        label={t(past ? "timing.onDatePast" : "timing.onDate", { when })}
        labelDescription={t("timing.dateMeans")}
        checked={!atOnce}
        onChange={() => choose(false)}
      />
      <Radio
        id="timing-at-once"
        name="timing"
        label={t("timing.atOnce")}
        labelDescription={t("timing.atOnceMeans")}
        checked={atOnce}
        onChange={() => choose(true)}
      />
    </Fieldset>
  );
}
