// Writes every built file in brotli and gzip too, as small as they make it: a server that does it for
// each answer has no time for that. Smaller files are sent as they are: they fit into one packet.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const WORTH_COMPRESSING = 1_000;
const assets = process.argv[2];

for (const name of readdirSync(assets)) {
  const file = join(assets, name);
  const bytes = readFileSync(file);
  if (bytes.length >= WORTH_COMPRESSING) {
    writeFileSync(`${file}.br`, brotliCompressSync(bytes));
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
