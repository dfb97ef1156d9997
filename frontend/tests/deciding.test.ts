import { afterEach, describe, expect, test, vi } from "vitest";

import { AnswerError } from "../src/api/asking";
import type { Client } from "../src/api/client";
import { act, fetchDesk, type Prepared, type Preview } from "../src/api/desk";
import type { Language } from "../src/i18n/language";
import { changeWords, fingerprint, grouped, outcomeWords } from "../src/pages/desk/changes";
import { keep, recall } from "../src/pages/desk/choice";
import { consequences } from "../src/pages/desk/consequences";
import { ACT_TIMEOUT_MS } from "../src/api/client";
import { answeredBy } from "../src/pages/desk/answeredBy";
import { problemOf } from "../src/pages/desk/problem";
import { actsFor, standingOf, timingOf, type Officer } from "../src/pages/desk/standing";
import { decide } from "../src/pages/desk/useActing";
import { shows } from "../src/pages/desk/usePreview";
import {
  CHANGE,
  DESK,
  ENTERED,
  LUC,
  MARY,
  MODEL_A,
  MODEL_B,
  PREPARED,
  PREVIEW,
  refused,
  speaker,
} from "./desk";
import { ORDER } from "./order";

describe("what changes", () => {
  test("takes a service's slots together when they differ in nothing else", () => {
    const other = { ...CHANGE, slot: "summary", to: MODEL_A, outcome_after: "notice" as const };
    expect(grouped([...PREVIEW.changes, other]).map(({ slots }) => slots)).toEqual([
      ["chat", "title"],
      ["summary"],
    ]);
  });

  const said = (change: Partial<typeof CHANGE>, language: Language = "en") =>
    changeWords(speaker(language), { change: { ...CHANGE, ...change }, slots: ["chat"] });

  test("is said in one sentence", () => {
    expect(said({})).toBe("Front desk (chat) moves from Model A (Maker A) to Model B (Maker B).");
    expect(said({ from: null })).toBe("Front desk (chat) gets Model B (Maker B).");
    expect(said({ to: null })).toBe("Front desk (chat) is left without a model.");
    expect(said({ to: MODEL_A, outcome_after: "refuse", replacement: MODEL_B })).toBe(
      "Front desk (chat) may not use Model A (Maker A); Model B (Maker B) answers instead.",
    );
    expect(said({ to: MODEL_A, outcome_after: "refuse" })).toContain("nothing may answer instead");
    expect(
      said({ to: MODEL_A, outcome_after: "notice", deadline: "2026-08-27T04:00:00Z" }),
    ).toBe(
      "Front desk (chat) keeps Model A (Maker A). Now: allowed. Then: allowed, with a notice, until 27 August 2026.",
    );
    expect(said({}, "fr")).toBe(
      "Accueil (chat) passe de Model A (Maker A) à Model B (Maker B).",
    );
  });

  test("has a word for no model at all", () => {
    expect(outcomeWords(speaker(), null, null)).toBe("no model");
    expect(outcomeWords(speaker("fr"), "notice", null)).toBe("autorisé, avec un avis");
  });
});

describe("the fingerprint of a preview", () => {
  const [first, second] = PREVIEW.changes;

  test("stays while only time passes and people chat", () => {
    const later: Preview = {
      ...PREVIEW,
      effective: "2026-03-13T17:00:00Z",
      staff: 7,
      conversations: 9,
      warnings: [{ en: "More follows on 2 March, 09:01.", fr: "" }],
      changes: [{ ...first!, deadline: "2026-09-01T00:00:00Z" }, second!],
    };
    const before = { ...PREVIEW, warnings: [{ en: "More follows on 1 March, 09:00.", fr: "" }] };
    expect(fingerprint(later)).toBe(fingerprint(before));
  });

  test.each<[string, Partial<Preview>]>([
    ["another model", { changes: [{ ...first!, to: MODEL_A }, second!] }],
    ["another outcome", { changes: [{ ...first!, outcome_after: "refuse" }, second!] }],
    ["another replacement", { changes: [{ ...first!, replacement: MODEL_A }, second!] }],
    ["a change fewer", { changes: [first!], unaffected: 5 }],
    ["another warning", { warnings: [] }],
  ])("tells %s", (_, changed) => {
    expect(fingerprint({ ...PREVIEW, ...changed })).not.toBe(fingerprint(PREVIEW));
  });
});

test("a preview counts as looked at first, and as changed until it is looked at again", () => {
  const at = new Date("2026-03-10T05:00:00Z");
  const first = shows(null, { atOnce: true, shown: "a", at });
  expect(first).toMatchObject({ looked: "a", changed: null });
  expect(shows(first, { atOnce: true, shown: "a", at })).toBe(first);
  const changed = shows(first, { atOnce: true, shown: "b", at });
  expect(changed).toMatchObject({ looked: "a", changed: at });
  expect(shows(changed, { atOnce: true, shown: "a", at })).toMatchObject({ changed: null });
  expect(shows(changed, { atOnce: false, shown: "b", at })).toMatchObject({ changed: null });
});

describe("how an order stands", () => {
  test("is told from what waits and what is on record", () => {
    expect(standingOf(DESK, "memo-1")).toEqual({ kind: "waits", prepared: PREPARED });
    expect(standingOf(DESK, "order-1")).toEqual({ kind: "on-record", order: ORDER.summary });
    expect(standingOf(DESK, "memo-9")).toEqual({ kind: "missing" });
  });

  test("leaves an officer what the order's state and their own entry allow", () => {
    expect(actsFor(PREPARED, MARY)).toEqual(["enter"]);
    expect(actsFor(ENTERED, MARY)).toEqual(["withdraw"]);
    expect(actsFor(ENTERED, LUC)).toEqual(["confirm", "withdraw"]);
  });

  test("takes effect as entered, else as chosen, and an announcement never at once", () => {
    expect(timingOf(PREPARED, true)).toBe(true);
    expect(timingOf({ ...ENTERED, at_once: false }, true)).toBe(false);
    expect(timingOf({ ...PREPARED, takes_effect: null }, true)).toBe(false);
  });
});

describe("what will happen", () => {
  const said = (kind: Parameters<typeof consequences>[1], prepared: Prepared, officer: Officer) =>
    consequences(speaker(), kind, {
      prepared,
      preview: PREVIEW,
      atOnce: prepared.at_once ?? false,
      now: DESK.now,
      officer,
    });

  test("when it is entered: nothing yet, then the effect on its date", () => {
    const together = [{ id: "order-1", title: ORDER.summary.title, issuer_name: CHANGE.service_name }];
    expect(said("enter", { ...PREPARED, together }, MARY)).toEqual([
      "Nothing changes yet: it waits until another officer confirms it, and can be withdrawn until then.",
      "It takes effect on 12 March 2026 at 13:00 EDT.",
      "Issued with it, and before it: “First order”.",
      "Front desk (chat and title) moves from Model A (Maker A) to Model B (Maker B).",
      "6 people of staff and 1 conversation are concerned.",
      "It is recorded as entered by you, Mary Okafor.",
    ]);
  });

  test("when it is confirmed: the effect at once, both names, and that it lasts", () => {
    const lines = said("confirm", ENTERED, LUC);
    expect(lines[0]).toBe("It takes effect at once.");
    expect(lines).toContain(
      "It is recorded as entered by Mary Okafor and confirmed by you, Luc Tremblay.",
    );
    expect(lines.at(-1)).toContain("only another order ends it");
  });

  test("when its date has passed, when it is only announced, when nothing changes", () => {
    expect(said("enter", { ...PREPARED, takes_effect: "2026-03-01T05:00:00Z" }, MARY)[1]).toContain(
      "has passed",
    );
    expect(said("enter", { ...PREPARED, takes_effect: null }, MARY)[1]).toContain("binds nobody");
    const deciding = { prepared: PREPARED, atOnce: true, now: DESK.now, officer: MARY };
    const lines = consequences(speaker("fr"), "enter", {
      ...deciding,
      preview: { ...PREVIEW, changes: [] },
    });
    expect(lines.slice(1, 3)).toEqual([
      "Une fois confirmé, il prend effet immédiatement.",
      "Rien ne change pour aucun service.",
    ]);
  });

  test("when it is withdrawn, also before the preview is known", () => {
    const deciding = { prepared: ENTERED, preview: null, atOnce: true, now: DESK.now, officer: MARY };
    expect(consequences(speaker(), "withdraw", deciding)).toHaveLength(1);
  });
});

describe("an act", () => {
  const subject = { id: "a/b", atOnce: true };
  const looked = fingerprint(PREVIEW);

  function client(answers: { preview?: unknown; sent?: unknown }) {
    const calls: unknown[] = [];
    const answer = (value: unknown) =>
      value instanceof Error ? Promise.reject(value) : Promise.resolve(value as never);
    const asking: Client = {
      get: (path) => {
        calls.push(["GET", path]);
        return answer(answers.preview ?? PREVIEW);
      },
      send: (...sent) => {
        calls.push(sent);
        return answer(answers.sent ?? {});
      },
    };
    return { asking, calls };
  }

  test("asks for the preview once more, then goes to the server", async () => {
    const { asking, calls } = client({});
    expect(await decide(asking, subject, { act: "enter", looked })).toEqual({
      kind: "done",
      act: "enter",
      enforcement: null,
    });
    expect(calls).toEqual([
      ["GET", "/api/desk/prepared/a%2Fb/preview?at_once=true"],
      ["POST", "/api/desk/prepared/a%2Fb/entry", { at_once: true }],
    ]);
  });

  test("is not sent when another act came in between", async () => {
    const { asking, calls } = client({ preview: { ...PREVIEW, changes: [] } });
    expect(await decide(asking, subject, { act: "confirm", looked })).toEqual({
      kind: "problem",
      problem: { kind: "overtaken" },
    });
    expect(calls).toHaveLength(1);
  });

  test("of withdrawing rests on no preview", async () => {
    const { asking, calls } = client({});
    await decide(asking, subject, { act: "withdraw", looked: "" });
    expect(calls).toEqual([["POST", "/api/desk/prepared/a%2Fb/withdrawal"]]);
  });

  test("of confirming has its own address", async () => {
    const { asking, calls } = client({});
    await act(asking, "confirm", subject);
    expect(calls).toEqual([
      ["POST", "/api/desk/prepared/a%2Fb/confirmation", {}, ACT_TIMEOUT_MS],
    ]);
  });

  test("that may or may not have arrived is told from one that was never sent", async () => {
    const away = new AnswerError({ kind: "away" });
    const before = await decide(client({ preview: away }).asking, subject, { act: "enter", looked });
    expect(before).toEqual({ kind: "problem", problem: { kind: "unsent" } });
    const after = await decide(client({ sent: away }).asking, subject, { act: "enter", looked });
    expect(after).toEqual({ kind: "problem", problem: { kind: "away" } });
  });
});

describe("a problem", () => {
  test.each([
    [401, undefined, "signedOut"],
    [403, "csrf", "stale"],
    [403, "role", "role"],
    [403, "not_authorised", "forbidden"],
    [404, "not_found", "gone"],
    [409, "conflict", "conflict"],
    [400, "invalid_input", "refused"],
    [502, undefined, "failed"],
  ])("of status %i and code %s is %s", (status, code, kind) => {
    expect(problemOf(refused(status, code), true)).toMatchObject({ kind });
  });

  test("that is no answer's is not swallowed", () => {
    const bug = new TypeError("bug");
    expect(() => problemOf(bug, true)).toThrow(bug);
    expect(problemOf(new AnswerError({ kind: "unreadable" }), true)).toEqual({ kind: "unreadable" });
  });
});

test("a session that ended is no failure of the server", () => {
  const known = { value: DESK, until: new Date() };
  expect(answeredBy({ phase: "lost", error: refused(401), known })).toEqual({
    phase: "ready",
    value: DESK,
  });
  expect(answeredBy({ phase: "lost", error: refused(401), known: null }).phase).toBe("loading");
  expect(answeredBy({ phase: "lost", error: refused(500), known }).phase).toBe("lost");
});

describe("the choice of an officer", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("is kept by the tab for each order, and lasts as the page where it cannot be", () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("sessionStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    keep("memo-1", true);
    expect([recall("memo-1"), recall("memo-2")]).toEqual([true, false]);
    keep("memo-1", false);
    expect(recall("memo-1")).toBe(false);
    vi.stubGlobal("sessionStorage", undefined);
    keep("memo-1", true);
    expect(recall("memo-1")).toBe(false);
  });
});

describe("fetchDesk", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("brings what waits together with what is on record", async () => {
    const list = { demonstration: true, now: ORDER.now, zone: ORDER.zone, orders: [ORDER.summary] };
    vi.stubGlobal("fetch", async () => Response.json(list));
    const asking: Client = {
      get: () => Promise.resolve([PREPARED] as never),
      send: () => Promise.reject(new Error("not asked")),
    };
    await expect(fetchDesk(asking, new AbortController().signal)).resolves.toEqual(DESK);
  });
});
