/** Translations of texts and documents. */

import type { Client } from "./client";
import type {
  BeginTranslation,
  Done,
  EditSegment,
  JobSeen,
  TranslatedFile,
  TranslationShelf,
} from "./schema";

/** All of one's translations; the browser keeps the file as it comes. */
export const TRANSLATION_ARCHIVE = "/api/translation-exports";
const TRANSLATIONS = "/api/translations";
/** A large document is some time on its way, and some time being read. */
const PATIENCE_MS = 300_000;
/** What the server takes of one file at most. */
export const MOST_BYTES = 20_000_000;

function one(id: string): string {
  return `${TRANSLATIONS}/${encodeURIComponent(id)}`;
}

export function fetchTranslations(client: Client, signal?: AbortSignal): Promise<TranslationShelf> {
  return client.get(TRANSLATIONS, signal);
}

export function beginTranslation(client: Client, wanted: BeginTranslation): Promise<JobSeen> {
  return client.send("POST", TRANSLATIONS, wanted, PATIENCE_MS);
}

/** A translation with the segments that changed after a version; -1 for all of them. */
export function fetchTranslation(
  client: Client,
  id: string,
  after: number,
  signal?: AbortSignal,
): Promise<JobSeen> {
  return client.get(`${one(id)}?after=${after}`, signal);
}

export function editSegment(
  client: Client,
  id: string,
  number: number,
  edit: EditSegment,
): Promise<JobSeen> {
  return client.send("PUT", `${one(id)}/segments/${number}`, edit);
}

export function translateAgain(client: Client, id: string, number: number): Promise<JobSeen> {
  return client.send("POST", `${one(id)}/segments/${number}/again`);
}

export function stopTranslation(client: Client, id: string): Promise<JobSeen> {
  return client.send("POST", `${one(id)}/stop`);
}

export function goOnTranslating(client: Client, id: string): Promise<JobSeen> {
  return client.send("POST", `${one(id)}/going-on`);
}

export function fetchTranslated(client: Client, id: string): Promise<TranslatedFile> {
  return client.get(`${one(id)}/file`);
}

export function removeTranslation(client: Client, id: string): Promise<Done> {
  return client.send("DELETE", one(id));
}

/** Undoes a removal. */
export function returnTranslation(client: Client, id: string): Promise<Done> {
  return client.send("POST", `${one(id)}/return`);
}
