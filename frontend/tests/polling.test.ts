import { expect, test } from "vitest";

import { answered, failed, type Polled } from "../src/polling";

const LOADING: Polled<{ n: number }> = { phase: "loading" };
const AT = new Date("2026-02-26T14:00:00Z");

test("an answer equal to the last one changes nothing", () => {
  const first = answered(LOADING, { n: 1 });
  expect(answered(first, { n: 1 })).toBe(first);
  expect(answered(first, { n: 2 })).toEqual({ phase: "ready", value: { n: 2 } });
});

test("a lost server keeps what was known, and since when", () => {
  const lost = failed(answered(LOADING, { n: 1 }), new Error("away"), AT);
  expect(lost).toMatchObject({ phase: "lost", known: { value: { n: 1 }, until: AT } });
  expect(failed(LOADING, new Error("away"), AT)).toMatchObject({ phase: "lost", known: null });
});

test("failing again in the same way changes nothing, and an answer ends it", () => {
  const lost = failed(LOADING, new Error("away"), AT);
  expect(failed(lost, new Error("away"), AT)).toBe(lost);
  expect(failed(lost, new Error("refused"), AT)).not.toBe(lost);
  expect(answered(lost, { n: 1 })).toEqual({ phase: "ready", value: { n: 1 } });
});
