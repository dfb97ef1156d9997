/** Temporary conversations; in all but their beginning and end they are like any other. */

import type { Client } from "./client";
import type { Conversation, Done, Offer, TemporaryEnded } from "./schema";

const TEMPORARY = "/api/temporary-conversations";

function one(id: string): string {
  return `${TEMPORARY}/${encodeURIComponent(id)}`;
}

export function fetchOffer(client: Client, signal?: AbortSignal): Promise<Offer> {
  return client.get(TEMPORARY, signal);
}

export function beginTemporary(client: Client): Promise<Conversation> {
  return client.send("POST", TEMPORARY);
}

export function endTemporary(client: Client, id: string): Promise<TemporaryEnded> {
  return client.send("DELETE", one(id));
}

export function keepTemporary(client: Client, id: string): Promise<Done> {
  return client.send("POST", `${one(id)}/keeping`);
}
