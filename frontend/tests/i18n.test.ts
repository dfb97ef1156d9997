import { describe, expect, test } from "vitest";

import { adminEn } from "../src/i18n/admin.en";
import { chatEn } from "../src/i18n/chat.en";
import { collectionsEn } from "../src/i18n/collections.en";
import { deskAreasEn } from "../src/i18n/desk/en";
import { deskEn } from "../src/i18n/desk.en";
import { exportImportEn } from "../src/i18n/exportImport.en";
import { shelfEn } from "../src/i18n/shelf.en";
import { translationEn } from "../src/i18n/translation.en";
import { en } from "../src/i18n/en";
import { pickLanguage, type Language } from "../src/i18n/language";
import "../src/i18n/officers";
import "../src/i18n/translators";
import { catalogueOf, translate, type Catalogue, type Key } from "../src/i18n/translate";

const CATALOGUES = { en: catalogueOf("en"), fr: catalogueOf("fr") } as Record<Language, Catalogue>;
const KEYS = Object.keys(CATALOGUES.en) as Key[];

function places(text: string): string[] {
  return [...text.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? "").sort();
}

test("every key stands in both languages, and no other", () => {
  expect(Object.keys(CATALOGUES.fr).sort()).toEqual([...KEYS].sort());
});

test("no key stands in two catalogues of a language", () => {
  const keys = [en, chatEn, collectionsEn, deskEn, adminEn, deskAreasEn, exportImportEn, shelfEn, translationEn].flatMap((catalogue) => Object.keys(catalogue));
  expect(keys.sort()).toEqual([...KEYS].sort());
});

test.each(KEYS)("%s says something in both languages, with the same places", (key) => {
  expect(CATALOGUES.en[key].trim()).not.toBe("");
  expect(CATALOGUES.fr[key].trim()).not.toBe("");
  expect(places(CATALOGUES.fr[key])).toEqual(places(CATALOGUES.en[key]));
});

test.each(KEYS)("%s keeps French typography", (key) => {
  expect(CATALOGUES.fr[key]).not.toMatch(/[^\u00a0][;?!](\s|$)|[^\u00a0]:(\s|$)|'/);
});

describe("translate", () => {
  test("fills places and counts as each language does", () => {
    expect(translate("en", "facts.ledgerSize", { count: 0 })).toBe("0 entries");
    expect(translate("en", "facts.ledgerSize", { count: 1 })).toBe("1 entry");
    expect(translate("en", "facts.ledgerSize", { count: 1234 })).toBe("1,234 entries");
    expect(translate("fr", "facts.ledgerSize", { count: 0 })).toBe("0 entrée");
    expect(translate("fr", "facts.ledgerSize", { count: 2 })).toBe("2 entrées");
    expect(translate("en", "lost.refused", { status: "503" })).toContain("503");
  });

  test("refuses to leave a place empty", () => {
    expect(() => translate("en", "lost.refused")).toThrow("status");
  });
});

test("the kept language comes first, then the browser's, then English", () => {
  expect(pickLanguage(["fr", "en-US"])).toBe("fr");
  expect(pickLanguage([null, "de", "fr-CA", "en"])).toBe("fr");
  expect(pickLanguage([null, "de"])).toBe("en");
});
