import type { Language } from "./i18n/language";

/** The instant in words, in the zone given, with the zone's short name. */
export function formatInstant(language: Language, instant: string, zone: string): string {
  return new Intl.DateTimeFormat(language, {
    day: "numeric",
    hour: "2-digit",
    hourCycle: "h23",
    minute: "2-digit",
    month: "long",
    timeZone: zone,
    timeZoneName: "short",
    year: "numeric",
  }).format(new Date(instant));
}

/** The time of day on the reader's own clock. */
export function formatTimeOfDay(language: Language, at: Date): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(at);
}
