/** Officers' drafts: what the forms hold, what they would do, and entering them. */

import { base64 } from "./base64";
import { ACT_TIMEOUT_MS, type Client } from "./client";
import type {
  Choices,
  OfficersDraft as Told,
  DraftPreviewed as ToldPreview,
  Entered,
  Source,
} from "./schema";

/** A form as JSON: fields by name, lists, texts, whole numbers. */
export type Form = { readonly [field: string]: unknown };

export interface Draft extends Omit<Told, "form"> {
  form: Form;
}

export type DraftPreview = ToldPreview;
export type Act = Told["act"];
export type { Choices, DraftProblem, StillBarred } from "./schema";

const DRAFTS = "/api/desk/drafts";

const at = (id: string) => `${DRAFTS}/${encodeURIComponent(id)}`;

/** Every draft that was not removed. All of these throw `AnswerError`. */
export const fetchDrafts = (client: Client, signal: AbortSignal): Promise<Draft[]> =>
  client.get<Draft[]>(DRAFTS, signal);

export const fetchDraft = (client: Client, id: string, signal?: AbortSignal): Promise<Draft> =>
  client.get<Draft>(at(id), signal);

/** What the forms choose from; of acts, what may be done to the order that is named. */
export function fetchChoices(
  client: Client,
  about: string | null,
  signal?: AbortSignal,
): Promise<Choices> {
  const query = about === null ? "" : `?about=${encodeURIComponent(about)}`;
  return client.get<Choices>(`/api/desk/choices${query}`, signal);
}

export const beginDraft = (client: Client, act: Act, about: string | null): Promise<Draft> =>
  client.send<Draft>("POST", DRAFTS, { act, about });

export const writeDraft = (
  client: Client,
  id: string,
  version: number,
  form: Form,
): Promise<Draft> => client.send<Draft>("PUT", at(id), { version, form });

export const settleDraft = (
  client: Client,
  id: string,
  what: "removal" | "restoration",
  version: number,
): Promise<Draft> => client.send<Draft>("POST", `${at(id)}/${what}`, { version });

export const previewDraft = (
  client: Client,
  id: string,
  atOnce: boolean,
  signal?: AbortSignal,
): Promise<DraftPreview> =>
  client.get<DraftPreview>(`${at(id)}/preview?at_once=${atOnce}`, signal);

export const enterDraft = (
  client: Client,
  id: string,
  entry: { version: number; at_once: boolean; seen: string },
): Promise<Entered> => client.send<Entered>("POST", `${at(id)}/entry`, entry, ACT_TIMEOUT_MS);

/** Keeps a text that a draft rests on, and tells how the form refers to it. */
export async function captureSource(
  client: Client,
  file: File,
  address: string,
  account: string,
): Promise<Source> {
  return await client.send<Source>("POST", "/api/desk/sources", {
    name: file.name,
    content: await base64(file),
    address,
    account: account === "" ? null : account,
  });
}
