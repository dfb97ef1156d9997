import { describe, expect, test } from "vitest";

import type { EnforcementTold, ReplicasPage } from "../src/api/schema";
import type { Language } from "../src/i18n/language";
import { ReplicasBody } from "../src/pages/administration/ReplicasPage";
import { troubleOf } from "../src/pages/administration/useDeed";
import { EnforcementView } from "../src/parts/EnforcementView";
import { matches } from "../src/parts/Search";
import { AnswerError } from "../src/api/asking";
import { refused } from "./desk";
import { words } from "./rendering";

const ACT: EnforcementTold = {
  kind: "instrument",
  key: "memo-1",
  legal: "2026-03-10T05:00:00Z",
  committed: "2026-03-10T05:00:00.000Z",
  settled: "2026-03-10T05:00:00.134Z",
  took_ms: 134,
  replicas: [
    {
      start: "start_1",
      address: "http://one/",
      host: "one",
      pid: 7,
      how: "confirmed",
      at: "2026-03-10T05:00:00.027Z",
    },
    {
      start: "start_2",
      address: "http://two/",
      host: "two",
      pid: 8,
      how: "lease-ran-out",
      at: "2026-03-10T05:00:00.130Z",
    },
  ],
};

describe("how an act came into force", () => {
  const shown = (told: EnforcementTold, demonstration = false, language: Language = "en") =>
    words(<EnforcementView told={told} zone="UTC" demonstration={demonstration} />, language);

  test("tells both instants to the millisecond, and each replica's way", () => {
    const page = shown(ACT);
    expect(page).toContain("10 March 2026 at 05:00:00.134 UTC, 134 ms after it was recorded");
    expect(page).toContain("http://one/ confirmed after 27 ms one, process 7");
    expect(page).toContain("http://two/ its lease ran out after 130 ms: it sends nothing");
  });

  test("is in force at its legal instant where that is later, but for a scenario's clock", () => {
    const later = { ...ACT, legal: "2026-04-01T00:00:00Z" };
    expect(shown(later)).toContain("1 April 2026 at 00:00:00.000 UTC: every replica had it 134 ms");
    expect(shown(later, true)).toContain("05:00:00.134 UTC, 134 ms after it was recorded");
    expect(shown(later, true)).toContain("by the scenario clock");
  });

  test("says that it is not confirmed where it is not known to be", () => {
    const open = shown({ ...ACT, settled: null, took_ms: null, replicas: [] });
    expect(open).toContain("Not confirmed by every replica yet");
    expect(open).not.toContain("one process");
  });

  test("is a line where one process serves, in French too", () => {
    const alone = shown({ ...ACT, settled: ACT.committed, took_ms: 0, replicas: [] }, false, "fr");
    expect(alone).toContain("Cette installation fonctionne en un seul processus");
    expect(alone).not.toContain("Répliques");
  });
});

describe("the replicas", () => {
  const PAGE: ReplicasPage = {
    demonstration: false,
    alone: false,
    version: "1.0",
    now: ACT.legal,
    zone: "UTC",
    read: ACT.legal,
    acts: [],
    replicas: [],
  };
  const REPLICA = {
    start: "start_1",
    address: "http://one/",
    host: "one",
    pid: 7,
    version: "1.0",
    state: "serving",
    lease_ms: 9_400,
    current: true,
    skew_ms: -3,
    began: ACT.legal,
    renewed: ACT.legal,
  } as const;
  const shown = (page: Partial<ReplicasPage>) =>
    words(<ReplicasBody page={{ ...PAGE, ...page }} />, "en");

  test("tell their lease, and whether they are up to date while they have one", () => {
    const page = shown({
      replicas: [
        REPLICA,
        { ...REPLICA, start: "start_2", current: false },
        { ...REPLICA, start: "start_3", lease_ms: 0, current: false },
      ],
    });
    expect(page).toContain("2 processes serve");
    expect(page).toContain("serving 10 s left up to date -3 ms off");
    expect(page).toContain("serving 10 s left behind");
    expect(page).toContain("serving lapsed –");
  });

  test("say so where one process serves, and where nothing was done yet", () => {
    const page = shown({ alone: true, read: null });
    expect(page).toContain("This installation runs as one process");
    expect(page).toContain("Nothing was done yet that every replica must know.");
    expect(shown({})).toContain("No process has a lease.");
  });
});

test("a search finds what holds it, whatever the case; an empty one finds everything", () => {
  expect(matches(" SONNET ", ["Claude Sonnet 4.5"])).toBe(true);
  expect(matches("opus", ["Claude Sonnet 4.5"])).toBe(false);
  expect(matches("  ", [])).toBe(true);
});

test("a server that fails may have done it; one that refuses has not", () => {
  expect(troubleOf(refused(502))).toEqual({ kind: "away" });
  expect(troubleOf(new AnswerError({ kind: "away" }))).toEqual({ kind: "away" });
  expect(troubleOf(refused(401))).toEqual({ kind: "signedOut" });
  expect(troubleOf(refused(409, "conflict"))).toMatchObject({
    kind: "refused",
    detail: { code: "conflict" },
  });
  expect(() => troubleOf(new Error("a fault of the page"))).toThrow("a fault");
});
