import { constants, createWriteStream } from "node:fs";
import { copyFile, lstat, mkdir, rename, rm, symlink, utimes } from "node:fs/promises";
import { dirname, join, normalize, relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { NexoraError } from "../../src/contract/errors.ts";

export interface UnpackOptions {
  source: AsyncIterable<Uint8Array>;
  /** Existing folder that nothing may escape. */
  folder: string;
  /** Takes the place of the archive's one top name; null: what is below it goes to `folder`. */
  name: string | null;
  /** Told of what is left out, and why. */
  skipped: (name: string, why: string) => void;
}

/**
 * Unpacks a stranger's tar stream. Throws `action_failed` on a path that would leave the folder:
 * absolute, with `..`, or through a symbolic link. Links that point out of the folder, devices
 * and pipes are left out; mode bits above 0777 too.
 */
export async function unpackTree({ source, folder, name, skipped }: UnpackOptions): Promise<void> {
  const archive = extract();
  const feed = pipeline(Readable.from(source), archive);
  // Reported by the loop below, which it ends.
  feed.catch(() => {});
  const root = resolve(folder);
  for await (const entry of archive) {
    const inside = placeOf(entry.header.name, name);
    const target = inside === null ? null : join(root, inside);
    const content = entry as unknown as AsyncIterable<Uint8Array>;
    if (target !== null) await write(entry.header, content, target, { root, name, skipped });
    entry.resume();
  }
  await feed;
}

type Place = Pick<UnpackOptions, "name" | "skipped"> & { root: string };

/** Path below the folder for a name in the archive; null for the top folder's own entry. */
function placeOf(entryName: string, name: string | null): string | null {
  const path = normalize(entryName);
  if (entryName.includes("\0") || path.startsWith(sep) || path.split(sep).includes("..")) {
    throw escaping(entryName);
  }
  const [, ...below] = path.split(sep).filter((part) => part !== "" && part !== ".");
  const parts = name === null ? below : [name, ...below];
  return parts.length === 0 ? null : join(...parts);
}

async function write(
  header: Header,
  content: AsyncIterable<Uint8Array>,
  target: string,
  place: Place,
): Promise<void> {
  await makeFolder(place.root, dirname(target));
  const mode = (header.mode ?? 0o644) & 0o777;
  const there = await lstat(target).catch(() => null);
  if (header.type === "directory") {
    if (!there?.isDirectory()) await mkdir(target, { mode: mode | 0o700 });
    return;
  }
  if (there?.isDirectory()) {
    throw new NexoraError("conflict", `${target} is a folder, so a file cannot replace it`);
  }
  if (header.type === "file" || header.type === "contiguous-file") {
    await replace(target, async (aside) => {
      const flags =
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      // The types know flags as text only; Node takes numbers as well.
      const file = createWriteStream(aside, { flags: flags as unknown as string, mode });
      await pipeline(Readable.from(content), file);
      if (header.mtime) await utimes(aside, header.mtime, header.mtime);
    });
  } else if (header.type === "symlink") {
    await link(header, target, place);
  } else if (header.type === "link") {
    const original = join(place.root, placeOf(header.linkname ?? "", place.name) ?? "");
    await makeFolder(place.root, dirname(original));
    if (!(await lstat(original)).isFile()) throw escaping(header.name);
    await replace(target, (aside) => copyFile(original, aside, constants.COPYFILE_EXCL));
  } else {
    place.skipped(header.name, `it is a ${header.type}`);
  }
}

/** Makes a file aside and renames it: its name stands for all of it, or for what was there before. */
async function replace(target: string, make: (aside: string) => Promise<void>): Promise<void> {
  const aside = join(dirname(target), `.nexora-${crypto.randomUUID()}`);
  try {
    await make(aside);
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function link(header: Header, target: string, { root, skipped }: Place): Promise<void> {
  const to = header.linkname ?? "";
  const path = relative(root, resolve(dirname(target), to));
  if (to === "" || to.startsWith(sep) || path === ".." || path.startsWith(`..${sep}`)) {
    return skipped(header.name, `it links to ${to}, outside the folder`);
  }
  if (goesBack(to))
    return skipped(header.name, `its link goes through other names and back, ${to}`);
  await replace(target, (aside) => symlink(to, aside));
}

/**
 * Whether a path has `..` behind a name. The name may be a link, and then `..` is not where the
 * text says: `d1 → .` and `x → d1/..` lead out. Without, a link leads from real folders to names,
 * and those that are links were judged themselves.
 */
function goesBack(path: string): boolean {
  const parts = path.split(sep).filter((part) => part !== "" && part !== ".");
  const name = parts.findIndex((part) => part !== "..");
  return name >= 0 && parts.includes("..", name);
}

/** Makes the folders from the root down, refusing to pass through a link or a file. */
async function makeFolder(root: string, folder: string): Promise<void> {
  let at = root;
  for (const part of relative(root, folder).split(sep).filter(Boolean)) {
    at = join(at, part);
    const there = await lstat(at).catch(() => null);
    if (there === null) await mkdir(at);
    else if (!there.isDirectory()) throw escaping(at);
  }
}

function escaping(name: string): NexoraError {
  return new NexoraError(
    "action_failed",
    `the workstation's archive contains ${JSON.stringify(name)}, which would be written outside the folder`,
    { hint: "do not trust what runs inside; nothing was written outside the folder" },
  );
}
