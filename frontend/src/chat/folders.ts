import type { Folder } from "../api/schema";
import type { Language } from "../i18n/language";

/** A folder's name is at most as long as the server takes it. */
export const LONGEST_FOLDER = 80;

/** Folders by name, as the language orders names. */
export function sorted(folders: readonly Folder[], language: Language): readonly Folder[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  return [...folders].sort((a, b) => compare(a.name, b.name));
}
