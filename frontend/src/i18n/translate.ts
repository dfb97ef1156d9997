import { chatEn } from "./chat.en";
import { chatFr } from "./chat.fr";
import { collectionsEn } from "./collections.en";
import { collectionsFr } from "./collections.fr";
import { en } from "./en";
import { exportImportEn } from "./exportImport.en";
import { exportImportFr } from "./exportImport.fr";
import { fr } from "./fr";
import type { Language } from "./language";
import type { officersEn } from "./officers";
import { shelfEn } from "./shelf.en";
import { shelfFr } from "./shelf.fr";
import type { translationEn } from "./translation.en";

const english = {
  ...en,
  ...chatEn,
  ...collectionsEn,
  ...exportImportEn,
  ...shelfEn,
};
const french = {
  ...fr,
  ...chatFr,
  ...collectionsFr,
  ...exportImportFr,
  ...shelfFr,
};

/** Every key of the English catalogues; the French ones are typed to have the same. */
export type Key = keyof typeof english | keyof typeof officersEn | keyof typeof translationEn;
export type Catalogue = Record<Key, string>;
export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

/** The texts that a page has: everybody's at once, others once `officers.ts` or so came. */
const held: Record<Language, Partial<Catalogue>> = { en: english, fr: french };

/** Adds texts that came with the pages that need them. */
export function learn(texts: Record<Language, Partial<Catalogue>>): void {
  Object.assign(held.en, texts.en);
  Object.assign(held.fr, texts.fr);
}

/** The texts of a language that came so far. */
export function catalogueOf(language: Language): Partial<Catalogue> {
  return held[language];
}

/** Whether the catalogues have a text for a key put together from what the server says. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(held.en, key);
}

/**
 * The text of `key` in `language`, its `{name}` places filled from `values`.
 *
 * A place of the form `{name|one|other}` takes the form that the language's plural rule picks
 * for the number `name` (French counts 0 and 1 as one); `#` in it is the number.
 */
export function translate(language: Language, key: Key, values: Values = {}): string {
  const text = held[language][key];
  if (text === undefined) {
    throw new Error(`The text ${key} has not come: the page that says it loads no officers’ texts.`);
  }
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, other) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`The text ${key} needs a value for {${name}}.`);
    }
    if (typeof value === "string" || one === undefined) {
      return written(language, value);
    }
    const form = new Intl.PluralRules(language).select(value) === "one" ? one : other;
    return form.replace("#", written(language, value));
  });
}

function written(language: Language, value: string | number): string {
  return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
}
