import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAddon } from "../../../../daemon/native/addon.ts";
import { sharpFiles } from "../../../../scripts/build/sharp.ts";

const root = join(import.meta.dir, "../../../..");
const files = sharpFiles(root).map((path) => ({ path, source: join(root, path) }));
let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "nexora-addon-"));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

test("sharp's addon loads from a cache folder that holds nothing else", async () => {
  expect(loadAddon(files, cache)).toHaveProperty("pipeline");
  const left = await readdir(cache, { recursive: true });
  expect(left.filter((name) => /\.\d+$/.test(name) && !/\.so\./.test(name))).toEqual([]);
});

test("a cache folder that cannot be written is named, with the next step", async () => {
  const blocked = join(cache, "file");
  await Bun.write(blocked, "in the way");
  expect(() => loadAddon(files, blocked)).toThrow(
    expect.objectContaining({
      code: "config_invalid",
      message: expect.stringContaining(blocked),
      hint: expect.stringContaining("XDG_CACHE_HOME"),
    }),
  );
});

test("a library that does not load is an error with the linker's own words", async () => {
  const source = join(cache, "broken.node");
  await Bun.write(source, "not a library");
  expect(() => loadAddon([{ path: "native/broken.node", source }], cache)).toThrow(
    expect.objectContaining({
      code: "config_invalid",
      message: expect.stringContaining("broken.node"),
      hint: expect.stringContaining("noexec"),
    }),
  );
});
