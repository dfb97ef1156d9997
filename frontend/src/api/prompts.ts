/** Prompts to use again: one's own and one's party's. */

import type { Client } from "./client";
import type { Done, Prompt, PromptLibrary, PromptWording } from "./schema";

const PROMPTS = "/api/chat/prompts";

function one(id: string): string {
  return `${PROMPTS}/${encodeURIComponent(id)}`;
}

export function fetchPrompts(client: Client, signal?: AbortSignal): Promise<PromptLibrary> {
  return client.get(PROMPTS, signal);
}

export function addPrompt(client: Client, wording: PromptWording): Promise<Prompt> {
  return client.send("POST", PROMPTS, wording);
}

export function changePrompt(client: Client, id: string, wording: PromptWording): Promise<Prompt> {
  return client.send("PUT", one(id), wording);
}

export function removePrompt(client: Client, id: string): Promise<Done> {
  return client.send("DELETE", one(id));
}

/** Undoes a removal. */
export function returnPrompt(client: Client, id: string): Promise<Prompt> {
  return client.send("POST", `${one(id)}/return`);
}
