import { expect, test } from "vitest";

import { filled, placesOf, sought } from "../src/chat/prompts";

const PROMPT = { id: "prompt_1", shared_in: null, may_change: true };

test("places are told once each, in their order, and what is none is text", () => {
  expect(placesOf("Sum up {{ document }} in {{language}}, {{document}}.")).toEqual([
    "document",
    "language",
  ]);
  expect(placesOf("{{}} {{ }} {one} {{a}b}} $&")).toEqual([]);
});

test("places are filled in as they are written, and those without a value stay", () => {
  const values = new Map([
    ["document", "$& {{language}}"],
    ["language", ""],
  ]);
  expect(filled("{{ document }}: {{document}} / {{language}}", values)).toBe(
    "$& {{language}}: $& {{language}} / {{language}}",
  );
});

test("prompts are sought by name and text without case and accents, and stand by name", () => {
  const prompts = [
    { ...PROMPT, name: "Résumé 10", text: "Sum up." },
    { ...PROMPT, name: "Letter", text: "Write a RESUME letter." },
    { ...PROMPT, name: "Résumé 9", text: "Sum up." },
  ];
  const names = (query: string) => sought(prompts, query, "en").map(({ name }) => name);
  expect(names("")).toEqual(["Letter", "Résumé 9", "Résumé 10"]);
  expect(names(" resume ")).toEqual(["Letter", "Résumé 9", "Résumé 10"]);
  expect(names("sum up")).toEqual(["Résumé 9", "Résumé 10"]);
  expect(names("nothing")).toEqual([]);
});
