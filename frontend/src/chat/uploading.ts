/**
 * Sending a file in pieces. The server takes a piece only where the bytes before it ended: after
 * a lost connection it is asked how far the file is, and sending goes on from there.
 */

import { refusedWith } from "../api/asking";
import { base64 } from "../api/base64";
import type { Client } from "../api/client";
import { beginFile, fetchFile, sendPiece, type FilePlace } from "../api/attachments";
import type { FileLine } from "../api/schema";

const PIECE = 512 * 1024;
const AGAIN_MS = 2_000;

/** Sends a file, telling of every step, until the server has all of it. */
export async function upload(
  client: Client,
  place: FilePlace,
  file: File,
  tell: (line: FileLine) => void,
): Promise<void> {
  const wanted = { name: file.name, size: file.size, sha256: await digest(file) };
  let line = await beginFile(client, place, wanted);
  tell(line);
  while (line.file.state === "uploading") {
    const offset = line.file.received;
    try {
      const content = await base64(new File([file.slice(offset, offset + PIECE)], file.name));
      line = await sendPiece(client, line.file.id, { offset, content });
    } catch (error) {
      const refused = refusedWith(error);
      if (refused !== null && refused.detail?.code !== "offset") {
        throw error;
      }
      if (refused === null) {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
      line = await known(client, line);
    }
    tell(line);
  }
}

/** How far the server has it; as last known while the server does not answer. */
async function known(client: Client, line: FileLine): Promise<FileLine> {
  try {
    return await fetchFile(client, line.file.id);
  } catch (error) {
    if (refusedWith(error) !== null) {
      throw error;
    }
    return line;
  }
}

/** The SHA-256 in hexadecimal; nothing where the browser computes none (a page without TLS). */
async function digest(file: File): Promise<string> {
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    return "";
  }
  const bytes = new Uint8Array(await subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
