import { useId } from "react";

import type { Clause, Instrument, Names, Standing } from "../../api/orders";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { Link } from "../../parts/Link";
import { Section } from "../../parts/Section";
import { StatusTag } from "../../parts/StatusTag";
import { orderPath } from "../../route";
import { ReadingFacts } from "./ReadingFacts";
import { clausePoint } from "./standing";
import { Timeline } from "./Timeline";
import type { Speaker } from "./words";

/** What of an order its clauses are shown from; one that is not on record has no standings. */
interface Read {
  names: Names;
  zone: string;
  now: string;
  summary: { takes_effect: string | null };
  issued: { instrument: Pick<Instrument, "clauses"> };
  standings: Standing[];
}

/** Every clause: its words beside the reading chosen, the readings rejected, its timeline. */
export function Clauses({ order }: { order: Read }) {
  const { language, t } = useLanguage();
  const { clauses } = order.issued.instrument;
  if (clauses.length === 0) {
    return null;
  }
  const { names, zone } = order;
  const speaker = { t, language, names, zone, effect: order.summary.takes_effect };
  return (
    <Section heading={t("clauses.heading")}>
      {clauses.map((clause) => (
        <ClauseArticle
          key={clause.id}
          clause={clause}
          speaker={speaker}
          standing={order.standings.find((standing) => standing.clause === clause.id)}
          now={order.now}
        />
      ))}
    </Section>
  );
}

interface Properties {
  clause: Clause;
  speaker: Speaker;
  standing: Standing | undefined;
  now: string;
}

function ClauseArticle({ clause, speaker, standing, now }: Properties) {
  const { t } = useLanguage();
  const id = useId();
  const chosen = clause.readings.find((reading) => reading.id === clause.chosen);
  const rejected = clause.readings.filter((reading) => reading.id !== clause.chosen);
  return (
    <article className="clause" aria-labelledby={id}>
      <h3 id={id}>{t("clauses.clause", { id: clause.id })}</h3>
      {standing !== undefined && (
        <p>
          <StatusTag {...clausePoint(standing, now)} zone={speaker.zone} />
        </p>
      )}
      <div className="halves">
        <div>
          <h4>{t("clauses.words")}</h4>
          <blockquote className="words">{clause.words}</blockquote>
          {standing !== undefined && <Course standing={standing} now={now} zone={speaker.zone} />}
        </div>
        <div>
          <h4>{t("clauses.chosen")}</h4>
          {chosen !== undefined && (
            <ReadingFacts reading={chosen} speaker={speaker}>
              <Fact name={t("reading.chosenBy")}>{clause.chosen_by}</Fact>
              <Fact name={t("reading.counsel")}>
                {t(clause.signed_by_counsel ? "reading.signed" : "reading.unsigned")}
              </Fact>
            </ReadingFacts>
          )}
          {chosen !== undefined && rejected.length > 0 && (
            <>
              <h4>{t("clauses.rejected", { count: rejected.length })}</h4>
              <p className="muted">{t("clauses.differences")}</p>
              {rejected.map((reading) => (
                <ReadingFacts
                  key={reading.id}
                  reading={reading}
                  speaker={speaker}
                  besides={chosen}
                />
              ))}
            </>
          )}
        </div>
      </div>
    </article>
  );
}

function Course({ standing, now, zone }: { standing: Standing; now: string; zone: string }) {
  const { t } = useLanguage();
  return (
    <>
      {standing.timeline.length > 0 && (
        <>
          <h4>{t("clauses.timeline")}</h4>
          <Timeline standing={standing} now={now} zone={zone} />
        </>
      )}
      {standing.ended_by !== null && (
        <p>
          <Link href={orderPath(standing.ended_by)}>
            {t("clauses.endedBy", { id: standing.ended_by })}
          </Link>
        </p>
      )}
    </>
  );
}
