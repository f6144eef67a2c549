import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { contextFromTar } from "../../../../../../daemon/drivers/docker/images/context.ts";
import { packContext } from "../../../../../../scripts/context.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "nexora-context-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folder(name: string, fill: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(root, name);
  await mkdir(join(path, "rootfs/etc"), { recursive: true });
  await mkdir(join(path, "setup"));
  await mkdir(join(path, "runner"));
  await writeFile(join(path, "Dockerfile"), "FROM debian\n");
  await writeFile(join(path, "runner/main.ts"), name);
  await fill(path);
  return path;
}

async function pack(path: string): Promise<Uint8Array> {
  const runner = join(root, "runner");
  await writeFile(runner, "program");
  return packContext({ folder: path, runner });
}

test("the same content gives the same bytes, whenever and under whichever umask it was written", async () => {
  const one = await folder("one", async (path) => {
    await writeFile(join(path, "rootfs/etc/a"), "a");
    await writeFile(join(path, "rootfs/etc/b"), "b", { mode: 0o755 });
  });
  const two = await folder("two", async (path) => {
    await writeFile(join(path, "rootfs/etc/b"), "b");
    await chmod(join(path, "rootfs/etc/b"), 0o700);
    await writeFile(join(path, "rootfs/etc/a"), "a", { mode: 0o600 });
    await utimes(join(path, "rootfs/etc/a"), 1, 1);
  });
  expect(Buffer.compare(await pack(one), await pack(two))).toBe(0);
});

test("it holds the Dockerfile, the files and the runner, but not the runner's source", async () => {
  const path = await folder("three", async (it) => {
    await writeFile(join(it, "setup/finish"), "#!/bin/sh\n", { mode: 0o755 });
    await symlink("/run/x", join(it, "rootfs/etc/link"));
  });
  const entries: unknown[] = [];
  for await (const entry of Readable.from(await pack(path)).pipe(extract())) {
    const { name, type, mode, linkname } = entry.header;
    entries.push([name, type, mode?.toString(8), linkname ?? null]);
    entry.resume();
  }
  expect(entries).toEqual([
    ["Dockerfile", "file", "644", null],
    ["nexora-runner", "file", "755", null],
    ["rootfs", "directory", "755", null],
    ["rootfs/etc", "directory", "755", null],
    ["rootfs/etc/link", "symlink", "777", "/run/x"],
    ["setup", "directory", "755", null],
    ["setup/finish", "file", "755", null],
  ]);
});

test("a context gives its content whole, every time, and is named by its hash", async () => {
  const bytes = new Uint8Array(2_500_000).fill(7);
  const context = contextFromTar(bytes);
  for (const _ of [1, 2]) {
    expect(Buffer.compare(await buffer(context.tar() as Readable), bytes)).toBe(0);
  }
  expect(context.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(contextFromTar(Uint8Array.of(1)).hash).not.toBe(context.hash);
});
