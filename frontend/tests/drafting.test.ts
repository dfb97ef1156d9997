import { describe, expect, test } from "vitest";

import {
  differences,
  endsAt,
  endsValue,
  freshName,
  localTime,
  readingPath,
  readingsOf,
  valueAt,
  withReadings,
  withValue,
  written,
  wrongAt,
} from "../src/pages/desk/drafts/form";

const FORM = { id: "a", clauses: { one: { words: "w", targets: [{ makers: ["x"] }] } } };

test("a path is written as the server writes it", () => {
  expect(written(["clauses", "one", "targets", 0, "makers"])).toBe("$.clauses.one.targets[0].makers");
  expect(written([])).toBe("$");
});

describe("a form is changed at a path and nowhere else", () => {
  test("a value is written, also where nothing was", () => {
    const path = ["clauses", "one", "targets", 1, "hosts"];
    const after = withValue(FORM, path, ["aws"]);
    expect(valueAt(after, path)).toEqual(["aws"]);
    expect(valueAt(after, ["clauses", "one", "targets", 0])).toEqual({ makers: ["x"] });
    expect(FORM.clauses.one.targets).toHaveLength(1);
  });

  test("undefined takes a field away, and an entry out of its list", () => {
    expect(withValue(FORM, ["id"], undefined)).toEqual({ clauses: FORM.clauses });
    const two = withValue(FORM, ["clauses", "one", "targets", 1], {});
    const left = withValue(two, ["clauses", "one", "targets", 0], undefined);
    expect(valueAt(left, ["clauses", "one", "targets"])).toEqual([{}]);
  });
});

test("a problem stands at its field, and below it where that is asked for", () => {
  const problems = [{ path: "$.stays[0].parties[1]", what: "No such.", do: "Choose." }];
  expect(wrongAt(problems, ["stays", 0, "parties"])).toBeUndefined();
  expect(wrongAt(problems, ["stays", 0, "parties"], true)).toBe("No such. Choose.");
  expect(wrongAt(problems, ["stays", 0, "part"], true)).toBeUndefined();
});

describe("readings", () => {
  const flat = { words: "w", chosen_by: "a", modality: "prohibit", scope: {} };

  test("one is flat, more are by their ids, and back", () => {
    const readings = readingsOf(flat);
    expect(Object.keys(readings)).toEqual(["plain"]);
    const two = withReadings(flat, { ...readings, strict: { modality: "prohibit" } }, "plain");
    expect(two).toMatchObject({ words: "w", chosen: "plain" });
    expect(readingsOf(two)).toMatchObject({ strict: { modality: "prohibit" } });
    const { strict: _, ...left } = readingsOf(two);
    expect(withReadings(two, left, "strict")).toEqual(flat);
  });

  test("the chosen one is another when it is taken away", () => {
    const three = withReadings(flat, { a: {}, b: {}, c: {} }, "gone");
    expect(three.chosen).toBe("a");
  });

  test("their fields stand in the clause or under their id", () => {
    expect(readingPath(["clauses", "one"], { clauses: { one: flat } }, "plain")).toEqual([
      "clauses",
      "one",
    ]);
    const form = { clauses: { one: { readings: { a: {}, b: {} } } } };
    expect(readingPath(["clauses", "one"], form, "b")).toEqual(["clauses", "one", "readings", "b"]);
  });
});

test.each([
  [undefined, { kind: "never" }],
  ["2026-03-02", { kind: "instant", at: "2026-03-02" }],
  [
    { business_days: 10, after: "signed" },
    { kind: "period", count: "10", unit: "business_days", after: "signed", rolls: false },
  ],
  [
    { months: 6, after: "effective", rolls: true },
    { kind: "period", count: "6", unit: "months", after: "effective", rolls: true },
  ],
])("an end %j is read and written again", (value, ends) => {
  expect(endsAt(value)).toEqual(ends);
  expect(endsValue(endsAt(value))).toEqual(value);
});

test.each([
  ["2026-03-02", "2026-03-02T00:00"],
  ["2026-12-01T00:00:00-05:00", "2026-12-01T00:00"],
  ["soon", ""],
])("the instant %s stands in the browser's field as %s", (text, shown) => {
  expect(localTime(text)).toBe(shown);
});

test("a fresh name is free", () => {
  expect(freshName([])).toBe("one");
  expect(freshName(["one", "three"])).toBe("two");
});

test("what differs between two versions is told by its path", () => {
  const theirs = withValue(withValue(FORM, ["id"], "b"), ["clauses", "one", "words"], "v");
  expect(differences(FORM, theirs).map(written)).toEqual(["$.clauses.one.words", "$.id"]);
  expect(differences(FORM, FORM)).toEqual([]);
});
