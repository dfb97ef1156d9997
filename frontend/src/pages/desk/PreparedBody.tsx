import type { Desk, Prepared } from "../../api/desk";
import { useLanguage } from "../../i18n/context";
import { Demonstration } from "../../parts/Demonstration";
import { Clauses } from "../order/Clauses";
import { Instants } from "../order/Instants";
import { Rebindings } from "../order/Rebindings";
import { Sources } from "../order/Sources";
import { Acts } from "./Acts";
import { Effects } from "./Effects";
import { PreparedGlance } from "./PreparedGlance";
import type { Officer } from "./standing";
import { Timing, type TimingChoice } from "./Timing";
import { Together } from "./Together";
import type { Acting } from "./useActing";
import type { Previewing } from "./usePreview";

interface Properties {
  prepared: Prepared;
  desk: Desk;
  officer: Officer;
  timing: TimingChoice;
  previewing: Previewing;
  acting: Acting;
}

/** What the order says, then what it would do, then the decision. */
export function PreparedBody({ prepared, desk, officer, timing, previewing, acting }: Properties) {
  const { language, t } = useLanguage();
  const { demonstration, now, zone } = desk;
  const order = {
    names: prepared.names,
    zone,
    now,
    summary: prepared,
    issued: { instrument: prepared.instrument, recorded: null },
    standings: [],
  };
  const speaker = { t, language, zone };
  return (
    <>
      {demonstration && <Demonstration now={now} zone={zone} />}
      <div className="halves">
        <PreparedGlance prepared={prepared} officer={officer} zone={zone} />
        <Instants order={order} />
      </div>
      {prepared.at_once === true && <p className="muted">{t("prepared.asIfNow")}</p>}
      <Clauses order={order} />
      <Rebindings order={order} />
      <Together orders={prepared.together} />
      <Sources sources={prepared.instrument.sources} zone={zone} />
      {prepared.state === "prepared" && (
        <Timing order={prepared} timing={timing} now={now} zone={zone} />
      )}
      <Effects previewing={previewing} speaker={speaker} />
      <Acts
        prepared={prepared}
        officer={officer}
        atOnce={timing.atOnce}
        now={now}
        preview={previewing.preview}
        acting={acting}
        speaker={speaker}
      />
    </>
  );
}
