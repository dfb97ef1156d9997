import { createElement } from "react";
import { expect, test } from "vitest";

import { ManyField, SelectField, TextField } from "../src/parts/form/fields";
import { markup } from "./rendering";

const nothing = () => undefined;

test("a field's label, hint and fault are tied to its control", () => {
  const page = markup(
    createElement(TextField, {
      label: "Name",
      hint: "As it is written",
      wrong: "There is none.",
      required: true,
      value: "x",
      onChange: nothing,
    }),
    "en",
  );
  const id = /<input[^>]* id="([^"]+)"/.exec(page)?.[1] ?? "none";
  expect(page).toContain(`for="${id}"`);
  expect(page).toContain(`aria-describedby="${id}-hint ${id}-wrong"`);
  expect(page).toContain('aria-invalid="true"');
  expect(page).toContain("(required)");
});

test("a list may have no choice, and many may be ticked", () => {
  const options = [{ value: "a", text: "A" }];
  const select = markup(
    createElement(SelectField, { label: "One", value: "", none: "—", options, onChange: nothing }),
    "en",
  );
  expect(select).toContain("<option value=\"\" selected=\"\">—</option>");
  const many = markup(
    createElement(ManyField, { legend: "Several", options, chosen: ["a"], onChange: nothing }),
    "en",
  );
  expect(many).toMatch(/<input[^>]*checked=""/);
});
