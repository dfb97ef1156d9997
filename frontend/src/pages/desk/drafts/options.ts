/** The directory's things as what a field offers, in the reader's language. */

import type { Choices } from "../../../api/drafts";
import type { Language } from "../../../i18n/language";
import type { Option } from "../../../parts/Choice";

interface Named {
  id: string;
  name: { en: string; fr: string };
}

export function named(language: Language, things: readonly Named[]): Option[] {
  return things.map(({ id, name }) => ({ value: id, text: name[language] }));
}

/** Parties as a tree: what is part of another is set in. */
export function parties(language: Language, choices: Choices): Option[] {
  return choices.parties.map(({ id, name, depth }) => ({
    value: id,
    text: `${"\u2003".repeat(depth)}${name[language]}`,
  }));
}

export function plain(names: readonly string[]): Option[] {
  return names.map((name) => ({ value: name, text: name }));
}

export function routes(choices: Choices): Option[] {
  return plain(choices.routes.map(({ id }) => id));
}

export function orders(language: Language, choices: Choices): Option[] {
  return choices.orders.map(({ id, title }) => ({ value: id, text: `${title[language]} (${id})` }));
}
