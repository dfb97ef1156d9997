/**
 * What models write, as Markdown blocks to draw.
 *
 * `marked` reads the text into tokens, and the page draws each token as an element of its own
 * (`pages/chat/Markdown`). No HTML is ever made from text: what looks like HTML is shown as it
 * was written, pictures are not loaded, and links lead only to the schemes below.
 */

import { Marked, type Token } from "marked";

import { MATHS } from "./maths";

const SCHEMES = new Set(["http:", "https:", "mailto:"]);
const NAMED: Record<string, string> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  nbsp: "\u00a0",
  quot: '"',
};

const READER = new Marked({ gfm: true, breaks: true, extensions: MATHS });

/** The blocks of a text, in order. */
export function blocksOf(text: string): Token[] {
  return READER.lexer(text);
}

/** An address that a link may lead to; null where it may not. */
export function safeAddress(address: string): string | null {
  try {
    const url = new URL(decodeEntities(address).trim());
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null; // relative, or none at all: an answer has no address to be relative to
  }
}

/** Character references as the characters that they stand for; unknown ones as written. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi, (whole, ...groups) => {
    const [decimal, hexadecimal, name] = groups as (string | undefined)[];
    if (name !== undefined) {
      return NAMED[name] ?? whole;
    }
    const point = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  });
}
