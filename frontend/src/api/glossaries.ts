/** Glossaries that translations keep to. */

import type { Client } from "./client";
import type { Done, GlossaryLine, GlossaryShelf, ProposedGlossary } from "./schema";

const GLOSSARIES = "/api/glossaries";
/** What the server takes of one file at most. */
export const MOST_BYTES = 2_000_000;

export function fetchGlossaries(client: Client, signal?: AbortSignal): Promise<GlossaryShelf> {
  return client.get(GLOSSARIES, signal);
}

export function proposeGlossary(
  client: Client,
  name: string,
  content: string,
): Promise<ProposedGlossary> {
  return client.send("POST", GLOSSARIES, { name, content });
}

function one(id: string, deed: string): string {
  return `${GLOSSARIES}/${encodeURIComponent(id)}/${deed}`;
}

export function approveGlossary(client: Client, { id, seen }: GlossaryLine): Promise<GlossaryLine> {
  return client.send("POST", one(id, "approval"), { seen });
}

/** Undoes a removal; it is a proposal again. */
export function returnGlossary(client: Client, { id }: GlossaryLine): Promise<GlossaryLine> {
  return client.send("POST", one(id, "return"));
}

export function removeGlossary(client: Client, { id, seen }: GlossaryLine): Promise<Done> {
  return client.send("POST", one(id, "removal"), { seen });
}
