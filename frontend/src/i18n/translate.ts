import { adminEn } from "./admin.en";
import { adminFr } from "./admin.fr";
import { chatEn } from "./chat.en";
import { chatFr } from "./chat.fr";
import { collectionsEn } from "./collections.en";
import { collectionsFr } from "./collections.fr";
import { deskAreasEn } from "./desk/en";
import { deskAreasFr } from "./desk/fr";
import { deskEn } from "./desk.en";
import { deskFr } from "./desk.fr";
import { en } from "./en";
import { exportImportEn } from "./exportImport.en";
import { exportImportFr } from "./exportImport.fr";
import { fr } from "./fr";
import type { Language } from "./language";
import { shelfEn } from "./shelf.en";
import { shelfFr } from "./shelf.fr";
import { translationEn } from "./translation.en";
import { translationFr } from "./translation.fr";

const english = {
  ...en,
  ...chatEn,
  ...collectionsEn,
  ...deskEn,
  ...adminEn,
  ...deskAreasEn,
  ...exportImportEn,
  ...shelfEn,
  ...translationEn,
};
const french = {
  ...fr,
  ...chatFr,
  ...collectionsFr,
  ...deskFr,
  ...adminFr,
  ...deskAreasFr,
  ...exportImportFr,
  ...shelfFr,
  ...translationFr,
};

/** Every key of the English catalogues; the French ones are typed to have the same. */
export type Key = keyof typeof english;
export type Catalogue = Record<Key, string>;
export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

export const CATALOGUES: Record<Language, Catalogue> = { en: english, fr: french };

/** Whether the catalogues have a text for a key put together from what the server says. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(english, key);
}

/**
 * The text of `key` in `language`, its `{name}` places filled from `values`.
 *
 * A place of the form `{name|one|other}` takes the form that the language's plural rule picks
 * for the number `name` (French counts 0 and 1 as one); `#` in it is the number.
 */
export function translate(language: Language, key: Key, values: Values = {}): string {
  return CATALOGUES[language][key].replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, other) => {
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
