/** Sharing conversations inside a party, and reading what is shared. */

import type { Language } from "../i18n/language";
import type { Client } from "./client";
import type { BeginShare, Done, Share, SharedConversation } from "./schema";

const SHARES = "/api/shares";

function one(id: string): string {
  return `${SHARES}/${encodeURIComponent(id)}`;
}

export function fetchShares(client: Client, signal?: AbortSignal): Promise<readonly Share[]> {
  return client.get(SHARES, signal);
}

export function beginShare(
  client: Client,
  conversation: string,
  wanted: BeginShare,
): Promise<Share> {
  return client.send("POST", `/api/conversations/${encodeURIComponent(conversation)}/shares`, wanted);
}

export function endShare(client: Client, id: string): Promise<Done> {
  return client.send("DELETE", one(id));
}

/** Takes an end back. */
export function resumeShare(client: Client, id: string): Promise<Done> {
  return client.send("POST", `${one(id)}/return`);
}

export function fetchShared(
  client: Client,
  id: string,
  lang: Language,
  signal?: AbortSignal,
): Promise<SharedConversation> {
  return client.get(`/api/shared/${encodeURIComponent(id)}?lang=${lang}`, signal);
}
