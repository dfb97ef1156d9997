import type { Bilingual, RecordsPage } from "../../../api/schema";
import type { Language } from "../../../i18n/language";

/** The names of parties in a list; a party that left the directory goes by its id. */
export function partyNames(
  names: Readonly<Record<string, Bilingual>>,
  parties: readonly string[],
  language: Language,
): string[] {
  return parties.map((party) => names[party]?.[language] ?? party);
}

/** All parties to choose from, by name. */
export function partyChoices(
  page: RecordsPage,
  language: Language,
): { value: string; text: string }[] {
  return Object.entries(page.parties)
    .map(([value, name]) => ({ value, text: name[language] }))
    .sort((one, other) => one.text.localeCompare(other.text, language));
}
