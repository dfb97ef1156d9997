/** What pages ask of the server about files. They stand in a conversation or in a collection. */

import type { Client } from "./client";
import type { BeginFile, Done, FileLine, FilePiece, OriginalFile, ReadableFile, StoredFile } from "./schema";

/** Where files stand: the address at which the server lists them. */
export type FilePlace = string & { readonly place: unique symbol };

export function ofConversation(id: string): FilePlace {
  return `/api/conversations/${encodeURIComponent(id)}/files` as FilePlace;
}

export function ofCollection(id: string): FilePlace {
  return `/api/collections/${encodeURIComponent(id)}/files` as FilePlace;
}

export function placeOfFile({ conversation, collection }: StoredFile): FilePlace {
  return typeof collection === "string" ? ofCollection(collection) : ofConversation(conversation ?? "");
}

function one(id: string): string {
  return `/api/files/${encodeURIComponent(id)}`;
}

export function fetchFiles(
  client: Client,
  place: FilePlace,
  signal?: AbortSignal,
): Promise<readonly FileLine[]> {
  return client.get(place, signal);
}

export function beginFile(client: Client, place: FilePlace, wanted: BeginFile) {
  return client.send<FileLine>("POST", place, wanted);
}

export function fetchFile(client: Client, id: string): Promise<FileLine> {
  return client.get(one(id));
}

/** A piece may go over a slow line. */
const PIECE_MS = 60_000;

export function sendPiece(client: Client, id: string, piece: FilePiece): Promise<FileLine> {
  return client.send("PUT", one(id), piece, PIECE_MS);
}

export function removeFile(client: Client, id: string): Promise<Done> {
  return client.send("DELETE", one(id));
}

export function fetchOriginal(
  client: Client,
  id: string,
  signal?: AbortSignal,
): Promise<OriginalFile> {
  return client.get(`${one(id)}/original`, signal);
}

/** Undoes taking a file of a collection away. */
export function returnFile(client: Client, id: string): Promise<FileLine> {
  return client.send("POST", `${one(id)}/return`);
}

export function fetchFileText(
  client: Client,
  id: string,
  signal?: AbortSignal,
): Promise<ReadableFile> {
  return client.get(`${one(id)}/text`, signal);
}
