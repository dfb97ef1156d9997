import { describe, expect, test } from "vitest";

import type { Reading, Scope, Target } from "../src/api/orders";
import type { Language } from "../src/i18n/language";
import "../src/i18n/officers";
import "../src/i18n/translators";
import { translate } from "../src/i18n/translate";
import { clausePoint, currentChange, orderPoint } from "../src/pages/order/standing";
import {
  fromWords,
  reachesDerived,
  ruleWords,
  scopeWords,
  untilWords,
  windDownWords,
  type Speaker,
} from "../src/pages/order/words";
import { ORDER, READING } from "./order";

const NAMES = {
  ...ORDER.names,
  models: { "maker-a/model": { en: "Model", fr: "Model" } },
  networks: { inner: { en: "Inner", fr: "Interne" } },
};

function speaker(language: Language, effect: string | null = "2026-02-27T21:00:00Z"): Speaker {
  return {
    t: (key, values) => translate(language, key, values),
    language,
    names: NAMES,
    zone: "America/New_York",
    effect,
  };
}

const NO_TARGET: Target = { makers: [], models: [], hosts: [], resellers: [], routes: [] };
const NO_SCOPE: Scope = {
  parties: [],
  regulated: [],
  contracts: [],
  networks: [],
  services: [],
  purposes: [],
  data_classes: [],
};

describe("the rule", () => {
  const rule = (target: Partial<Target>, language: Language = "en"): Reading => ({
    ...READING,
    modality: language === "en" ? "prohibit" : "permit",
    targets: [{ ...NO_TARGET, ...target }],
  });

  test("names what is used by all of its lineage", () => {
    expect(ruleWords(speaker("en"), rule({}))).toEqual(["Prohibits use of any model"]);
    expect(ruleWords(speaker("en"), rule({ makers: ["maker-a", "maker-b"], hosts: ["h"] }))).toEqual([
      "Prohibits use of any model made by Maker A or maker-b hosted by h",
    ]);
    expect(ruleWords(speaker("en"), rule({ models: ["maker-a/model"], routes: ["r"] }))).toEqual([
      "Prohibits use of the model Model on the route r",
    ]);
    expect(ruleWords(speaker("fr"), rule({ models: ["maker-a/model", "m"] }, "fr"))).toEqual([
      "Permet d’utiliser les modèles Model ou m",
    ]);
    expect(ruleWords(speaker("fr"), rule({ resellers: ["maker-a"] }, "fr"))).toEqual([
      "Permet d’utiliser tout modèle par le revendeur Maker A",
    ]);
  });

  test("reaches derived models where it names makers or models", () => {
    expect(reachesDerived(rule({ makers: ["maker-a"] }))).toBe(true);
    expect(reachesDerived(rule({ hosts: ["maker-a"] }))).toBe(false);
  });
});

describe("the scope", () => {
  test("says whom it reaches, then only where and for what", () => {
    const scope = {
      ...NO_SCOPE,
      parties: ["bureau"],
      regulated: ["a", "b"],
      contracts: ["D-1"],
      networks: ["inner"],
      purposes: ["advice"],
      data_classes: ["internal"],
    };
    expect(scopeWords(speaker("en"), scope)).toEqual([
      "The bureau, all parts included",
      "The regulated bodies a and b",
      "Their contractors, under the contract D-1",
      "Only on the network Inner",
      "Only for the purpose advice",
      "Only for data of the class internal",
    ]);
    expect(scopeWords(speaker("fr"), scope)).toContain("Seulement sur le réseau Interne");
  });

  test("reaches every party where it names none, and any contract with *", () => {
    expect(scopeWords(speaker("en"), { ...NO_SCOPE, services: ["desk"] })).toEqual([
      "Every party on record",
      "Only the service Front desk",
    ]);
    expect(scopeWords(speaker("en"), { ...NO_SCOPE, contracts: ["*"] })).toEqual([
      "Their contractors, under any contract with them",
    ]);
  });
});

describe("the window", () => {
  test("begins with the order's effect, at its own instant, or not at all", () => {
    expect(fromWords(speaker("en"), READING)).toBe(
      "27 February 2026 at 16:00 EST, when the order takes effect",
    );
    expect(fromWords(speaker("en"), { ...READING, since: "2026-03-01T05:00:00Z" })).toBe(
      "1 March 2026",
    );
    expect(fromWords(speaker("en", null), READING)).toBe("Not yet: it is only announced");
  });

  test("ends when it says, and how that was counted", () => {
    expect(untilWords(speaker("en"), READING)).toBe("No end is named");
    const until = {
      at: "2026-09-01T04:00:00Z",
      period: { count: 180, unit: "calendar-days", after: "signed" } as const,
    };
    expect(untilWords(speaker("en"), { ...READING, until })).toBe(
      "1 September 2026 (180 calendar days after it was signed)",
    );
    expect(untilWords(speaker("fr"), { ...READING, until })).toBe(
      "1er septembre 2026 (180 jours calendaires après la signature)",
    );
  });

  test("winds down for all or for some, or stops at once", () => {
    const some = { ...READING.wind_down!, parties: ["bureau"] };
    expect(windDownWords(speaker("en"), some)).toEqual([
      "Existing uses may go on, with a notice, until 27 August 2026 (6 months after it takes effect). New uses are refused.",
      "Only for The bureau; all others stop at once.",
      "A use exists if it was called or bound within the 90 days before the clause began.",
    ]);
    expect(windDownWords(speaker("en"), READING.wind_down)).toHaveLength(2);
    expect(windDownWords(speaker("fr"), null)).toEqual([
      "Aucun\u00a0: les usages existants cessent aussitôt aussi",
    ]);
  });
});

describe("how it stands", () => {
  const [standing] = ORDER.standings;

  test("goes with the instant that matters for the status", () => {
    expect(clausePoint(standing!, ORDER.now)).toEqual({
      status: "winding-down",
      at: "2026-08-27T04:00:00Z",
    });
    expect(clausePoint({ ...standing!, status: "pending" }, "2026-02-01T00:00:00Z").at).toBe(
      "2026-02-27T21:00:00Z",
    );
    expect(clausePoint({ ...standing!, status: "operative" }, "2026-09-01T00:00:00Z").at).toBe(
      "2026-08-27T04:00:00Z",
    );
    expect(clausePoint({ ...standing!, status: "announced", timeline: [] }, ORDER.now).at).toBe(null);
  });

  test("is its gravest clause's, or by its own effect where it has none", () => {
    expect(orderPoint(ORDER).at).toBe("2026-08-27T04:00:00Z");
    const memo = {
      ...ORDER,
      summary: { ...ORDER.summary, status: "operative" },
      standings: [],
    };
    expect(orderPoint(memo)).toEqual({ status: "operative", at: "2026-02-27T21:00:00Z" });
  });

  test("counts a change from its very instant on", () => {
    expect(currentChange(standing!, "2026-02-27T20:59:59Z")).toBe(-1);
    expect(currentChange(standing!, "2026-02-27T21:00:00Z")).toBe(0);
    expect(currentChange(standing!, "2026-08-27T04:00:00Z")).toBe(1);
  });
});
