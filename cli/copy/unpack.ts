import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  fstatSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf } from "../../src/thrown.ts";
import { fileError, isFileError } from "../file-error.ts";
import { Descent } from "./descent.ts";
import type { Folder } from "./folder.ts";

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

export interface UnpackOptions {
  source: AsyncIterable<Uint8Array>;
  /** What nothing may escape from. */
  folder: Folder;
  /** Takes the place of the archive's one top name; null: what is below it goes to `folder`. */
  name: string | null;
  /** Told of what is left out, and why. */
  skipped: (name: string, why: string) => void;
}

/**
 * Unpacks a stranger's tar stream. Throws `action_failed` on a path that would leave the folder:
 * absolute, with `..`, or through a symbolic link, also one that is put there meanwhile. Links that
 * point out of the folder, devices and pipes are left out; mode bits above 0777 too.
 */
export async function unpackTree({ source, folder, name, skipped }: UnpackOptions): Promise<void> {
  const archive = extract();
  const feed = pipeline(Readable.from(source), archive);
  // Reported by the loop below, which it ends.
  feed.catch(() => {});
  using descent = new Descent(folder);
  for await (const entry of archive) {
    const { header } = entry;
    const place = placeOf(header.name, name);
    if (place !== null) {
      const content = entry as unknown as AsyncIterable<Uint8Array>;
      try {
        await write(header, content, place, { descent, name, skipped });
      } catch (error) {
        throw unwritten(header, folder, place, error);
      }
    }
    entry.resume();
  }
  await feed;
}

type Target = Pick<UnpackOptions, "name" | "skipped"> & { descent: Descent };

/** Where a thing goes: names of folders, one below the other, and its own. */
interface Place {
  folders: string[];
  entry: string;
}

/** The place below the folder for a name in the archive; null for the top folder's own entry. */
function placeOf(entryName: string, name: string | null): Place | null {
  const parts = entryName.split("/").filter((part) => part !== "" && part !== ".");
  if (/^\/|\0/.test(entryName) || parts.includes("..")) throw escaping(entryName);
  const [, ...below] = parts;
  const folders = name === null ? below : [name, ...below];
  const entry = folders.pop();
  return entry === undefined ? null : { folders, entry };
}

async function write(
  header: Header,
  content: AsyncIterable<Uint8Array>,
  { folders, entry }: Place,
  { descent, name, skipped }: Target,
): Promise<void> {
  const { type, linkname } = header;
  const mode = (header.mode ?? 0o644) & 0o777;
  if (type === "directory") {
    const folder = descent.reach(folders);
    const there = lstatSync(folder.at(entry), { throwIfNoEntry: false });
    if (there?.isSymbolicLink()) throw escaping(header.name);
    if (!there?.isDirectory()) mkdirSync(folder.at(entry), { mode: mode | 0o700 });
  } else if (type === "file" || type === "contiguous-file") {
    const folder = descent.reach(folders);
    await replace(folder, entry, (aside) => writeNew(aside, content, mode, header.mtime));
  } else if (type === "symlink") {
    const why = refusedLink(linkname ?? "", folders.length);
    if (why !== null) return skipped(header.name, why);
    await replace(descent.reach(folders), entry, (aside) => symlinkSync(linkname ?? "", aside));
  } else if (type === "link") {
    const original = openOriginal(header, placeOf(linkname ?? "", name), descent);
    try {
      const { mode, mtime } = fstatSync(original);
      const bytes = createReadStream("", { fd: original, autoClose: false, start: 0 });
      await replace(descent.reach(folders), entry, (aside) =>
        writeNew(aside, bytes, mode & 0o777, mtime),
      );
    } finally {
      closeSync(original);
    }
  } else {
    skipped(header.name, `it is a ${type}`);
  }
}

/** Makes a thing aside and renames it: its name stands for all of it, or for what was there before. */
async function replace(
  folder: Folder,
  entry: string,
  make: (aside: string) => Promise<void> | void,
): Promise<void> {
  const aside = folder.at(`.nexora-${crypto.randomUUID()}`);
  if (lstatSync(folder.at(entry), { throwIfNoEntry: false })?.isDirectory()) {
    throw new NexoraError(
      "conflict",
      `${folder.named(entry)} is a folder, so a file cannot replace it`,
    );
  }
  try {
    await make(aside);
    renameSync(aside, folder.at(entry));
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

async function writeNew(
  path: string,
  content: AsyncIterable<Uint8Array>,
  mode: number,
  mtime: Date | undefined,
): Promise<void> {
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    const file = createWriteStream("", { fd: descriptor, autoClose: false });
    await pipeline(Readable.from(content), file);
    if (mtime) futimesSync(descriptor, mtime, mtime);
  } finally {
    closeSync(descriptor);
  }
}

/** Opens the file of which a hard link is to be another name. */
function openOriginal({ name }: Header, place: Place | null, descent: Descent): number {
  if (place === null) throw escaping(name);
  const path = descent.reach(place.folders).at(place.entry);
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw escaping(name);
}

/**
 * Why a link so many folders down is left out; null when it may stay. `..` behind a name is refused:
 * the name may be a link, and then `..` is not where the text says, as in `d1 → .` and `x → d1/..`.
 * Without, a link leads from real folders to names, and those that are links were judged themselves.
 */
function refusedLink(to: string, depth: number): string | null {
  const parts = to.split("/").filter((part) => part !== "" && part !== ".");
  const up = parts.findIndex((part) => part !== "..");
  const ups = up < 0 ? parts.length : up;
  if (to === "" || to.includes("\0") || to.startsWith("/") || ups > depth) {
    return `it links to ${to}, outside the folder`;
  }
  return parts.includes("..", ups) ? `its link goes through other names and back, ${to}` : null;
}

/** ENOTDIR and ELOOP: there is a link or a file where a folder was expected, or a link in place of a file. */
function unwritten({ name }: Header, folder: Folder, place: Place, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "ENOTDIR" || code === "ELOOP") return escaping(name);
  // Else the stream broke off, or the user has had enough.
  if (!isFileError(error)) return error;
  return fileError("write", folder.named([...place.folders, place.entry].join("/")), error);
}

function escaping(name: string): NexoraError {
  return new NexoraError(
    "action_failed",
    `the workstation's archive contains ${JSON.stringify(name)}, which would be written outside the folder`,
    { hint: "do not trust what runs inside; nothing was written outside the folder" },
  );
}
