/** Conversations as files: what is asked of the server. */

import type { Language } from "../i18n/language";
import type { Client } from "./client";
import type { ExportedFile, Transcript } from "./schema";

export type Form = "markdown" | "word" | "json";

/** All of one's conversations; the browser keeps the file as it comes. */
export const ARCHIVE = "/api/conversation-exports";

function of(conversation: string, what: string, query: Record<string, string | null>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null);
  const asked = new URLSearchParams(given).toString();
  return `/api/conversations/${encodeURIComponent(conversation)}/${what}?${asked}`;
}

export function fetchExport(
  client: Client,
  conversation: string,
  form: Form,
  lang: Language,
  through: string | null,
): Promise<ExportedFile> {
  return client.get(of(conversation, "export", { form, lang, through }));
}

export function fetchTranscript(
  client: Client,
  conversation: string,
  lang: Language,
  through: string | null,
  signal?: AbortSignal,
): Promise<Transcript> {
  return client.get(of(conversation, "transcript", { lang, through }), signal);
}
