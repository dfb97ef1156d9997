/** Collections of files that parties keep, and which of them a conversation asks. */

import type { Client } from "./client";
import type {
  AskedCollection,
  Collection,
  CollectionShelf,
  CollectionWording,
  Done,
} from "./schema";

const COLLECTIONS = "/api/collections";

function one(id: string): string {
  return `${COLLECTIONS}/${encodeURIComponent(id)}`;
}

function asked(conversation: string): string {
  return `/api/conversations/${encodeURIComponent(conversation)}/collections`;
}

export function fetchCollections(client: Client, signal?: AbortSignal): Promise<CollectionShelf> {
  return client.get(COLLECTIONS, signal);
}

export function makeCollection(client: Client, wording: CollectionWording): Promise<Collection> {
  return client.send("POST", COLLECTIONS, wording);
}

export function changeCollection(
  client: Client,
  id: string,
  wording: CollectionWording,
): Promise<Collection> {
  return client.send("PUT", one(id), wording);
}

export function removeCollection(client: Client, id: string): Promise<Done> {
  return client.send("DELETE", one(id));
}

/** Undoes a removal. */
export function returnCollection(client: Client, id: string): Promise<Collection> {
  return client.send("POST", `${one(id)}/return`);
}

export function fetchAsked(
  client: Client,
  conversation: string,
  signal?: AbortSignal,
): Promise<readonly AskedCollection[]> {
  return client.get(asked(conversation), signal);
}

export function askCollections(
  client: Client,
  conversation: string,
  collections: readonly string[],
): Promise<readonly AskedCollection[]> {
  return client.send("PUT", asked(conversation), { collections });
}
