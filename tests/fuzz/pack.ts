import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar-stream";
import { openLocal } from "../../cli/copy/local.ts";
import { packTree } from "../../cli/copy/pack.ts";
import { demand, pick, type Random } from "./target.ts";

const names = ["a", "b", "c", "ä", "n".repeat(200), " \n"] as const;

/**
 * What `cp` packs on the way in, while somebody changes the folder: what comes is an archive, or an
 * error, and never what links lead to.
 */
export async function fuzzPack(random: Random): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), "nexora-fuzz-"));
  try {
    const [tree, secret] = [join(base, "tree"), join(base, "secret")];
    for (const path of [tree, secret]) mkdirSync(path);
    for (const name of names) writeFileSync(join(secret, name), "secret");
    const change = () => quietly(() => changeSomething(tree, secret, random));
    for (let left = random(30); left > 0; left--) change();
    const { folder, entry } = openLocal(tree, new Set());
    using parent = folder;
    const archive = extract();
    const reading = read(archive);
    try {
      for await (const chunk of packTree({ folder: parent, entry, name: "t", skipped: () => {} })) {
        change();
        archive.write(chunk);
      }
      archive.end(undefined);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) throw error;
      archive.destroy(error as Error);
    }
    await reading;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

async function read(archive: ReturnType<typeof extract>): Promise<void> {
  try {
    for await (const entry of archive) {
      const content = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>));
      demand(!content.includes("secret"), () => `${entry.header.name} has the secret`);
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
  }
}

/** Never through a link, which would be ours to follow. */
function changeSomething(tree: string, secret: string, random: Random): void {
  const path = somewhere(tree, random);
  const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  const actions: [() => unknown, ...(() => unknown)[]] = [
    () => mkdirSync(path),
    () => writeFileSync(path, "plain".repeat(random(5000)), { flag: isFile ? "w" : "wx" }),
    () => symlinkSync(pick(random, [secret, join(secret, "a"), "."]), path),
    () => rmSync(path, { recursive: true }),
    () => renameSync(path, somewhere(tree, random)),
    () => isFile && truncateSync(path, random(3000)),
    () => random(20) === 0 && Bun.spawnSync(["mkfifo", path]),
  ];
  pick(random, actions)();
}

/** A name in the tree, in one of its real folders. */
function somewhere(tree: string, random: Random): string {
  let folder = tree;
  for (let depth = random(3); depth > 0; depth--) {
    const below = join(folder, pick(random, names));
    if (lstatSync(below, { throwIfNoEntry: false })?.isDirectory()) folder = below;
  }
  return join(folder, pick(random, names));
}

/** Most of what is tried cannot be done. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {}
}
