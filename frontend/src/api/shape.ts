/** Checks of an answer's shape, put together from small ones. */

import type { Language } from "../i18n/language";

/** The same text in both languages. */
export type Bilingual = Record<Language, string>;

export type Check = (value: unknown) => boolean;

export const text: Check = (value) => typeof value === "string";
export const count: Check = (value) => Number.isInteger(value);
export const flag: Check = (value) => typeof value === "boolean";
export const instant: Check = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
export const zone: Check = (value) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: String(value) });
    return text(value);
  } catch {
    return false;
  }
};
export const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
export const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
/** An object whose keys are ids: every value passes. */
export const byId =
  (check: Check): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(check);
/** One of the words given; the server may not add to them without the page knowing. */
export const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);

export const bilingual = record({ en: text, fr: text });
