import { expect, test } from "vitest";

import { segments } from "../src/pages/desk/documents/marks";

test("a text is cut where marks begin and end, and is whole again", () => {
  const marks = [
    { id: "a", start: 4, end: 9, head: true },
    { id: "b", start: 6, end: 12, head: false },
    { id: "a", start: 20, end: 99, head: false },
  ];
  const text = "The quick brown fox jumps.";
  const found = segments(text, marks);
  expect(found.map(({ text: words }) => words).join("")).toBe(text);
  expect(found.map(({ ids }) => ids.join("+"))).toEqual(["", "a", "a+b", "b", "", "a"]);
  expect(found.map(({ begins }) => begins.length)).toEqual([0, 1, 0, 0, 0, 0]);
});

test("offsets count code points", () => {
  const [first, second] = segments("𝕏y𝕏", [{ id: "a", start: 1, end: 2, head: true }]);
  expect(first?.text).toBe("𝕏");
  expect(second).toEqual({ text: "y", ids: ["a"], begins: ["a"] });
});

test("a text without marks is one segment", () => {
  expect(segments("Nothing.", [])).toEqual([{ text: "Nothing.", ids: [], begins: [] }]);
});
