import { expect, test } from "vitest";

import { dayIn } from "../src/chat/shares";

test.each([
  ["America/New_York", "2026-02-27T04:59:59Z", 0, "2026-02-26"],
  ["America/New_York", "2026-02-27T05:00:00Z", 0, "2026-02-27"],
  ["Asia/Tokyo", "2026-02-26T15:00:00Z", 2, "2026-03-01"],
  ["America/New_York", "2026-03-07T17:00:00Z", 7, "2026-03-14"],
])("a day is the organisation's: %s %s + %i", (zone, instant, days, day) => {
  expect(dayIn(zone, instant, days)).toBe(day);
});
