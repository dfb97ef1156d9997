/** What will happen when an officer goes on, one sentence for each thing. */

import type { Act, Prepared, Preview } from "../../api/desk";
import { enumerate, formatInstant } from "../../format";
import { changeWords, grouped, type Speaker } from "./changes";
import type { Officer } from "./standing";

export interface Deciding {
  prepared: Prepared;
  /** Null before it is known; only a withdrawal needs none. */
  preview: Preview | null;
  atOnce: boolean;
  now: string;
  officer: Officer;
}

/** The consequences of an act, the effect first, then the changes, then what is recorded. */
export function consequences(speaker: Speaker, kind: Act, deciding: Deciding): string[] {
  const { t } = speaker;
  const { prepared, officer } = deciding;
  const { name } = officer;
  switch (kind) {
    case "withdraw":
      return [t("act.withdrawMeans")];
    case "enter":
      return [
        t("act.enterNothingYet"),
        ...effects(speaker, kind, deciding),
        t("act.enterName", { name }),
      ];
    case "confirm":
      return [
        ...effects(speaker, kind, deciding),
        t("act.confirmName", { name, entered: prepared.entered_by ?? "" }),
        t("act.confirmLasting"),
      ];
  }
}

function effects(speaker: Speaker, kind: Act, deciding: Deciding): string[] {
  const { t, language } = speaker;
  const { prepared, preview } = deciding;
  const { together } = prepared;
  const titles = enumerate(
    language,
    together.map(({ title }) => t("act.title", { title: title[language] })),
  );
  return [
    effectWords(speaker, kind, deciding),
    ...(together.length === 0 ? [] : [t("act.together", { titles })]),
    ...(preview === null ? [] : changesWords(speaker, preview)),
  ];
}

function changesWords(speaker: Speaker, { changes, staff, conversations }: Preview): string[] {
  const { t } = speaker;
  return changes.length === 0
    ? [t("preview.nothing")]
    : [
        ...grouped(changes).map((group) => changeWords(speaker, group)),
        t("act.concerned", { staff, conversations }),
      ];
}

function effectWords(speaker: Speaker, kind: Act, { prepared, atOnce, now }: Deciding): string {
  const { t, language, zone } = speaker;
  const date = prepared.takes_effect;
  if (date === null) {
    return t("act.effectNever");
  }
  if (atOnce) {
    return t(kind === "enter" ? "act.effectAtOnce" : "act.effectNow");
  }
  const when = formatInstant(language, date, zone);
  return t(Date.parse(date) <= Date.parse(now) ? "act.effectPast" : "act.effectOn", { when });
}
