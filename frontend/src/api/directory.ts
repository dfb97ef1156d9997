/** The directory at the desk: its things, and the sets of edits that officers write. */

import { ACT_TIMEOUT_MS, type Client } from "./client";
import type { Form } from "./drafts";
import type { EditsPreviewed, Edit as ToldEdit, Thing as ToldThing, ToldSet } from "./schema";

export type { DirectoryShown, EditProblem, EditsPreviewed, Mention, ThingLine } from "./schema";
export type Kind = ToldEdit["kind"];

export const KINDS: readonly Kind[] = [
  "party",
  "issuer",
  "network",
  "vendor",
  "model",
  "route",
  "service",
  "binding",
];

export interface Edit extends Omit<ToldEdit, "form" | "was"> {
  form: Form | null;
  was: Form | null;
}

export interface EditSet extends Omit<ToldSet, "edits"> {
  edits: Omit<ToldSet["edits"], "edits"> & { edits: readonly Edit[] };
}

export interface Thing extends Omit<ToldThing, "form"> {
  form: Form;
}

const SETS = "/api/desk/directory/edits";
const at = (id: string) => `${SETS}/${encodeURIComponent(id)}`;

export function fetchThing(
  client: Client,
  kind: Kind,
  id: string,
  signal?: AbortSignal,
): Promise<Thing> {
  const query = new URLSearchParams({ kind, id }).toString();
  return client.get<Thing>(`/api/desk/directory/thing?${query}`, signal);
}

export const fetchSet = (client: Client, id: string, signal?: AbortSignal): Promise<EditSet> =>
  client.get<EditSet>(at(id), signal);

export const fetchEffects = (
  client: Client,
  id: string,
  signal?: AbortSignal,
): Promise<EditsPreviewed> => client.get<EditsPreviewed>(`${at(id)}/preview`, signal);

export const beginSet = (client: Client, edits: readonly Edit[]): Promise<EditSet> =>
  client.send<EditSet>("POST", SETS, { edits });

export const writeSet = (
  client: Client,
  id: string,
  version: number,
  edits: readonly Edit[],
): Promise<EditSet> => client.send<EditSet>("PUT", at(id), { version, edits });

/** Enters a set, or records it where one officer is enough; or confirms what another entered. */
export const settleSet = (
  client: Client,
  id: string,
  how: "entry" | "confirmation",
  version: number,
  seen: string,
): Promise<EditSet> =>
  client.send<EditSet>("POST", `${at(id)}/${how}`, { version, seen }, ACT_TIMEOUT_MS);

export const moveSet = (
  client: Client,
  id: string,
  how: "removal" | "restoration" | "taking-up" | "withdrawal",
  version: number,
): Promise<EditSet> => client.send<EditSet>("POST", `${at(id)}/${how}`, { version });

export const reverseSet = (client: Client, id: string): Promise<EditSet> =>
  client.send<EditSet>("POST", `${at(id)}/reversal`);
