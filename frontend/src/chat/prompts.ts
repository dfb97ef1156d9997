/**
 * Places to fill in in a prompt: a name in double braces, as in "Summarise {{document}}". White
 * space around a name does not count, and a name that stands twice is one place.
 */

import type { Prompt } from "../api/schema";

const PLACE = /\{\{([^{}]*[^{}\s][^{}]*)\}\}/g;

/** As long as the server takes them. */
export const LONGEST_NAME = 80;
export const LONGEST_TEXT = 8_000;

/** The names of a text's places, in their order. */
export function placesOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PLACE)].map(([, name]) => (name ?? "").trim()))];
}

/** The text with its places filled in; one without a value stays as it is. */
export function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(PLACE, (place, name: string) => {
    const value = values.get(name.trim()) ?? "";
    return value === "" ? place : value;
  });
}

/** Prompts whose name or text holds what is sought, by name; neither case nor accents count. */
export function sought(
  prompts: readonly Prompt[],
  query: string,
  language: string,
): readonly Prompt[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const wanted = plain(query.trim());
  return prompts
    .filter(({ name, text }) => plain(`${name}\n${text}`).includes(wanted))
    .sort((a, b) => compare(a.name, b.name));
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
