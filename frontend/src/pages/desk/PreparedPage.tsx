import { GridContainer } from "@trussworks/react-uswds";
import { useEffect } from "react";

import type { Desk, Prepared } from "../../api/desk";
import { useLanguage } from "../../i18n/context";
import { Connection } from "../../parts/Connection";
import { PageHeading } from "../../parts/PageHeading";
import { knownValue, type Polled } from "../../polling";
import { useChoice } from "./choice";
import { Missing, OnRecord } from "./NotWaiting";
import { OutcomeMessage } from "./OutcomeMessage";
import { PreparedBody } from "./PreparedBody";
import { actsFor, standingOf, timingOf, type Officer, type Standing } from "./standing";
import { isIssued, useActing, type Acting } from "./useActing";
import { usePreview } from "./usePreview";

interface Properties {
  id: string;
  polled: Polled<Desk>;
  again: () => void;
  /** Seconds between two questions to the server. */
  every: number;
  officer: Officer;
}

/** One prepared order: its words and reading, what it would do, and deciding on it. */
export function PreparedPage({ id, polled, again, every, officer }: Properties) {
  const { language, t } = useLanguage();
  const desk = knownValue(polled);
  const standing = desk === null ? null : standingOf(desk, id);
  const prepared = standing?.kind === "waits" ? standing.prepared : null;
  const [chosen, choose] = useChoice(id);
  const atOnce = prepared === null ? chosen : timingOf(prepared, chosen);
  const acting = useActing({ id, atOnce }, (came) => {
    again();
    if (!isIssued(came)) {
      previewing.again();
    }
  });
  const issued = isIssued(acting.outcome);
  const previewing = usePreview(id, prepared === null || issued ? null : atOnce);
  useOvertaken(acting, prepared, officer);
  const heading = titleOf(standing)?.[language] ?? t("prepared.heading", { id });
  return (
    <GridContainer className="page">
      <PageHeading text={heading} />
      <Connection
        polled={polled}
        again={again}
        every={every}
        loading="prepared.loading"
        loaded={heading}
      />
      {acting.outcome !== null && (
        <OutcomeMessage outcome={acting.outcome} id={id} title={heading} clock={desk} />
      )}
      {standing?.kind === "missing" && !issued && <Missing id={id} />}
      {standing?.kind === "on-record" && !issued && <OnRecord order={standing.order} />}
      {prepared !== null && desk !== null && !issued && (
        <PreparedBody
          prepared={prepared}
          desk={desk}
          officer={officer}
          timing={{ atOnce, choose }}
          previewing={previewing}
          acting={acting}
        />
      )}
      {prepared !== null && !issued && (
        <p className="updates">{t("status.updates", { seconds: every })}</p>
      )}
    </GridContainer>
  );
}

function titleOf(standing: Standing | null) {
  switch (standing?.kind) {
    case "waits":
      return standing.prepared.title;
    case "on-record":
      return standing.order.title;
    default:
      return null;
  }
}

/** Closes the step that is open when another officer's act has made it impossible. */
function useOvertaken(acting: Acting, prepared: Prepared | null, officer: Officer): void {
  const { step, pending, overtake } = acting;
  const possible =
    step === null || (prepared !== null && actsFor(prepared, officer).includes(step));
  useEffect(() => {
    if (!possible && !pending) {
      overtake();
    }
  });
}
