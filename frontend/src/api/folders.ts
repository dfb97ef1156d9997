/** Folders of conversations; the chat opens with those that there are. */

import type { Client } from "./client";
import type { Done, Folder } from "./schema";

const FOLDERS = "/api/chat/folders";

function one(id: string): string {
  return `${FOLDERS}/${encodeURIComponent(id)}`;
}

export function makeFolder(client: Client, name: string): Promise<Folder> {
  return client.send("POST", FOLDERS, { name });
}

export function renameFolder(client: Client, id: string, name: string): Promise<Folder> {
  return client.send("PATCH", one(id), { name });
}

export function removeFolder(client: Client, id: string): Promise<Done> {
  return client.send("DELETE", one(id));
}

/** Undoes a removal. */
export function returnFolder(client: Client, id: string): Promise<Folder> {
  return client.send("POST", `${one(id)}/return`);
}
