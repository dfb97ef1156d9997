/** What on the operators' page needs a person, in sentences. */

import type { OperationsPage } from "../../api/schema";
import { isKey, type Translate } from "../../i18n/translate";

/** Calls that wait longer than a moment: what is drained each tenth of a second is no more. */
const MANY_UNDRAINED = 1_000;
const MANY_WAITING = 1_000;

export function needs(page: OperationsPage, t: Translate): string[] {
  const found: string[] = [];
  if (page.lapsed !== null) {
    found.push(t("operations.lapsed"));
  }
  for (const { route, state, why } of page.routes) {
    if (state === "resting") {
      found.push(t("operations.resting", { route, why: whyIn(why, t) }));
    }
  }
  if (page.behind > 0) {
    found.push(t("operations.behind", { count: page.behind }));
  }
  if (page.undrained > MANY_UNDRAINED) {
    found.push(t("operations.undrained", { count: page.undrained }));
  }
  if (page.ledger.waiting > MANY_WAITING) {
    found.push(t("operations.ledgerWaits", { count: page.ledger.waiting }));
  }
  for (const { named, percent } of page.budgets) {
    found.push(t("operations.budgetNear", { name: named, percent }));
  }
  return found;
}

/** What failed, in words where there are any: `HTTP 529` says it itself. */
export function whyIn(why: string, t: Translate): string {
  const key = `operations.why.${why}`;
  return isKey(key) ? t(key) : why;
}
