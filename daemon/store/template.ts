import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";

/** Unpacks a prepared data folder (tar, zstd) into a folder, which is made. */
export async function unpackTemplate(template: string, into: string): Promise<void> {
  const tar = await promisify(zstdDecompress)(await readFile(template));
  await new Bun.Archive(tar).extract(into);
}
