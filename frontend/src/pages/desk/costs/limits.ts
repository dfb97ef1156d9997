import type { LimitLine, LimitsPage, NewLimit } from "../../../api/schema";
import { formatCount, formatDollars } from "../../../format";
import type { limitsEn } from "../../../i18n/desk/limits.en";
import type { Language } from "../../../i18n/language";
import type { Option } from "../../../parts/Choice";

export type Subject = NewLimit["subject"];
export type Measure = NewLimit["measure"];
export type Period = NewLimit["period"];

export const SUBJECTS: readonly Subject[] = ["party", "service", "key"];

interface Sort {
  measure: Measure;
  period: Period;
  text: keyof typeof limitsEn;
}

const MONTHLY: Sort = { measure: "money", period: "month", text: "limits.money.month" };
/** What can be limited, by which period. */
export const SORTS: readonly Sort[] = [
  MONTHLY,
  { measure: "money", period: "day", text: "limits.money.day" },
  { measure: "requests", period: "minute", text: "limits.requests.minute" },
  { measure: "tokens", period: "minute", text: "limits.tokens.minute" },
];

/** Of which sort a limit is; a new one limits money by the month, until another is chosen. */
export function sortOf(line: Pick<LimitLine, "measure" | "period"> | null): Sort {
  const found = SORTS.find((one) => one.measure === line?.measure && one.period === line.period);
  return found ?? MONTHLY;
}

/** Whose limit it is, as people call it; a key by its prefix and its service. */
export function subjectName(
  page: LimitsPage,
  { subject, named }: Pick<LimitLine, "subject" | "named">,
  language: Language,
): string {
  if (subject === "party") {
    return page.parties[named]?.[language] ?? named;
  }
  if (subject === "service") {
    return page.services[named]?.[language] ?? named;
  }
  const service = page.keys[named];
  return service === undefined
    ? named
    : `${named} (${page.services[service]?.[language] ?? service})`;
}

/** Everybody of a sort that a limit can be set for, by name. */
export function named(page: LimitsPage, subject: Subject, language: Language): Option[] {
  const ids = Object.keys(
    { party: page.parties, service: page.services, key: page.keys }[subject],
  );
  return ids
    .map((id) => ({ value: id, text: subjectName(page, { subject, named: id }, language) }))
    .sort((one, other) => one.text.localeCompare(other.text, language));
}

/** An amount as the server writes it: dollars, or a whole number. */
export function formatAmount(language: Language, measure: Measure, amount: string): string {
  return measure === "money"
    ? formatDollars(language, amount)
    : formatCount(language, Number(amount));
}
