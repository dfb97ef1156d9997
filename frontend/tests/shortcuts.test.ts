import { describe, expect, test } from "vitest";

import { commandOf, SHORTCUTS } from "../src/chat/shortcuts";

const NOTHING = {
  key: "",
  code: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
};
const both = { altKey: true, shiftKey: true };

describe("a shortcut", () => {
  test.each([
    ["the letter", { key: "N", code: "KeyN", ...both }, "new"],
    ["the letter where another keyboard has it", { key: "A", code: "KeyQ", ...both }, "again"],
    ["the place, where Option makes a sign of it", { key: "Ç", code: "KeyC", ...both }, "copy"],
    ["an arrow", { key: "ArrowUp", code: "ArrowUp", ...both }, "previous"],
    ["Ctrl and the slash", { key: "/", code: "Slash", ctrlKey: true }, "help"],
    ["the slash of a French keyboard", { key: "/", code: "Period", ctrlKey: true, shiftKey: true }, "help"],
    ["Command on a Mac", { key: "/", code: "Slash", metaKey: true }, "help"],
  ])("is given by %s", (_, pressed, command) => {
    expect(commandOf({ ...NOTHING, ...pressed })).toBe(command);
  });

  test.each([
    ["a bare letter", { key: "n", code: "KeyN" }],
    ["Shift alone", { key: "N", code: "KeyN", shiftKey: true }],
    ["another letter in that place", { key: "Q", code: "KeyA", ...both }],
    ["AltGr", { key: "n", code: "KeyN", ...both, ctrlKey: true }],
    ["a word being composed", { key: "n", code: "KeyN", ...both, isComposing: true }],
    ["a bare slash", { key: "/", code: "Slash" }],
  ])("is not given by %s", (_, pressed) => {
    expect(commandOf({ ...NOTHING, ...pressed })).toBeNull();
  });

  test("always has a modifier, and none stands twice", () => {
    const keys = SHORTCUTS.map(({ key, modifiers }) => `${modifiers} ${key}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
