import { expect, test } from "vitest";

import { liesPast } from "../src/chat/knowledge";

const NOW = "2026-03-03T12:00:00Z";

test.each([
  ["What did the Council decide in February 2026?", true],
  ["What did it decide on February 26, 2026?", true],
  ["Qu’a décidé le Conseil en février 2026 ?", true],
  ["Was there a vote on 2026-02-26?", true],
  ["Who won the election of 2026?", true],
  ["What happened yesterday?", true],
  ["Résume les dernières nouvelles", true],
  ["What did it decide in March 2024?", false],
  ["What will happen in 2050?", false],
  ["What is planned for December 2026?", false],
  ["What is a demarche?", false],
  ["Invoice 2026.50 and model no. 12026", false],
  ["He spoke on 3 March 1999", false],
  ["Maybe may 5 be fine?", false],
])("%s lies past January 2025: %s", (question, past) => {
  expect(liesPast(question, "2025-01", NOW)).toBe(past);
});

test("nothing lies past a model that knows the present, or of which nobody says what it knows", () => {
  expect(liesPast("What happened yesterday?", "2026-03", NOW)).toBe(false);
  expect(liesPast("What happened yesterday?", "unknown", NOW)).toBe(false);
});
