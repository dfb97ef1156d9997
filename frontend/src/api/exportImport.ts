/** Conversations as files: what is asked of the server. */

import type { Language } from "../i18n/language";
import type { Client } from "./client";
import type {
  ExportedFile,
  FilePreview,
  HowFar,
  ImportReport,
  ImportUndone,
  KeptImport,
  TakeConversations,
  Transcript,
} from "./schema";

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

const IMPORTS = "/api/conversation-imports";
/** What the server takes of one file at most. */
export const MOST_MEGABYTES = 50;
/** A large file is some time on its way, and thousands of conversations are some time coming in. */
const PATIENCE_MS = 600_000;

export function fetchImports(client: Client, signal?: AbortSignal): Promise<readonly KeptImport[]> {
  return client.get(IMPORTS, signal);
}

export function previewImport(
  client: Client,
  name: string,
  content: string,
): Promise<FilePreview> {
  return client.send("POST", `${IMPORTS}/preview`, { name, content }, PATIENCE_MS);
}

export function takeImport(client: Client, wanted: TakeConversations): Promise<ImportReport> {
  return client.send("POST", IMPORTS, wanted, PATIENCE_MS);
}

export function fetchImportProgress(client: Client, ticket: string): Promise<HowFar> {
  return client.get(`${IMPORTS}/progress?ticket=${encodeURIComponent(ticket)}`);
}

export function undoImport(client: Client, act: string): Promise<ImportUndone> {
  return client.send("POST", `${IMPORTS}/${encodeURIComponent(act)}/undoing`, {}, PATIENCE_MS);
}
