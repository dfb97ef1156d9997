/**
 * Mathematics in what models write: `$…$` and `\(…\)` in a line, `$$…$$` and `\[…\]` by itself.
 *
 * These are tokens of `marked` beside its own, so that code keeps its dollar signs and a backslash
 * before a bracket is not lost as an escape. A dollar sign that a space follows, or that ends before
 * a digit, is money: *between $5 and $10*.
 */

import type { TokenizerExtension, Tokens } from "marked";

export interface MathsToken extends Tokens.Generic {
  type: "maths";
  /** TeX, without what marks it as such. */
  text: string;
  /** Whether it stands by itself. */
  display: boolean;
}

const DISPLAY = /^(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])/;
const INLINE =
  /^(?:\$(?![\s$])((?:\\[\s\S]|[^$\\\n])*?(?:\\[\s\S]|[^$\\\s]))\$(?!\d)|\\\((?!\))([\s\S]+?)\\\))/;
const BEGINS = /\$|\\[[(]/;

/** The tokenizers that `marked` is given. */
export const MATHS: TokenizerExtension[] = [
  {
    name: "maths",
    level: "block",
    start: (source) => begin(source, /\$\$|\\\[/),
    tokenizer(source) {
      const found = /^ {0,3}/.exec(source)?.[0] ?? "";
      const token = read(DISPLAY, source.slice(found.length), true);
      return token && { ...token, raw: found + token.raw };
    },
  },
  {
    name: "maths",
    level: "inline",
    start: (source) => begin(source, BEGINS),
    tokenizer: (source) => read(DISPLAY, source, true) ?? read(INLINE, source, false),
  },
];

function begin(source: string, pattern: RegExp): number | undefined {
  const place = source.search(pattern);
  return place === -1 ? undefined : place;
}

function read(pattern: RegExp, source: string, display: boolean): MathsToken | undefined {
  const found = pattern.exec(source);
  const text = (found?.[1] ?? found?.[2] ?? "").trim();
  return found === null || text === ""
    ? undefined
    : { type: "maths", raw: found[0], text, display };
}
