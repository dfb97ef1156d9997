import { expect, test } from "vitest";

import { cell } from "../src/pages/desk/reach/csv";

test.each([
  ["plain", '"plain"'],
  ['say "so", twice', '"say ""so"", twice"'],
  ["=HYPERLINK(1)", `"'=HYPERLINK(1)"`],
  ["-1", `"'-1"`],
])("the cell %s is written as %s", (text, written) => {
  expect(cell(text)).toBe(written);
});
