export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = "changeover.language";

function known(tag: string | null | undefined): Language | null {
  const primary = tag?.toLowerCase().split("-")[0];
  return LANGUAGES.find((language) => language === primary) ?? null;
}

/** The first of `tags` (BCP 47) that the product speaks, else English. */
export function pickLanguage(tags: readonly (string | null)[]): Language {
  return tags.map(known).find((language) => language !== null) ?? "en";
}

export function otherLanguage(language: Language): Language {
  return language === "en" ? "fr" : "en";
}

/** The language kept from the last visit, else the browser's. */
export function initialLanguage(): Language {
  return pickLanguage([recall(), ...navigator.languages]);
}

/** The language that the person chose in this browser, if they ever did. */
export function keptLanguage(): Language | null {
  return known(recall());
}

function recall(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off: the choice lasts as long as the page
  }
}

export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
}
