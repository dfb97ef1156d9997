/**
 * What the keyboard does in the chat beside the keys of its fields and buttons.
 *
 * Every shortcut has a modifier: a bare letter would be pressed by accident, and by those who speak
 * to their computer (WCAG 2.2, 2.1.4). Keys are those that bear the letter, wherever it stands on the
 * keyboard; where a modifier makes another sign of it (Option on a Mac), the key's place counts.
 */

export type Command =
  | "help"
  | "new"
  | "search"
  | "move"
  | "field"
  | "previous"
  | "next"
  | "copy"
  | "again"
  | "edit";

export interface Shortcut {
  command: Command;
  /** `event.key` in lower case. */
  key: string;
  /** The key's place on a keyboard that has the letter there: `event.code`. */
  code: string;
  modifiers: "ctrl" | "alt shift";
}

export const SHORTCUTS: readonly Shortcut[] = [
  { command: "new", key: "n", code: "KeyN", modifiers: "alt shift" },
  { command: "search", key: "f", code: "KeyF", modifiers: "alt shift" },
  { command: "move", key: "o", code: "KeyO", modifiers: "alt shift" },
  { command: "field", key: "m", code: "KeyM", modifiers: "alt shift" },
  { command: "previous", key: "arrowup", code: "ArrowUp", modifiers: "alt shift" },
  { command: "next", key: "arrowdown", code: "ArrowDown", modifiers: "alt shift" },
  { command: "copy", key: "c", code: "KeyC", modifiers: "alt shift" },
  { command: "again", key: "a", code: "KeyA", modifiers: "alt shift" },
  { command: "edit", key: "e", code: "KeyE", modifiers: "alt shift" },
  { command: "help", key: "/", code: "", modifiers: "ctrl" },
];

type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing"
>;

/** The command that a key gives; null where it gives none. */
export function commandOf(event: Pressed): Command | null {
  if (event.isComposing) {
    return null;
  }
  return SHORTCUTS.find((shortcut) => held(event, shortcut) && pressed(event, shortcut))?.command ?? null;
}

function held(event: Pressed, { modifiers }: Shortcut): boolean {
  return modifiers === "ctrl"
    ? (event.ctrlKey || event.metaKey) && !event.altKey // Shift: French keyboards need it for a slash
    : event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey;
}

function pressed(event: Pressed, { key, code }: Shortcut): boolean {
  const given = event.key.toLowerCase();
  return given === key || (code === event.code && !/^[a-z]$/.test(given));
}
