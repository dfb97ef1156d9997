/** What the chat asks of the server about files. */

import type { Client } from "./client";
import type { BeginFile, Done, FileLine, FilePiece, ReadableFile } from "./schema";

function of(conversation: string): string {
  return `/api/conversations/${encodeURIComponent(conversation)}/files`;
}

function one(id: string): string {
  return `/api/files/${encodeURIComponent(id)}`;
}

export function fetchFiles(
  client: Client,
  conversation: string,
  signal?: AbortSignal,
): Promise<readonly FileLine[]> {
  return client.get(of(conversation), signal);
}

export function beginFile(client: Client, conversation: string, wanted: BeginFile) {
  return client.send<FileLine>("POST", of(conversation), wanted);
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

export function fetchFileText(
  client: Client,
  id: string,
  signal?: AbortSignal,
): Promise<ReadableFile> {
  return client.get(`${one(id)}/text`, signal);
}
