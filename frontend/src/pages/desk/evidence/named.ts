import type { Bilingual } from "../../../api/schema";
import type { Language } from "../../../i18n/language";

/** Things by their ids as options, by name. */
export function named(things: Readonly<Record<string, Bilingual>>, language: Language) {
  return Object.entries(things)
    .map(([value, name]) => ({ value, text: name[language] }))
    .sort((one, other) => one.text.localeCompare(other.text, language));
}
