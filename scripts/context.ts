import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Pack, pack } from "tar-stream";

/** Parts of docker/workstation that the engine needs; the runner comes as a finished program. */
const parts = ["Dockerfile", "rootfs", "setup"];
const runnerName = "nexora-runner";

interface Entry {
  name: string;
  type: "file" | "directory" | "symlink";
  mode: number;
  content: Buffer;
  target: string;
}

/**
 * Packs the build context of the workstation image as a tar archive: the same bytes for the same
 * content, whatever the clock, the umask and the order of a folder's entries.
 */
export async function packContext(options: {
  /** docker/workstation. */
  folder: string;
  /** Path of the compiled runner. */
  runner: string;
  /** What comes from elsewhere: paths in the context and contents. */
  more?: readonly { name: string; content: Buffer }[];
}): Promise<Uint8Array> {
  const entries = await Promise.all(parts.map((part) => collect(options.folder, part)));
  const runner = { ...(await file(options.runner, runnerName)), mode: 0o755 };
  const more = withFolders(options.more ?? []);
  const archive = pack();
  const bytes = collectBytes(archive);
  for (const entry of [...entries.flat(), ...more, runner].toSorted(byName)) {
    const header = { name: entry.name, type: entry.type, mode: entry.mode, mtime: new Date(0) };
    if (entry.type === "symlink") archive.entry({ ...header, linkname: entry.target });
    else if (entry.type === "directory") archive.entry(header);
    else archive.entry(header, entry.content);
  }
  archive.finalize();
  return bytes;
}

async function collect(root: string, name: string): Promise<Entry[]> {
  const path = join(root, name);
  const found = (await stat(path)).isDirectory();
  if (!found) return [await file(path, name)];
  const children = await readdir(path, { withFileTypes: true });
  const nested = await Promise.all(
    children.map(async (child) => {
      const inner = `${name}/${child.name}`;
      if (!child.isSymbolicLink()) return collect(root, inner);
      const target = await readlink(join(root, inner));
      return [{ ...nothing, name: inner, type: "symlink" as const, mode: 0o777, target }];
    }),
  );
  return [{ ...nothing, name, type: "directory", mode: 0o755 }, ...nested.flat()];
}

/** Files with the folders that they are in, which an engine may make unreadable when they are not named. */
function withFolders(files: readonly { name: string; content: Buffer }[]): Entry[] {
  const folders = files.flatMap(({ name }) => {
    const words = name.split("/").slice(0, -1);
    return words.map((_, at) => words.slice(0, at + 1).join("/"));
  });
  return [
    ...[...new Set(folders)].map((name) => {
      return { ...nothing, name, type: "directory" as const, mode: 0o755 };
    }),
    ...files.map((each) => ({ ...nothing, type: "file" as const, mode: 0o644, ...each })),
  ];
}

const nothing = { content: Buffer.alloc(0), target: "" };

async function file(path: string, name: string): Promise<Entry> {
  const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
  return { ...nothing, name, type: "file", mode: mode & 0o100 ? 0o755 : 0o644, content };
}

function byName(a: Entry, b: Entry): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

async function collectBytes(archive: Pack): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of Readable.from(archive)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
