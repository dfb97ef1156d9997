/** Why signing in was refused, in words. */

import { refusedWith } from "../../api/asking";
import type { Translate } from "../../i18n/translate";

const MINUTE = 60;

export function refusalWords(t: Translate, error: unknown): string {
  const refused = refusedWith(error);
  if (refused === null) {
    return t("signIn.away");
  }
  switch (refused.status) {
    case 401:
      return t("signIn.wrong");
    case 429:
      return tooMany(t, refused.retryAfter ?? MINUTE);
    default:
      return t("signIn.refused", { status: String(refused.status) });
  }
}

function tooMany(t: Translate, seconds: number): string {
  return seconds <= MINUTE
    ? t("signIn.tooManySeconds", { seconds: Math.max(1, Math.ceil(seconds)) })
    : t("signIn.tooManyMinutes", { minutes: Math.ceil(seconds / MINUTE) });
}
