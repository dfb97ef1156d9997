/**
 * What the server says, in French. Its words are English: whole sentences, or sentences with gaps
 * that it fills (`There is no route {0}.`). A catalogue gives each sentence in French, with the same
 * gaps in any order, and the single words that fill some of them; a test holds it against every
 * sentence in the server's code.
 */

export interface SaidCatalogue {
  sentences: Record<string, string>;
  words: Record<string, string>;
}

/** The text in another language; null where the catalogue does not have all of it. */
export type Saying = (text: string) => string | null;

interface Pattern {
  shape: RegExp;
  said: string;
}

const GAP = /\{(\d)\}/g;
const BETWEEN_SENTENCES = /(?<=[.?!:]) /g;
/** Gaps may hold sentences with gaps; no sentence of ours goes deeper. */
const DEEPEST = 3;

export function saying({ sentences, words }: SaidCatalogue): Saying {
  const whole = new Map([...Object.entries(sentences), ...Object.entries(words)]);
  const patterns = Object.entries(sentences)
    .filter(([english]) => english.search(GAP) >= 0)
    .sort(([one], [other]) => fixed(other) - fixed(one))
    .map(([english, said]): Pattern => ({ shape: shapeOf(english), said }));

  function say(text: string, depth: number): string | null {
    return whole.get(text) ?? bySentence(text, depth) ?? byPattern(text, depth);
  }

  function bySentence(text: string, depth: number): string | null {
    for (const { index } of [...text.matchAll(BETWEEN_SENTENCES)].reverse()) {
      const head = text.slice(0, index);
      const said = whole.get(head) ?? byPattern(head, depth);
      const rest = said === null ? null : say(text.slice(index + 1), depth);
      if (said !== null && rest !== null) {
        return `${said} ${rest}`;
      }
    }
    return null;
  }

  function byPattern(text: string, depth: number): string | null {
    for (const { shape, said } of patterns) {
      const found = shape.exec(text);
      if (found !== null) {
        return said.replace(GAP, (_, gap: string) => gapOf(found.groups?.[`g${gap}`] ?? "", depth + 1));
      }
    }
    return null;
  }

  /** What stands in a gap: a sentence, a word, or several of them; names stay as they are. */
  function gapOf(text: string, depth: number): string {
    if (depth > DEEPEST) {
      return text;
    }
    const said = say(text, depth);
    if (said !== null) {
      return said;
    }
    const mark = text.includes("; ") ? "; " : ", ";
    const pieces = text.split(mark);
    return pieces.length === 1
      ? text
      : pieces.map((piece) => say(piece, depth) ?? piece).join(mark === "; " ? "\u00a0; " : mark);
  }

  return (text) => (text.trim() === "" ? text : say(text.trim(), 0));
}

/** How many characters of a sentence are its own: the more there are, the surer it is meant. */
function fixed(english: string): number {
  return english.replace(GAP, "").length;
}

function shapeOf(english: string): RegExp {
  const seen = new Set<string>();
  const source = english.split(GAP).map((piece, place) => {
    if (place % 2 === 0) {
      return piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    }
    if (seen.has(piece)) {
      return `\\k<g${piece}>`;
    }
    seen.add(piece);
    return `(?<g${piece}>.+?)`;
  });
  return new RegExp(`^${source.join("")}$`, "su");
}
