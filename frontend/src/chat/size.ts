/**
 * Whether a message still fits its model, said before it is sent.
 *
 * As the server counts: four characters to a token, and room for the answer kept free. The page
 * does not know where an earlier fresh start was, so it may count too much, never too little;
 * the server decides.
 */

import type { Turn } from "../api/schema";

const CHARACTERS_PER_TOKEN = 4;
const ANSWER_TOKENS = 4096;
const NEAR = 0.8;

export interface Size {
  /** Estimated tokens of all that would be sent, and of the message alone. */
  tokens: number;
  own: number;
  /** How many the model takes beside its answer. */
  room: number;
  standing: "fits" | "near" | "over";
}

export function sizeOf(
  text: string,
  { turns, fresh, context }: { turns: readonly Turn[]; fresh: boolean; context: number },
): Size {
  const room = context - Math.min(ANSWER_TOKENS, Math.floor(context / 4));
  const own = tokensOf(text.length);
  const earlier = fresh ? 0 : turns.reduce((sum, turn) => sum + turn.text.length, 0);
  const tokens = tokensOf(text.length + earlier);
  const standing = tokens > room ? "over" : tokens > room * NEAR ? "near" : "fits";
  return { tokens, own, room, standing };
}

function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
