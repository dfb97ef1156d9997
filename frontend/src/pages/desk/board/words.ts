/** Phases and dates of orders in words. */

import type { BoardRow } from "../../../api/schema";
import { formatDeadline } from "../../../format";
import type { Language } from "../../../i18n/language";
import type { Translate } from "../../../i18n/translate";

type Phase = BoardRow["phases"][number];
type Dated = BoardRow["dates"][number];

export function phaseWords(t: Translate, language: Language, zone: string, phase: Phase): string {
  const status = t(`instruments.${phase.status}`);
  const since = formatDeadline(language, phase.since, zone);
  return phase.until == null
    ? t("board.phaseOpen", { status, since })
    : t("board.phase", { status, since, until: formatDeadline(language, phase.until, zone) });
}

export function dateWords(t: Translate, language: Language, zone: string, date: Dated): string {
  return t(`board.date.${date.kind}`, { when: formatDeadline(language, date.at, zone) });
}
