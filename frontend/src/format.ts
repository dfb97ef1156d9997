import type { Language } from "./i18n/language";

/** English dates are written day first, as the server writes them. */
const LOCALES: Record<Language, string> = { en: "en-GB", fr: "fr-FR" };

/** The instant in words, in the zone given, with the zone's short name. */
export function formatInstant(language: Language, instant: string, zone: string): string {
  const written = inWords(language, instant, {
    day: "numeric",
    hour: "2-digit",
    hourCycle: "h23",
    minute: "2-digit",
    month: "long",
    timeZone: zone,
    year: "numeric",
  });
  return `${written} ${zoneName(language, instant, zone)}`;
}

/** As `formatInstant`, but the day alone where the instant is a midnight in the zone. */
export function formatDeadline(language: Language, instant: string, zone: string): string {
  const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: zone });
  return time.format(new Date(instant)) === "00:00:00"
    ? inWords(language, instant, { dateStyle: "long", timeZone: zone })
    : formatInstant(language, instant, zone);
}

/** The day of an instant, in a zone. */
export function formatDay(language: Language, instant: string, zone: string): string {
  return inWords(language, instant, { dateStyle: "long", timeZone: zone });
}

/** The time of day on the reader's own clock. */
export function formatTimeOfDay(language: Language, at: Date): string {
  return new Intl.DateTimeFormat(LOCALES[language], { timeStyle: "medium" }).format(at);
}

/** The texts as one enumeration, ending in *and* or *or*. */
export function enumerate(
  language: Language,
  texts: readonly string[],
  type: "conjunction" | "disjunction" = "conjunction",
): string {
  return new Intl.ListFormat(LOCALES[language], { type }).format(texts);
}

function inWords(
  language: Language,
  instant: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const written = new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(instant));
  return language === "fr" ? written.replace(/^1 /, "1er ") : written;
}

/** British English has no names for most zones; American English does (EST). */
function zoneName(language: Language, instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    timeZoneName: "short",
  }).formatToParts(new Date(instant));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** A month given as `YYYY-MM` in words; as it is where it is none. */
export function formatMonth(language: Language, month: string): string {
  const at = new Date(`${month}-01T00:00:00Z`);
  return Number.isNaN(at.getTime())
    ? month
    : inWords(language, at.toISOString(), { month: "long", timeZone: "UTC", year: "numeric" });
}

/** How long it is until then, in the largest unit of days, hours and minutes: *in 3 days*. */
export function formatLeft(language: Language, ms: number): string {
  const words = new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "always" });
  const minutes = Math.max(1, Math.floor(ms / 60_000));
  if (minutes >= 2 * 1_440) {
    return words.format(Math.floor(minutes / 1_440), "day");
  }
  return minutes >= 2 * 60
    ? words.format(Math.floor(minutes / 60), "hour")
    : words.format(minutes, "minute");
}

/** A number with the language's separators. */
export function formatCount(language: Language, count: number): string {
  return new Intl.NumberFormat(LOCALES[language]).format(count);
}

/** As `formatInstant`, to the millisecond: for instants that are compared with one another. */
export function formatExact(language: Language, instant: string, zone: string): string {
  const written = inWords(language, instant, {
    day: "numeric",
    fractionalSecondDigits: 3,
    hour: "2-digit",
    hourCycle: "h23",
    minute: "2-digit",
    month: "long",
    second: "2-digit",
    timeZone: zone,
    year: "numeric",
  });
  return `${written} ${zoneName(language, instant, zone)}`;
}

/** US dollars, given as exact digits: two decimals, or two digits of an amount under a cent. */
export function formatDollars(language: Language, amount: string): string {
  const value = Number(amount);
  return new Intl.NumberFormat(LOCALES[language], {
    currency: "USD",
    style: "currency",
    ...(value !== 0 && Math.abs(value) < 0.01
      ? { maximumSignificantDigits: 2 }
      : { maximumFractionDigits: 2, minimumFractionDigits: 2 }),
  }).format(value);
}
