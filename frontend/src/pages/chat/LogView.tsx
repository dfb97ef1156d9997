import { Button } from "@trussworks/react-uswds";
import { Fragment, useEffect, useMemo, type ReactNode } from "react";

import type { Branching, Turn } from "../../api/schema";
import { RatingContext, useRating } from "../../chat/feedback";
import { liesPast } from "../../chat/knowledge";
import type { Log } from "../../chat/log";
import { useLanguage } from "../../i18n/context";
import type { ProblemActions } from "./ProblemBox";
import { Seam } from "./Seam";
import type { TurnActions, Version } from "./TurnDeeds";
import { TurnView } from "./TurnView";
import { useReading } from "./useReading";
import { useWindow } from "./useWindow";

interface Properties {
  /** The conversation that is shown; null is a new one. */
  conversation: string | null;
  log: Log;
  service: string;
  zone: string;
  /** The organisation's clock. */
  now: string;
  /** Up to which month each model knows the world. */
  knowledge: ReadonlyMap<string, string>;
  actions: TurnActions;
  /** What can be done about the last turn's problem. */
  mending: ProblemActions | null;
  /** A turn that a search led to. */
  sought: string | null;
  /** What stands where nothing was said yet. */
  empty: ReactNode;
  /** What stands after the last turn: a message that is not sent. */
  after: ReactNode;
}

/**
 * The turns, oldest first, in a region that scrolls by itself. It is no live region: who listens
 * is told that an answer comes and that it is complete, and reads it when they want.
 */
export function LogView(properties: Properties) {
  const { conversation, log, service, zone, now, knowledge, actions } = properties;
  const { mending, empty, after, sought } = properties;
  const { t } = useLanguage();
  const { place, behind, stick } = useReading();
  const rating = useRating(conversation);
  const sending = after !== null;
  useEffect(() => {
    if (sending) {
      stick();
    }
  }, [sending, stick]);
  const toEnd = () => {
    stick();
    place.current?.focus({ preventScroll: true });
  };
  const seams = useMemo(() => new Map(log.seams.map((seam) => [seam.before, seam])), [log.seams]);
  const versions = useMemo(() => versionsOf(log.branchings), [log.branchings]);
  const last = log.turns.length - 1;
  const { from, earlier } = useWindow(log.turns, sought);
  return (
    <div className="log-frame">
      <section ref={place} className="log" aria-label={t("log.label")} tabIndex={0}>
        <div className="log-inner">
          {log.turns.length === 0 && after === null ? (
            empty
          ) : (
            <h2 className="usa-sr-only">{t("log.label")}</h2>
          )}
          {from > 0 && (
            <Button type="button" outline className="earlier" onClick={earlier}>
              {t("log.earlier", { count: from })}
            </Button>
          )}
          <RatingContext value={rating}>
            {log.turns.slice(from).map((turn, drawn) => {
              const index = from + drawn;
              const seam = seams.get(turn.id);
              return (
                // Versions of a turn are drawn in one place, so that the focus stays on their buttons.
                <Fragment key={turn.parent ?? "first"}>
                  {seam !== undefined && <Seam seam={seam} />}
                  <TurnView
                    turn={turn}
                    service={service}
                    zone={zone}
                    version={versions.get(turn.id) ?? null}
                    knows={knownPast(turn, log.turns[index - 1], knowledge, now)}
                    actions={actions}
                    mending={index === last ? mending : null}
                  />
                </Fragment>
              );
            })}
          </RatingContext>
          {after}
        </div>
      </section>
      {behind && (
        <Button type="button" outline className="to-end" onClick={toEnd}>
          {t("log.toEnd")}
        </Button>
      )}
    </div>
  );
}

function versionsOf(branchings: readonly Branching[]): Map<string, Version> {
  return new Map(
    branchings.flatMap(({ turns }) =>
      turns.map((id, index) => [
        id,
        {
          place: index + 1,
          of: turns.length,
          previous: turns[index - 1] ?? null,
          next: turns[index + 1] ?? null,
        },
      ]),
    ),
  );
}

/** Up to which month an answer's model knows the world, if its question lies past that. */
function knownPast(
  turn: Turn,
  question: Turn | undefined,
  knowledge: ReadonlyMap<string, string>,
  now: string,
): string | null {
  const known = turn.served === null ? undefined : knowledge.get(turn.served.model);
  const asked = question?.role === "user" ? question.text : "";
  return known !== undefined && liesPast(asked, known, now) ? known : null;
}
