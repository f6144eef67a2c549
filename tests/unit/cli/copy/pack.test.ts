import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLocalFolder } from "../../../../cli/copy/local.ts";
import { packTree } from "../../../../cli/copy/pack.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexora-pack-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["grows", 3_000_000, null],
  ["shrinks", 1000, "was changed while it was copied"],
])("a file that %s while it is packed", async (_, size, error) => {
  writeFileSync(join(folder, "f"), Buffer.alloc(2_000_000));
  using opened = openLocalFolder(folder, new Set());
  const options = { folder: opened, entry: "f", name: "f", skipped: () => {} };
  const packed = (async () => {
    let length = 0;
    for await (const chunk of packTree(options)) {
      if (length === 0) truncateSync(join(folder, "f"), size);
      length += chunk.length;
    }
    return length;
  })();
  // A header, the bytes, and the archive's end of two blocks, each in blocks of 512 bytes.
  if (error === null) expect(await packed).toBe(512 + Math.ceil(2_000_000 / 512) * 512 + 1024);
  else await expect(packed).rejects.toThrow(error);
});
