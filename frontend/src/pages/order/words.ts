/** A reading in plain words: what it is about, whom it reaches, from when until when. */

import type {
  Moment,
  Names,
  NamesById,
  Reading,
  Scope,
  Target,
  WindDown,
} from "../../api/orders";
import { enumerate, formatDeadline } from "../../format";
import type { Language } from "../../i18n/language";
import type { Key, Translate } from "../../i18n/translate";

/** What words depend on besides the reading. `effect` is when the order takes effect. */
export interface Speaker {
  t: Translate;
  language: Language;
  names: Names;
  zone: string;
  effect: string | null;
}

/** The rule of each target: `Prohibits use of any model made by …`. */
export function ruleWords(speaker: Speaker, { modality, targets }: Reading): string[] {
  return targets.map((target) =>
    speaker.t(`reading.${modality}`, { target: targetWords(speaker, target) }),
  );
}

/** Whether the targets reach models through what these derive from. */
export function reachesDerived({ targets }: Reading): boolean {
  return targets.some(({ makers, models }) => makers.length + models.length > 0);
}

function targetWords(speaker: Speaker, target: Target): string {
  const { models, vendors } = speaker.names;
  const say = phrase(speaker, "disjunction");
  return [
    say("target.models", target.models, models) ?? speaker.t("target.every"),
    say("target.makers", target.makers, vendors),
    say("target.hosts", target.hosts, vendors),
    say("target.resellers", target.resellers, vendors),
    say("target.routes", target.routes, {}),
  ]
    .filter((words) => words !== null)
    .join(" ");
}

/** Whom it reaches and doing what, one line for each condition. */
export function scopeWords(speaker: Speaker, scope: Scope): string[] {
  const { names, t } = speaker;
  const say = phrase(speaker, "conjunction");
  const whom = [
    say("scope.parties", scope.parties, names.parties),
    say("scope.regulated", scope.regulated, names.parties),
    scope.contracts.includes("*")
      ? t("scope.contractsAny")
      : say("scope.contracts", scope.contracts, {}),
  ].filter((words) => words !== null);
  const only = [
    say("scope.networks", scope.networks, names.networks),
    say("scope.services", scope.services, names.services),
    say("scope.purposes", scope.purposes, {}),
    say("scope.data_classes", scope.data_classes, {}),
  ].filter((words) => words !== null);
  return [...(whom.length === 0 ? [t("scope.everyone")] : whom), ...only];
}

/** From when it binds. */
export function fromWords({ t, language, zone, effect }: Speaker, { since }: Reading): string {
  if (since !== null) {
    return formatDeadline(language, since, zone);
  }
  return effect === null
    ? t("reading.fromNever")
    : t("reading.fromEffect", { when: formatDeadline(language, effect, zone) });
}

/** Until when it binds. */
export function untilWords(speaker: Speaker, { until }: Reading): string {
  return until === null ? speaker.t("reading.untilNone") : momentWords(speaker, until);
}

/** How a prohibition winds down, one line for each rule. */
export function windDownWords(speaker: Speaker, windDown: WindDown | null): string[] {
  const { t, names } = speaker;
  if (windDown === null) {
    return [t("reading.windDownNone")];
  }
  const parties = phrase(speaker, "conjunction")(
    "reading.windDownParties",
    windDown.parties,
    names.parties,
  );
  return [
    t("reading.windDownUntil", { when: momentWords(speaker, windDown.until) }),
    ...(parties === null ? [] : [parties]),
    t("reading.windDownRecent", { days: windDown.recent_days }),
  ];
}

function momentWords({ t, language, zone }: Speaker, { at, period }: Moment): string {
  const when = formatDeadline(language, at, zone);
  if (period === null) {
    return when;
  }
  const counted = t(`period.${period.unit}.${period.after}`, { count: period.count });
  return t("reading.counted", { when, period: counted });
}

/** The name of `id` in the reader's language; the id itself where there is none. */
export function nameOf(language: Language, names: NamesById, id: string): string {
  return names[id]?.[language] ?? id;
}

/** Says `key` of the things that `ids` name; null where there are none. */
function phrase({ t, language }: Speaker, type: "conjunction" | "disjunction") {
  return (key: Key, ids: readonly string[], names: NamesById): string | null => {
    if (ids.length === 0) {
      return null;
    }
    const called = ids.map((id) => nameOf(language, names, id));
    return t(key, { names: enumerate(language, called, type), count: ids.length });
  };
}
