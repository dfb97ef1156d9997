/** What a preview tells of, in words, and how to see that it tells something else than before. */

import type { ModelRef, Preview, PreviewChange } from "../../api/desk";
import { enumerate, formatDeadline } from "../../format";
import type { Language } from "../../i18n/language";
import { isKey, type Translate } from "../../i18n/translate";

/** Slots of one service for which the same changes. */
export interface Group {
  change: PreviewChange;
  slots: string[];
}

/** What words depend on besides the change. */
export interface Speaker {
  t: Translate;
  language: Language;
  zone: string;
}

/** The changes, those of a service's slots that differ in nothing else taken together. */
export function grouped(changes: readonly PreviewChange[]): Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const sameness = JSON.stringify({ ...change, slot: null });
    const group = groups.get(sameness);
    if (group === undefined) {
      groups.set(sameness, { change, slots: [change.slot] });
    } else {
      group.slots.push(change.slot);
    }
  }
  return [...groups.values()];
}

/**
 * A text that is another when an act came in between, and the same when only time has passed.
 *
 * Instants that are counted from now move with the clock, and people start conversations all the
 * time: neither is an act, so the effect's instant, the deadlines, the counts and the figures in
 * the warnings are left out.
 */
export function fingerprint({ changes, unaffected, warnings }: Preview): string {
  return JSON.stringify([
    changes.map(({ service, slot, from, to, outcome_before, outcome_after, because, replacement }) => [
      service,
      slot,
      from?.id,
      to?.id,
      outcome_before,
      outcome_after,
      because,
      replacement?.id,
    ]),
    unaffected,
    warnings.map(({ en }) => en.replace(/\d+/g, "#")),
  ]);
}

/** A model and its maker: `Model (Maker)`. */
export function modelWords(language: Language, { name, maker_name }: ModelRef): string {
  return `${name} (${maker_name[language]})`;
}

/** What a change comes to, as a sentence. */
export function changeWords(speaker: Speaker, { change, slots }: Group): string {
  const { t, language } = speaker;
  const values = {
    service: change.service_name[language],
    slots: enumerate(language, slots),
  };
  const { from, to, replacement } = change;
  if (to === null) {
    return t("change.ends", values);
  }
  const named = { ...values, to: modelWords(language, to) };
  if (change.outcome_after === "refuse") {
    return replacement === null
      ? t("change.stops", named)
      : t("change.instead", { ...named, instead: modelWords(language, replacement) });
  }
  if (from === null) {
    return t("change.begins", named);
  }
  if (from.id !== to.id) {
    return t("change.moves", { ...named, from: modelWords(language, from) });
  }
  return t("change.outcome", {
    ...named,
    before: outcomeWords(speaker, change.outcome_before, null),
    after: outcomeWords(speaker, change.outcome_after, change.deadline),
  });
}

/** An outcome in a few words, with the deadline that goes with a notice. */
export function outcomeWords(
  { t, language, zone }: Speaker,
  outcome: PreviewChange["outcome_after"],
  deadline: string | null,
): string {
  if (outcome === "notice" && deadline !== null) {
    return t("outcome.noticeUntil", { when: formatDeadline(language, deadline, zone) });
  }
  return t(outcome === null ? "outcome.none" : `outcome.${outcome}`);
}

/** Why, in a few words; null where the page has none for the rule. */
export function becauseWords({ t }: Speaker, because: string | null): string | null {
  const key = `because.${because}`;
  return isKey(key) ? t(key) : null;
}
